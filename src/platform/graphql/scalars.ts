import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

/** Years that ISO 8601 writes with four digits; beyond them a text is no longer sortable or portable. */
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'An instant in UTC, ISO 8601 with milliseconds and Z, for example `2026-03-01T08:30:00.000Z`. ' +
    'Input needs an offset (`Z` or `+01:00`), may leave out the fraction of a second, and is kept to the millisecond; ' +
    'years run from 0001 to 9999.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: value => (value as Date).toISOString(),
  parseValue: parseInstant,
  parseLiteral: node => parseInstant(node.kind === Kind.STRING ? node.value : null),
});

export const Json = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description:
    'Any JSON value. Where it is an argument or a field, the description there says what it may hold.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: value => value,
  parseValue: value => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

function parseInstant(value: unknown): Date {
  const refusal = 'must be an instant in ISO 8601 with an offset, such as 2026-03-01T08:30:00Z';
  if (typeof value !== 'string' || !INSTANT.test(value)) throw new GraphQLError(refusal);
  let instant: Date;
  try {
    instant = GraphQLDateTimeISO.parseValue(value);
  } catch {
    throw new GraphQLError(refusal);
  }
  const time = instant.getTime();
  if (Number.isNaN(time) || time < FIRST_INSTANT || time > LAST_INSTANT) throw new GraphQLError(refusal);
  return instant;
}

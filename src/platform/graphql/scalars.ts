import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { INSTANT_EXPECTED, parseInstant } from '../instant';

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'An instant in UTC, ISO 8601 with milliseconds and Z, for example `2026-03-01T08:30:00.000Z`. ' +
    'Input needs an offset (`Z` or `+01:00`), may leave out the fraction of a second, and is kept to the millisecond; ' +
    'years run from 0001 to 9999.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: value => (value as Date).toISOString(),
  parseValue: instantOf,
  parseLiteral: node => instantOf(node.kind === Kind.STRING ? node.value : null),
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

function instantOf(value: unknown): Date {
  const instant = parseInstant(value);
  if (instant === null) throw new GraphQLError(INSTANT_EXPECTED);
  return instant;
}

import { type GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { Refusal } from '../errors';
import { type EdgeContext } from './edge';
import { JsonText } from '../graphql/json-text';
import { formatErrors } from './format-error';
import { type AnswerStep } from './operation-steps';

/**
 * Refuses an answer that is too long: one text, or one object of `additionalData`, can be asked for under many aliases, and
 * before it is sent an answer becomes one string in memory.
 */
export function limitedAnswers<C extends EdgeContext>(maxCharacters: number): AnswerStep<C> {
  return sent => limitAnswer(sent, maxCharacters);
}

/** How long a result is as JSON, escapes not counted; where it is more than `enough`, some length beyond that. */
export function lengthAsJson(result: unknown, enough: number): number {
  const lengths = new Map<object, number>();
  const lengthOf = (value: unknown): number => {
    if (value instanceof JsonText) {
      const { length } = value;
      return length <= enough ? length : lengthOf(value.value());
    }
    if (typeof value === 'string') return value.length + QUOTES;
    if (typeof value !== 'object' || value === null) return SCALAR;
    const known = lengths.get(value);
    if (known !== undefined) return known;
    let length = BRACKETS;
    if (Array.isArray(value)) {
      for (const item of value) {
        length += lengthOf(item) + COMMA;
        if (length > enough) break;
      }
    } else {
      // A list of entries for each object would take longer than all the rest. Answers inherit nothing that could be listed.
      for (const name in value) {
        length += name.length + NAME + lengthOf((value as Record<string, unknown>)[name]) + COMMA;
        if (length > enough) break;
      }
    }
    lengths.set(value, length);
    return length;
  };
  return lengthOf(result);
}

const QUOTES = 2;
const BRACKETS = 2;
const COMMA = 1;
/** The quotes and the colon of a name. */
const NAME = 3;
/** Numbers, `true`, `false` and `null`, one with another. */
const SCALAR = 4;

function limitAnswer<C extends EdgeContext>(
  { response, operation }: GraphQLRequestContextWillSendResponse<C>,
  max: number,
): void {
  if (response.body.kind !== 'single') return;
  const { data, errors = [] } = response.body.singleResult;
  const actual = lengthAsJson(data, max);
  if (actual <= max) return;
  const isMutation = operation?.operation === OperationTypeNode.MUTATION;
  response.body.singleResult = {
    errors: [...formatErrors([tooLong(max, actual, isMutation)]), ...errors],
  };
  response.http.status = isMutation ? 200 : 400;
}

function tooLong(max: number, actual: number, isMutation: boolean): Refusal {
  const done = isMutation ? ' The mutation itself has run: look up by id what it wrote.' : '';
  return new Refusal(
    'QUERY_TOO_COMPLEX',
    `The limit \`answerCharacters\` allows ${max} characters of an answer; here are at least ${actual}. ` +
      `Ask for fewer messages, or fewer of their fields, at a time.${done}`,
    { limit: 'answerCharacters', max, actual },
  );
}

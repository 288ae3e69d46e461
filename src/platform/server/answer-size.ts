import { type ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { Refusal } from '../errors';
import { type EdgeContext } from './edge';
import { formatErrors } from './format-error';

/**
 * Refuses an answer whose texts are too long in all: one text can be asked for under many aliases, and before it is sent an
 * answer becomes one string in memory.
 */
export function limitedAnswers<C extends EdgeContext>(maxCharacters: number): ApolloServerPlugin<C> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse({ response, operation }) {
          if (response.body.kind !== 'single') return Promise.resolve();
          const characters = charactersIn(response.body.singleResult.data, maxCharacters);
          if (characters <= maxCharacters) return Promise.resolve();
          const isWritten = operation?.operation === OperationTypeNode.MUTATION;
          response.body.singleResult = {
            errors: formatErrors([tooLong(maxCharacters, characters, isWritten)]),
          };
          response.http.status = isWritten ? 200 : 400;
          return Promise.resolve();
        },
      }),
  };
}

/** How many characters the texts of a result have in all; counting ends where it is more than `enough`. */
export function charactersIn(result: unknown, enough: number): number {
  let characters = 0;
  const left: unknown[] = [result];
  while (left.length > 0 && characters <= enough) {
    const value = left.pop();
    if (typeof value === 'string') characters += value.length;
    else if (typeof value === 'object' && value !== null)
      for (const part of Object.values(value)) left.push(part);
  }
  return characters;
}

function tooLong(max: number, actual: number, isWritten: boolean): Refusal {
  const written = isWritten ? ' What was asked for has been written.' : '';
  return new Refusal(
    'QUERY_TOO_COMPLEX',
    `The texts of the answer are longer than ${max.toLocaleString('en')} characters: ask for fewer messages, or fewer texts, at a time.${written}`,
    { limit: 'answerCharacters', max, actual },
  );
}

import { type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import { GraphQLError } from 'graphql';

/** What answers are written in. */
const TYPES = ['application/json', 'application/graphql-response+json'];

/**
 * Refuses who would take no answer before anything is done for them. Apollo finds out only when it has the answer:
 * a mutation would be carried out, and its caller told 406 as if it had not been.
 */
export function refuseUnacceptable<C extends BaseContext>(): ApolloServerPlugin<C> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ request }) =>
          takesAnswers(request.http?.headers.get('accept') ?? '')
            ? Promise.resolve()
            : Promise.reject(
                new GraphQLError('Answers are JSON, which the Accept header does not take.', {
                  extensions: { code: 'BAD_REQUEST', http: { status: 406 } },
                }),
              ),
      }),
  };
}

/** Whether an Accept header (RFC 9110, section 12.5.1) takes any of the types; an empty one takes all. */
function takesAnswers(header: string): boolean {
  if (header === '') return true;
  const ranges = header.toLowerCase().split(',').flatMap(readRange);
  return TYPES.some(type => {
    const [best] = ranges
      .filter(({ range }) => range === type || range === 'application/*' || range === '*/*')
      .sort((one, other) => other.precision - one.precision || other.weight - one.weight);
    return best !== undefined && best.weight > 0;
  });
}

interface MediaRange {
  readonly range: string;
  /** The most precise range that matches a type decides about it. */
  readonly precision: number;
  readonly weight: number;
}

/** Nothing where it asks for more than a type in UTF-8. */
function readRange(text: string): readonly MediaRange[] {
  const [range = '', ...parameters] = text.split(';').map(part => part.trim());
  const weight = parameters.find(parameter => parameter.startsWith('q='));
  const others = parameters.filter(parameter => parameter !== weight && parameter !== '');
  if (others.some(parameter => !/^charset="?utf-8"?$/.test(parameter))) return [];
  const precision = others.length + (range === '*/*' ? 0 : range.endsWith('/*') ? 2 : 4);
  return [{ range, precision, weight: weight === undefined ? 1 : Number(weight.slice(2)) }];
}

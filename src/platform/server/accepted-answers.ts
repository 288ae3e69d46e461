import { GraphQLError } from 'graphql';
import Negotiator from 'negotiator';
import { type EdgeContext } from './edge';
import { type ResolvedRequest } from './operation-steps';

/** What answers are written in; Apollo's own list, and its own judge below, so that the two never disagree. */
const TYPES = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
] as const;

/**
 * Chooses the type of the answer, and refuses who would take none before anything is done for them. Apollo finds out only
 * when it has the answer: a mutation would be carried out, and its caller told 406 as if it had not been.
 */
export function chooseAnswerType<C extends EdgeContext>({ request, response }: ResolvedRequest<C>): void {
  const type = typeFor(request.http?.headers.get('accept') ?? '');
  if (type === undefined) {
    throw new GraphQLError('Answers are JSON, which the Accept header does not take.', {
      extensions: { code: 'BAD_REQUEST', http: { status: 406 } },
    });
  }
  // Where it stands there, Apollo does not look for it again.
  response.http.headers.set('content-type', type);
}

/** The first of the types that an Accept header takes; an empty one takes all. */
function typeFor(accept: string): string | undefined {
  return accept === '' ? TYPES[0] : new Negotiator({ headers: { accept } }).mediaType([...TYPES]);
}

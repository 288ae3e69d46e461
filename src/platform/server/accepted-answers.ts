import { GraphQLError } from 'graphql';
import Negotiator from 'negotiator';
import { type EdgeContext } from './edge';
import { type ResolvedRequest } from './operation-steps';

/** What answers are written in; Apollo's own list, and its own judge below, so that the two never disagree. */
const TYPES = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];

/**
 * Refuses who would take no answer before anything is done for them. Apollo finds out only when it has the answer:
 * a mutation would be carried out, and its caller told 406 as if it had not been.
 */
export function refuseUnacceptable<C extends EdgeContext>({ request }: ResolvedRequest<C>): void {
  if (takesAnswers(request.http?.headers.get('accept') ?? '')) return;
  throw new GraphQLError('Answers are JSON, which the Accept header does not take.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 406 } },
  });
}

/** Whether an Accept header takes any of the types; an empty one takes all. */
function takesAnswers(accept: string): boolean {
  return accept === '' || new Negotiator({ headers: { accept } }).mediaType(TYPES) !== undefined;
}

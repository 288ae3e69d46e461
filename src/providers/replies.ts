import { type Outcome, type Reply } from './provider.kinds';

/** What a service is told in words: null for a success, else what was wrong. */
type Words = (problem: string | null) => string;

/**
 * The answer to a service that goes by the status: 200 when it need not send the request again, 403 without proof,
 * 503 when it is to come again.
 */
export function statusReply(outcome: Outcome, contentType: string, words: Words): Reply {
  const headers = { 'content-type': contentType };
  switch (outcome.kind) {
    case 'taken':
    case 'nothing':
      return { status: 200, headers, body: words(null) };
    case 'unproven':
      return { status: 403, headers, body: words('This request is not proven to be yours.') };
    case 'unavailable':
      return {
        status: 503,
        headers: { ...headers, 'retry-after': String(outcome.retryAfterSeconds) },
        body: words('Not now; please send it again.'),
      };
  }
}

/** The same to a service that reads no answer. */
export function bareReply(outcome: Outcome): Reply {
  return statusReply(outcome, 'text/plain; charset=utf-8', problem => problem ?? '');
}

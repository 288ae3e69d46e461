import { type GraphQLFormattedError } from 'graphql';
import { codeOf } from './format-error';

/** How HTTP says what a code says. */
export interface StatusLine {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Codes that speak of the whole request: proxies, load balancers and retrying clients look no further than HTTP. */
const WHOLE_REQUEST: Readonly<Record<string, StatusLine>> = {
  UNAUTHENTICATED: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
  FORBIDDEN: { status: 403, headers: {} },
  RATE_LIMITED: { status: 429, headers: { 'retry-after': '10' } },
  // Retry-After is in seconds: how long such a state lasts, as a rule.
  OVERLOADED: { status: 503, headers: { 'retry-after': '1' } },
  TIMEOUT: { status: 503, headers: { 'retry-after': '1' } },
  DATABASE_UNAVAILABLE: { status: 503, headers: { 'retry-after': '5' } },
  STORAGE_FULL: { status: 503, headers: { 'retry-after': '60' } },
};

/** The status of a request of which nothing was carried out, or nothing came back. */
export function wholeRequestStatus(errors: readonly GraphQLFormattedError[]): StatusLine | undefined {
  return errors.map(error => WHOLE_REQUEST[codeOf(error)]).find(line => line !== undefined);
}

/** The status of a request that was refused before anything ran. */
export function refusalStatus(errors: readonly GraphQLFormattedError[]): StatusLine {
  const isOurFault = errors.some(error => codeOf(error) === 'INTERNAL_SERVER_ERROR');
  return wholeRequestStatus(errors) ?? { status: isOurFault ? 500 : 400, headers: {} };
}

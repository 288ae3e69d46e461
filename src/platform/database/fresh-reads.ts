import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Whether the caller of a request has written something whose entry in the record of writes has an id above `mark`.
 * Only the store itself can answer that.
 */
export type HasWrittenSince = (mark: number) => Promise<boolean>;

/** A request whose reads may be answered by a copy of the store that lags behind, unless that hid what its caller wrote. */
export interface LenientRequest {
  readonly hasWrittenSince: HasWrittenSince;
  /** Turns when it begins to write: from then on the store itself answers it. */
  mustReadFresh: boolean;
}

const current = new AsyncLocalStorage<LenientRequest | null>();

/**
 * Lets the reads of the request that is running, from here on, come from a copy of the store. Where nobody has said so,
 * as for commands and for whoever shows a token, reads see everything that was acknowledged before them. On a store
 * without copies this changes nothing.
 */
export function allowLaggingReads(hasWrittenSince: HasWrittenSince): void {
  current.enterWith({ hasWrittenSince, mustReadFresh: false });
}

/** Runs `work`, whose reads must see everything that was acknowledged before them, whatever the request allows. */
export function withFreshReads<T>(work: () => T): T {
  return current.run(null, work);
}

/** Takes back for the rest of the request what it allowed. */
export function readFreshFromNow(): void {
  const request = current.getStore();
  if (request) request.mustReadFresh = true;
}

/** The request that is running, if its reads may come from a copy. */
export function lenientRequest(): LenientRequest | null {
  const request = current.getStore() ?? null;
  return request?.mustReadFresh === false ? request : null;
}

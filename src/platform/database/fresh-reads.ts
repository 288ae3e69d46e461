import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<true>();

/**
 * Runs `work`, whose reads must see everything that was acknowledged before them: no copy of the store that may lag
 * behind answers them. On a store without such copies this changes nothing.
 */
export function withFreshReads<T>(work: () => T): T {
  return current.run(true, work);
}

export function mustReadFresh(): boolean {
  return current.getStore() ?? false;
}

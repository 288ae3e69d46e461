import { AsyncLocalStorage } from 'node:async_hooks';
import { Refusal } from './errors';

const current = new AsyncLocalStorage<number>();

/**
 * Runs `work` with this many milliseconds to its end, or fewer where fewer were left already. Nothing is cut off by itself:
 * whatever waits, or takes long, asks how much is left.
 */
export function withDeadline<T>(timeoutMs: number, work: () => T): T {
  const atMs = performance.now() + Math.min(timeoutMs, remainingMs());
  return current.run(atMs, work);
}

/** The same for work that has earned time of its own: whatever deadline there was, it has this one. */
export function withNewDeadline<T>(timeoutMs: number, work: () => T): T {
  return current.run(performance.now() + timeoutMs, work);
}

/** Milliseconds that are left, 0 or less when none are; Infinity where nobody set a deadline. */
export function remainingMs(): number {
  const atMs = current.getStore();
  return atMs === undefined ? Infinity : atMs - performance.now();
}

/** @throws Refusal TIMEOUT when no time is left. */
export function requireTime(): void {
  if (remainingMs() <= 0) throw timedOut();
}

export function timedOut(): Refusal {
  return new Refusal('TIMEOUT', 'The request took too long and was stopped.');
}

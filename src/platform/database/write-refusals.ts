import { Refusal } from '../errors';

/** What a write is told that has to wait too long, or need not begin to wait; the same on both engines. */

export function writeTimedOut(): Refusal {
  return new Refusal('TIMEOUT', 'The write took too long and was stopped; nothing of it was written.');
}

export function writesOverloaded(): Refusal {
  return new Refusal('OVERLOADED', 'Too many writes are waiting; nothing was written. Try again shortly.');
}

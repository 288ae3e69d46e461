import { Refusal } from './errors';

/**
 * When work has to be done. Nothing is cut off by itself: whoever works for a request is handed its deadline, and whatever
 * waits, or takes long, asks how much is left.
 */
export class Deadline {
  /** None: the work takes as long as it takes. */
  static readonly NONE = new Deadline(Infinity);

  private constructor(
    /** On the clock of `performance.now()`. */
    private readonly atMs: number,
  ) {}

  /** So many milliseconds from now. */
  static in(timeoutMs: number): Deadline {
    return new Deadline(performance.now() + timeoutMs);
  }

  /** Milliseconds that are left, 0 or less when none are; Infinity where there is no deadline. */
  get remainingMs(): number {
    return this.atMs - performance.now();
  }

  /** So many milliseconds from now, or this one where it comes first. */
  sooner(timeoutMs: number): Deadline {
    return new Deadline(Math.min(this.atMs, performance.now() + timeoutMs));
  }

  /** @throws Refusal TIMEOUT when no time is left. */
  require(): void {
    if (this.remainingMs <= 0) throw timedOut();
  }
}

export function timedOut(): Refusal {
  return new Refusal('TIMEOUT', 'The request took too long and was stopped.');
}

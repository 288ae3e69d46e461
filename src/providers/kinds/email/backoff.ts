import { setTimeout as delay } from 'node:timers/promises';
import { type Logger } from 'pino';

/** How long to wait before the next try, in milliseconds. */
export interface Pace {
  /** Before the first; it doubles with each. */
  readonly first: number;
  readonly longest: number;
}

export const PACE: Pace = { first: 1000, longest: 5 * 60_000 };

/** A trouble that stays is told again after so many tries: at the longest pace, about once an hour. */
const TRIES_PER_LINE = 12;

/** What is tried until it succeeds: waits longer and longer, and tells of it once in a while. */
export class Backoff {
  private tries = 0;
  private told = '';

  constructor(
    private readonly pace: Pace,
    private readonly signal: AbortSignal,
    private readonly log: Logger,
    private readonly words: { readonly trouble: string; readonly over: string },
  ) {}

  /** Tells why, and waits; at once when stopped. */
  async after(why: string): Promise<void> {
    if (why !== this.told || this.tries % TRIES_PER_LINE === 0) {
      this.log.warn({ why, tries: this.tries + 1 }, this.words.trouble);
      this.told = why;
    }
    const ms = Math.min(this.pace.longest, this.pace.first * 2 ** Math.min(this.tries, 30));
    this.tries += 1;
    // Up to a quarter less, so that those who were cut off together do not come back together.
    await delay(ms * (1 - Math.random() / 4), undefined, { signal: this.signal }).catch(() => undefined);
  }

  /** It has succeeded. */
  reset(): void {
    if (this.tries > 0) this.log.info({ tries: this.tries }, this.words.over);
    this.tries = 0;
    this.told = '';
  }
}

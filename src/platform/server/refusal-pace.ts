/** How often, in milliseconds, refusals are answered. */
const TICK_MS = 10;

/** Each costs about 0.1 ms: a thousand a second leave nine tenths of a processor to those who were let in. */
const PER_TICK = 10;

/** However many there are, each is answered after this many ticks or soon after: 5 s. */
const MAX_TICKS = 500;

/**
 * Spreads refusals over time. Clients who ignore `Retry-After` ask again the moment that they are refused; answered at
 * once, 1,800 of them made 7,700 refusals a second and left 16 answers of 260 (measured). Few refusals go out at
 * once, many one after the other, first come first served, so that such clients wait instead of working the server.
 */
export class RefusalPace {
  private left = PER_TICK;
  private readonly waiting = new Set<() => void>();
  private ticking: NodeJS.Timeout | undefined;

  /** @returns when the next refusal may be answered. */
  turn(): Promise<void> {
    this.ticking ??= setInterval(() => this.tick(), TICK_MS).unref();
    if (this.left > 0) {
      this.left -= 1;
      return Promise.resolve();
    }
    return new Promise(resolve => this.waiting.add(resolve));
  }

  private tick(): void {
    const wasIdle = this.left === PER_TICK && this.waiting.size === 0;
    if (wasIdle) {
      clearInterval(this.ticking);
      this.ticking = undefined;
      return;
    }
    let answers = Math.max(PER_TICK, Math.ceil(this.waiting.size / MAX_TICKS));
    for (const answer of this.waiting) {
      if (answers === 0) break;
      answers -= 1;
      this.waiting.delete(answer);
      answer();
    }
    this.left = Math.min(answers, PER_TICK);
  }
}

import { type Logger } from 'pino';

/** How often, in milliseconds, the log hears of something that goes on. */
const TELL_EVERY_MS = 10_000;

/**
 * Counts what happens too often to be logged each time: under overload a line for every refused request would be a
 * load of its own. The log is told at once when it begins, then how often it happened since, for as long as it does.
 */
export class Tally {
  private count = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: Logger,
    private readonly what: string,
    /** What a line tells beside the count. */
    private readonly about: object = {},
  ) {}

  /** @param tellFirst what the log is told when it begins. @returns whether it begins. */
  add(tellFirst = (): void => this.tell(1)): boolean {
    const begins = this.timer === undefined;
    if (begins) {
      tellFirst();
      this.wait();
    } else this.count += 1;
    return begins;
  }

  private wait(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.count === 0) return;
      this.tell(this.count);
      this.count = 0;
      this.wait();
    }, TELL_EVERY_MS).unref();
  }

  private tell(count: number): void {
    this.log.warn({ ...this.about, count }, this.what);
  }
}

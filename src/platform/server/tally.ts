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
  ) {}

  add(): void {
    this.count += 1;
    if (this.timer === undefined) this.tell();
  }

  private tell(): void {
    this.timer = undefined;
    if (this.count === 0) return;
    this.log.warn({ count: this.count }, this.what);
    this.count = 0;
    this.timer = setTimeout(() => this.tell(), TELL_EVERY_MS).unref();
  }
}

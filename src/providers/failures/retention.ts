import { type Logger } from 'pino';
import { type Clock } from '../../platform/clock';
import { type FailureStore } from './failure.store';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Removes failures whose time is over, at the start and each hour. */
export class Retention {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly failures: FailureStore,
    private readonly clock: Clock,
    private readonly log: Logger,
    /** 1 to 3,650. */
    private readonly days: number,
  ) {}

  start(): void {
    this.running = this.removeOld();
    this.timer = setInterval(() => {
      this.running = this.removeOld();
    }, HOUR_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async removeOld(): Promise<void> {
    try {
      const before = new Date(this.clock.now().getTime() - this.days * DAY_MS);
      const removed = await this.failures.removeBefore(before);
      if (removed > 0) this.log.info({ removed }, 'failures of the intake were removed: their time was over');
    } catch (error) {
      // An hour later is soon enough, and a store that is away has told the log by itself.
      this.log.debug({ err: error }, 'failures of the intake could not be removed');
    }
  }
}

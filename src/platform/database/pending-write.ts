import { AsyncResource } from 'node:async_hooks';
import { remainingMs, requireTime } from '../deadline';
import { type UnitOfWork } from './unit-of-work';

/** A write that has been accepted: it waits, then it runs, then it is settled. It keeps its caller's context and time. */
export class PendingWrite<T> {
  readonly outcome: Promise<T>;
  /** Whether it shares its transaction with none. */
  isAlone = false;
  private readonly queuedAtMs = performance.now();
  private readonly caller = new AsyncResource('Write');
  private readonly timer: NodeJS.Timeout | undefined;
  private resolve!: (result: T) => void;
  private fail!: (error: unknown) => void;
  private result: { readonly value: T } | null = null;

  /** @param onLate is called when its time is over before it has run; it may have to be taken out of a queue. */
  constructor(
    private readonly work: (unit: UnitOfWork) => Promise<T>,
    onLate: () => void,
  ) {
    this.outcome = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.fail = reject;
    });
    const leftMs = remainingMs();
    if (leftMs !== Infinity) this.timer = setTimeout(onLate, leftMs);
  }

  get waitedMs(): number {
    return performance.now() - this.queuedAtMs;
  }

  /** What its caller's deadline leaves, in milliseconds. */
  get leftMs(): number {
    return this.caller.runInAsyncScope(remainingMs);
  }

  /** From here on its end is not its place in the queue any more, but what its statements find. */
  start(): void {
    clearTimeout(this.timer);
  }

  /** Does its work in its caller's context, and keeps the result until it is stored. */
  async run(within: (work: () => Promise<T>) => Promise<T>, unit: UnitOfWork): Promise<void> {
    this.result = { value: await this.caller.runInAsyncScope(() => within(() => this.work(unit))) };
  }

  /** @throws Refusal TIMEOUT when its caller's time is over. */
  requireTime(): void {
    this.caller.runInAsyncScope(requireTime);
  }

  /** Tells its caller the result: it is stored. */
  acknowledge(): void {
    if (this.result === null) throw new Error('A write is acknowledged that has not run.');
    this.resolve(this.result.value);
  }

  reject(error: unknown): void {
    clearTimeout(this.timer);
    this.fail(error);
  }
}

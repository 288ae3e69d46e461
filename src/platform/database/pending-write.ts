import { AsyncResource } from 'node:async_hooks';
import { remainingMs, requireTime, withNewDeadline } from '../deadline';
import { type UnitOfWork } from './unit-of-work';

/** Milliseconds for a write that was done in its time, and has to be done again. */
const AGAIN_MS = 5_000;

/** What has become of a write inside its transaction; its caller is told when that is in the store. */
type Fate<T> = { readonly result: T } | { readonly error: unknown };

/** A write that has been accepted: it waits, then it runs, then it is settled. It keeps its caller's context and time. */
export class PendingWrite<T> {
  readonly outcome: Promise<T>;
  private wasUndone = false;
  private readonly queuedAtMs = performance.now();
  private readonly caller = new AsyncResource('Write');
  private readonly timer: NodeJS.Timeout | undefined;
  private resolve!: (result: T) => void;
  private fail!: (error: unknown) => void;
  private fate: Fate<T> | null = null;

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

  /** What its deadline leaves, in milliseconds. */
  get leftMs(): number {
    return this.asCaller(remainingMs);
  }

  /** Whether it shares its transaction with none. */
  get isAlone(): boolean {
    return this.wasUndone;
  }

  /** From here on its end is not its place in the queue any more, but what its statements find. */
  start(): void {
    clearTimeout(this.timer);
  }

  /** Does its work in its caller's context, and keeps the result until it is stored. */
  async run(within: (work: () => Promise<T>) => Promise<T>, unit: UnitOfWork): Promise<void> {
    this.fate = { result: await this.asCaller(() => within(() => this.work(unit))) };
  }

  /** @throws Refusal TIMEOUT when its time is over. */
  requireTime(): void {
    this.asCaller(requireTime);
  }

  /** What it did has been undone; its caller is told why when what that was judged by is in the store. */
  refuse(error: unknown): void {
    this.fate = { error };
  }

  /** Others took what it did, or was refused by, with them: it runs once more, alone, and in time of its own. */
  undo(): void {
    this.fate = null;
    this.wasUndone = true;
  }

  /** Tells its caller what has become of it: that is in the store. */
  settle(): void {
    if (this.fate === null) throw new Error('A write is settled that has not run.');
    if ('error' in this.fate) this.fail(this.fate.error);
    else this.resolve(this.fate.result);
  }

  reject(error: unknown): void {
    clearTimeout(this.timer);
    this.fail(error);
  }

  private asCaller<R>(work: () => R): R {
    return this.caller.runInAsyncScope(() => (this.wasUndone ? withNewDeadline(AGAIN_MS, work) : work()));
  }
}

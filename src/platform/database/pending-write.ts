import { Deadline } from '../deadline';
import { type UnitOfWork } from './unit-of-work';

/** Milliseconds for a write that was done in its time, and has to be done again. */
const AGAIN_MS = 5_000;

/** What has become of a write inside its transaction; its caller is told when that is in the store. */
type Fate<T> = { readonly result: T } | { readonly error: unknown };

/** A write that has been accepted: it waits, then it runs, then it is settled. */
export class PendingWrite<T> {
  readonly outcome: Promise<T>;
  private wasUndone = false;
  private readonly queuedAtMs = performance.now();
  private readonly timer: NodeJS.Timeout | undefined;
  private resolve!: (result: T) => void;
  private fail!: (error: unknown) => void;
  private fate: Fate<T> | null = null;

  /** @param onLate is called when its time is over before it has run; it may have to be taken out of a queue. */
  constructor(
    private readonly work: (unit: UnitOfWork) => Promise<T>,
    private currentDeadline: Deadline,
    onLate: () => void,
  ) {
    this.outcome = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.fail = reject;
    });
    const { remainingMs } = currentDeadline;
    if (remainingMs !== Infinity) this.timer = setTimeout(onLate, remainingMs);
  }

  get waitedMs(): number {
    return performance.now() - this.queuedAtMs;
  }

  /** Its caller's, until it has to be done again. */
  get deadline(): Deadline {
    return this.currentDeadline;
  }

  /** Whether it shares its transaction with none. */
  get isAlone(): boolean {
    return this.wasUndone;
  }

  /** From here on its end is not its place in the queue any more, but what its statements find. */
  start(): void {
    clearTimeout(this.timer);
    if (this.wasUndone) this.currentDeadline = Deadline.in(AGAIN_MS);
  }

  /** Does its work, and keeps the result until it is stored. */
  async run(unit: UnitOfWork): Promise<void> {
    this.fate = { result: await this.work(unit) };
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
}

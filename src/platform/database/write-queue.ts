import { AsyncLocalStorage } from 'node:async_hooks';
import { type QueryRunner } from 'typeorm';
import { Refusal } from '../errors';
import { asDatabaseRefusal } from './database-errors';
import { type UnitOfWork } from './query';

/** Writes that may wait for their turn: at some 500 a second a caller would otherwise wait longer than it listens. */
const MAX_WAITING_WRITES = 1_000;

/**
 * How long, in milliseconds, a write waits behind others that could not reach the store before it is told the same: a
 * statement waits as long for another process that holds the file, and each of them would do so after the other.
 */
const VAIN_WAIT_MS = 5_000;

interface Joined {
  readonly unit: UnitOfWork;
  settled: boolean;
}

/**
 * The one way to write. TypeORM's SQLite driver shares one connection, and so one transaction, among all callers:
 * without this queue concurrent writes end up in each other's transaction and vanish with its rollback.
 *
 * A write is waiting, then running, then settled; one runs at a time. A write started inside a running one joins it.
 */
export class WriteQueue {
  private readonly current = new AsyncLocalStorage<Joined>();
  private tail: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  /** Why the store could not be reached last, until a write succeeds again: what those that waited behind it are told. */
  private lastFault: Refusal | null = null;

  constructor(private readonly runner: QueryRunner) {}

  async write<T>(work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    const joined = this.current.getStore();
    // What a write left running behind it must not slip into a transaction that is no longer its own.
    if (joined?.settled === false) return work(joined.unit);
    if (this.waiting >= MAX_WAITING_WRITES) throw overloaded();
    this.waiting += 1;
    const queuedAtMs = performance.now();
    const turn = this.tail.then(() => this.run(work, queuedAtMs)).finally(() => (this.waiting -= 1));
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when every write that was accepted so far has been settled. */
  async drain(): Promise<void> {
    await this.tail;
  }

  private async run<T>(work: (unit: UnitOfWork) => Promise<T>, queuedAtMs: number): Promise<T> {
    if (this.lastFault !== null && performance.now() - queuedAtMs > VAIN_WAIT_MS) throw this.lastFault;
    const unit: UnitOfWork = {
      query: (sql, parameters = []) => this.runner.query(sql, [...parameters]),
      manager: this.runner.manager,
    };
    const joined: Joined = { unit, settled: false };
    try {
      await this.begin();
      const result = await this.current.run(joined, () => work(unit));
      joined.settled = true;
      await this.runner.query('commit');
      this.lastFault = null;
      return result;
    } catch (error) {
      joined.settled = true;
      await this.rollBack();
      const told = asDatabaseRefusal(error);
      if (told instanceof Refusal && told.code === 'DATABASE_UNAVAILABLE') this.lastFault = told;
      throw told;
    } finally {
      this.markTransaction(false);
    }
  }

  private async begin(): Promise<void> {
    // "Immediate" takes the write lock now: a transaction that reads first and writes later could find itself stale.
    await this.runner.query('begin immediate');
    this.markTransaction(true);
  }

  private async rollBack(): Promise<void> {
    try {
      await this.runner.query('rollback');
    } catch {
      // SQLite has ended the transaction by itself (a full disk does that), or it never began.
    }
  }

  /** TypeORM cannot begin an immediate transaction, so it must be told of ours; else `save` would begin its own. */
  private markTransaction(active: boolean): void {
    (this.runner as { isTransactionActive: boolean }).isTransactionActive = active;
  }
}

function overloaded(): Refusal {
  return new Refusal('OVERLOADED', 'Too many writes are waiting; nothing was written. Try again shortly.');
}

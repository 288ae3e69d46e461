import { AsyncLocalStorage } from 'node:async_hooks';
import { type QueryRunner } from 'typeorm';
import { Refusal } from '../errors';
import { asDatabaseRefusal } from './database-errors';
import { type UnitOfWork } from './query';

/** Writes that may wait for their turn: at some 500 a second a caller would otherwise wait longer than it listens. */
const MAX_WAITING_WRITES = 1_000;

/**
 * The one way to write. TypeORM's SQLite driver shares one connection, and so one transaction, among all callers:
 * without this queue concurrent writes end up in each other's transaction and vanish with its rollback.
 *
 * A write is waiting, then running, then settled; one runs at a time. A write started inside a running one joins it.
 */
export class WriteQueue {
  private readonly current = new AsyncLocalStorage<UnitOfWork>();
  private tail: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly runner: QueryRunner) {}

  async write<T>(work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    const joined = this.current.getStore();
    if (joined !== undefined) return work(joined);
    if (this.waiting >= MAX_WAITING_WRITES) {
      throw new Refusal('OVERLOADED', 'Too many writes are waiting; try again shortly.');
    }
    this.waiting += 1;
    const turn = this.tail.then(() => this.run(work)).finally(() => (this.waiting -= 1));
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when every write that was accepted so far has been settled. */
  async drain(): Promise<void> {
    await this.tail;
  }

  private async run<T>(work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    try {
      await this.begin();
      const unit: UnitOfWork = {
        query: (sql, parameters = []) => this.runner.query(sql, [...parameters]),
        manager: this.runner.manager,
      };
      const result = await this.current.run(unit, () => work(unit));
      await this.runner.query('commit');
      return result;
    } catch (error) {
      await this.rollBack();
      throw asDatabaseRefusal(error);
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

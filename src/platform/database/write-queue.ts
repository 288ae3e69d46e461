import { AsyncLocalStorage } from 'node:async_hooks';
import { remainingMs, requireTime } from '../deadline';
import { Refusal } from '../errors';
import { type Connection } from './connection';
import { type Connections } from './connections';
import { BUSY_TIMEOUT_MS } from './data-source';
import { type UnitOfWork } from './unit-of-work';
import { Transaction } from './transaction';
import { writesOverloaded, writeTimedOut } from './write-refusals';

/** Writes that may wait for their turn: at some 500 a second a caller would otherwise wait longer than it listens. */
const MAX_WAITING_WRITES = 1_000;

/**
 * The one way to write. TypeORM's SQLite driver shares one connection, and so one transaction, among all callers:
 * without this queue concurrent writes end up in each other's transaction and vanish with its rollback.
 *
 * A write is waiting, then running, then settled; one runs at a time. A write started inside a running one joins it.
 * One whose time is over is refused with TIMEOUT while it waits or runs, and nothing of it stays; from the commit on it
 * has all the time that it needs.
 */
export class WriteQueue {
  private readonly current = new AsyncLocalStorage<Transaction>();
  /** Why the store could not be reached last, until a write succeeds again: what those that waited behind it are told. */
  private lastFault: Refusal | null = null;

  constructor(private readonly connections: Connections) {}

  async write<T>(work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    const joined = this.current.getStore();
    // What a write left running behind it must not slip into a transaction that is no longer its own.
    if (joined?.isOver === false) return work(joined);
    const { writers } = this.connections;
    if (writers.waiting >= MAX_WAITING_WRITES) throw writesOverloaded();
    const queuedAtMs = performance.now();
    const writer = await writers.take().catch(() => {
      throw writeTimedOut();
    });
    try {
      return await this.run(writer, work, performance.now() - queuedAtMs);
    } finally {
      writers.give(writer);
    }
  }

  private async run<T>(
    writer: Connection,
    work: (unit: UnitOfWork) => Promise<T>,
    waitedMs: number,
  ): Promise<T> {
    try {
      await this.connections.requireFile();
      const result = await this.carryOut(writer, work, this.patienceMs(waitedMs));
      this.connections.confirmFile();
      this.lastFault = null;
      return result;
    } catch (error) {
      const told = this.connections.tell(error);
      if (told instanceof Refusal && told.code === 'DATABASE_UNAVAILABLE') this.lastFault = told;
      throw told instanceof Refusal && told.code === 'TIMEOUT' ? writeTimedOut() : told;
    }
  }

  /**
   * How long this write waits for another process that holds the file, in milliseconds. Behind writes that could not
   * reach the store its wait has begun already: otherwise each of them would wait as long after the other.
   */
  private patienceMs(waitedMs: number): number {
    const restMs = this.lastFault === null ? BUSY_TIMEOUT_MS : BUSY_TIMEOUT_MS - waitedMs;
    if (this.lastFault !== null && restMs <= 0) throw this.lastFault;
    return Math.min(restMs, remainingMs());
  }

  private async carryOut<T>(
    writer: Connection,
    work: (unit: UnitOfWork) => Promise<T>,
    patienceMs: number,
  ): Promise<T> {
    const transaction = new Transaction(writer);
    try {
      writer.waitForOthers(patienceMs);
      // "Immediate" takes the write lock now: a transaction that reads first and writes later could find itself stale.
      await writer.query('begin immediate', [], Infinity);
      writer.markTransaction(true);
      const result = await this.current.run(transaction, () => work(transaction));
      await transaction.finish();
      transaction.requireWhole();
      requireTime();
      await writer.query('commit', [], Infinity);
      return result;
    } catch (error) {
      await transaction.finish();
      await this.rollBack(writer);
      throw error;
    } finally {
      writer.markTransaction(false);
    }
  }

  private async rollBack(writer: Connection): Promise<void> {
    try {
      await writer.query('rollback', [], Infinity);
    } catch (error) {
      // As a rule the transaction never began, or SQLite has ended it by itself.
      this.connections.tell(error);
    }
  }
}

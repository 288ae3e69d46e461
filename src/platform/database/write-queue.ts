import { type Deadline } from '../deadline';
import { Refusal } from '../errors';
import { type Connection } from './connection';
import { type Connections } from './connections';
import { BUSY_TIMEOUT_MS } from './data-source';
import { PendingWrite } from './pending-write';
import { type UnitOfWork } from './unit-of-work';
import { Transaction } from './transaction';
import { writesOverloaded, writeTimedOut } from './write-refusals';

/** Writes that may wait for their turn: at some 500 a second a caller would otherwise wait longer than it listens. */
const MAX_WAITING_WRITES = 1_000;

/**
 * Writes that share one commit, and milliseconds after which none joins any more: the first of them waits for the last.
 * A commit waits for the disk, and writes pages that most writes touch; of sixteen callers at once each is answered sooner
 * for sharing it.
 */
const MAX_SHARING = 64;
const SHARED_FOR_MS = 20;

type AnyWrite = PendingWrite<unknown>;

/**
 * The one way to write. TypeORM's SQLite driver shares one connection, and so one transaction, among all callers:
 * without this queue concurrent writes end up in each other's transaction and vanish with its rollback.
 *
 * A write is waiting, then running, then stored or not, then settled; one runs at a time. Those that wait while one runs
 * share its commit, each in a savepoint of its own, so that what one of them throws undoes that one alone; none is
 * answered before the commit. Where SQLite ended the transaction by itself under one of them, the others run again, each
 * alone and in time of its own: work must not do anything that the store does not take back. One whose time is over is
 * refused with TIMEOUT while it waits or runs, and nothing of it stays; from the commit on it has all the time that it
 * needs.
 */
export class WriteQueue {
  /** In the order in which they came. */
  private readonly waiting = new Set<AnyWrite>();
  private serving: Promise<void> | null = null;
  /** Why the store could not be reached last, until a write succeeds again: what those that waited behind it are told. */
  private lastFault: Refusal | null = null;

  constructor(private readonly connections: Connections) {}

  async write<T>(work: (unit: UnitOfWork) => Promise<T>, deadline: Deadline): Promise<T> {
    if (this.waiting.size >= MAX_WAITING_WRITES) throw writesOverloaded();
    if (deadline.remainingMs <= 0) throw writeTimedOut();
    const write = new PendingWrite(work, deadline, () => {
      if (this.waiting.delete(write as AnyWrite)) write.reject(writeTimedOut());
    });
    this.waiting.add(write as AnyWrite);
    this.serving ??= this.serve();
    return write.outcome;
  }

  /** When no accepted write is waiting or running. */
  async settled(): Promise<void> {
    while (this.serving !== null) await this.serving;
  }

  private async serve(): Promise<void> {
    const { writers } = this.connections;
    try {
      while (this.waiting.size > 0) {
        const writer = await writers.take(Infinity);
        try {
          await this.runTogether(writer);
        } finally {
          // Between two transactions whoever else needs the connection gets it: to mend it, or to close it.
          writers.give(writer);
        }
      }
    } finally {
      this.serving = null;
    }
  }

  private next(): AnyWrite | undefined {
    const [write] = this.waiting;
    if (write === undefined) return undefined;
    this.waiting.delete(write);
    write.start();
    return write;
  }

  /** One transaction: the write that has waited longest, and those that come to wait behind it. */
  private async runTogether(writer: Connection): Promise<void> {
    const first = this.next();
    if (first === undefined) return;
    const beganAtMs = performance.now();
    try {
      await this.begin(writer, first);
      await this.carryOut(writer, first);
    } catch (error) {
      await this.rollBack(writer);
      first.reject(this.told(error));
      return;
    }
    const together = [first];
    try {
      let mayFollow = !first.isAlone;
      while (mayFollow && together.length < MAX_SHARING && performance.now() - beganAtMs < SHARED_FOR_MS) {
        const write = this.next();
        if (write === undefined) break;
        mayFollow = await this.carryOutBeside(writer, write, `write_${String(together.length)}`);
        together.push(write);
      }
      await writer.query('commit', [], Infinity);
      writer.markTransaction(false);
      this.connections.confirmFile();
      this.lastFault = null;
      for (const write of together) write.settle();
    } catch (error) {
      await this.rollBack(writer);
      if (error instanceof LostTransaction) this.runAgain(together);
      else for (const write of together) write.reject(this.told(error));
    }
  }

  private async begin(writer: Connection, first: AnyWrite): Promise<void> {
    await this.connections.requireFile();
    writer.waitForOthers(this.patienceMs(first));
    // "Immediate" takes the write lock now: a transaction that reads first and writes later could find itself stale.
    await writer.query('begin immediate', [], Infinity);
    writer.markTransaction(true);
  }

  private async carryOut(writer: Connection, write: AnyWrite): Promise<void> {
    const transaction = new Transaction(writer, write.deadline);
    try {
      await write.run(transaction);
    } finally {
      await transaction.finish();
    }
    transaction.requireWhole();
    write.deadline.require();
  }

  /**
   * Refused or not, its caller is told after the commit: what refused it may be what those before it have written.
   * @param savepoint a name that no other write of the transaction has: theirs stay open around this one, and to go back to one
   * that was never made must fail, not take a write before it along. The commit releases them all; to release each by itself
   * took one of four turns of the driver's threads that a small write takes.
   * @returns whether another may follow.
   * @throws LostTransaction where it took those before it with it; then its caller has been told.
   */
  private async carryOutBeside(writer: Connection, write: AnyWrite, savepoint: string): Promise<boolean> {
    try {
      await writer.query(`savepoint ${savepoint}`, [], Infinity);
      await this.carryOut(writer, write);
      return true;
    } catch (error) {
      write.refuse(this.told(error));
      try {
        await writer.query(`rollback to ${savepoint}`, [], Infinity);
      } catch {
        write.settle();
        throw new LostTransaction();
      }
      // After a statement that failed nobody knows what the next would meet.
      return error instanceof Refusal;
    }
  }

  /** Before those that have come meanwhile. */
  private runAgain(writes: readonly AnyWrite[]): void {
    const later = [...this.waiting];
    this.waiting.clear();
    for (const write of writes) {
      write.undo();
      this.waiting.add(write);
    }
    for (const write of later) this.waiting.add(write);
  }

  /**
   * How long a write waits for another process that holds the file, in milliseconds. Behind writes that could not
   * reach the store its wait has begun already: otherwise each of them would wait as long after the other.
   */
  private patienceMs({ waitedMs, deadline }: AnyWrite): number {
    const restMs = this.lastFault === null ? BUSY_TIMEOUT_MS : BUSY_TIMEOUT_MS - waitedMs;
    if (this.lastFault !== null && restMs <= 0) throw this.lastFault;
    return Math.min(restMs, deadline.remainingMs);
  }

  /** What the caller of a write is told of what was thrown. */
  private told(error: unknown): unknown {
    const told = this.connections.tell(error);
    if (told instanceof Refusal && told.code === 'DATABASE_UNAVAILABLE') this.lastFault = told;
    return told instanceof Refusal && told.code === 'TIMEOUT' ? writeTimedOut() : told;
  }

  private async rollBack(writer: Connection): Promise<void> {
    try {
      await writer.query('rollback', [], Infinity);
    } catch (error) {
      // As a rule the transaction never began, or SQLite has ended it by itself.
      this.connections.tell(error);
    } finally {
      writer.markTransaction(false);
    }
  }
}

/** SQLite has ended a transaction by itself: it does so when the disk is full, or when a write is stopped in the middle. */
class LostTransaction extends Error {
  constructor() {
    super('SQLite has ended the transaction by itself.');
  }
}

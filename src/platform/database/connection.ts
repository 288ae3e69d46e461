import { type Database as Handle } from 'sqlite3';
import { DataSource, type DataSourceOptions, type EntityManager, type QueryRunner } from 'typeorm';
import { type SqliteDriver } from 'typeorm/driver/sqlite/SqliteDriver';
import { timedOut } from '../deadline';
import { resultCode } from './database-errors';
import { takenApart } from './gathered';
import { OpenFile } from './open-file';
import { type SqlValue } from './query';

/**
 * How often a statement that is out of time is interrupted until it ends, in milliseconds: between the preparing of a
 * statement and its first step SQLite finds nothing to interrupt, and forgets that it was asked to.
 */
const INTERRUPT_EVERY_MS = 20;

/**
 * One connection to the store. Its user sees to it that one statement runs at a time: of several, each would hold a
 * thread of the pool, and an interrupt would hit them all.
 */
export class Connection {
  /** TypeORM's half: it outlives the handles below, and so do the metadata and subscribers that hang on it. */
  readonly source: DataSource;
  private runner: QueryRunner;
  private file: OpenFile | null = null;

  /** @param prepare sets up what has just been opened; where it throws, the file was not opened. */
  constructor(
    options: DataSourceOptions,
    private readonly prepare: (source: DataSource) => Promise<unknown>,
  ) {
    this.source = new DataSource(options);
    this.runner = this.source.createQueryRunner();
  }

  get manager(): EntityManager {
    return this.runner.manager;
  }

  /**
   * Opens the file at the path. What was open before is let go of afterwards, so that the last connection to a damaged
   * file never closes on the way: SQLite would write the WAL back into it.
   * @throws the driver's error, or that of `prepare`; what was open before is still open then.
   */
  async open(): Promise<void> {
    const former = this.file;
    await (this.source.isInitialized ? this.driver.connect() : this.source.initialize());
    this.file = new OpenFile(this.driver.databaseConnection as Handle);
    try {
      await this.prepare(this.source);
    } catch (error) {
      await this.file.close();
      this.file = former;
      this.driver.databaseConnection = former?.handle;
      throw error;
    }
    await former?.close();
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = null;
    // A migration that failed may leave TypeORM's runner believing for ever that a transaction is open.
    delete this.driver.queryRunner;
    this.runner = this.source.createQueryRunner();
  }

  /**
   * Runs one statement; one that is still running when the time is over is stopped.
   * @param leftMs Infinity for a statement that must not be cut off.
   * @throws Refusal TIMEOUT, or the driver's error.
   */
  async query<Row>(sql: string, parameters: readonly SqlValue[] | undefined, leftMs: number): Promise<Row[]> {
    if (leftMs <= 0) throw timedOut();
    if (this.file === null) throw new Error('The connection is not open.');
    const stop = leftMs === Infinity ? undefined : this.interruptAfter(leftMs);
    try {
      return takenApart(sql, await this.file.all<Row>(sql, parameters ?? []));
    } catch (error) {
      throw resultCode(error) === 'SQLITE_INTERRUPT' ? timedOut() : error;
    } finally {
      stop?.();
    }
  }

  /** How long, in milliseconds, statements wait from now on for another process that holds the file. */
  waitForOthers(patienceMs: number): void {
    this.file?.handle.configure('busyTimeout', Math.max(0, Math.floor(patienceMs)));
  }

  /** TypeORM cannot begin an immediate transaction, so it must be told of ours; else `save` would begin its own. */
  markTransaction(active: boolean): void {
    (this.runner as { isTransactionActive: boolean }).isTransactionActive = active;
  }

  private get driver(): SqliteDriver {
    return this.source.driver as SqliteDriver;
  }

  private interruptAfter(leftMs: number): () => void {
    const interrupt = (): void => {
      this.file?.handle.interrupt();
      timer = setTimeout(interrupt, INTERRUPT_EVERY_MS);
    };
    let timer = setTimeout(interrupt, leftMs);
    return () => clearTimeout(timer);
  }
}

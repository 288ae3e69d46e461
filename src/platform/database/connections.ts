import { type Deadline } from '../deadline';
import { Refusal } from '../errors';
import { type Connection } from './connection';
import { asDatabaseRefusal, isLasting, unavailable } from './database-errors';
import { type SqlValue } from './query';
import { refuseFormerWal, requireWritable, type Standing, standingAt, storeAt } from './store-file';
import { Turns } from './turns';

/** How often, in milliseconds, a store in trouble is opened anew at most. */
const REOPEN_EVERY_MS = 1_000;

/**
 * The connections to the store: one that writes, and those that only read. They are on one file, and what counts is the
 * file at the path, not the one that happens to be open:
 *
 * - Sound: the file at the path is the one that is open.
 * - Lost: nothing stands at the path (the folder is gone, the volume unmounted). Reads are answered from the open file,
 *   which holds all that was ever acknowledged; writes are refused, because nobody would find them again.
 * - Replaced: another file stands at the path (a restored backup). All connections are closed, then opened on it; it is
 *   checked as at a start, and never made.
 * - In doubt: a statement failed in a way that may stick to its connection. All are opened anew on the same file. Where
 *   that fails, they stay as they are, so that reads are answered where they can be; writes are refused, because what a
 *   connection still remembers would let it write into a damaged file.
 * - Closed: the file at the path could not be opened; all is refused.
 *
 * In the last three the next use tries again, at most once a second. Opening anew takes every place: the writer's
 * first, so that no transaction is cut in two.
 */
export class Connections {
  readonly writers: Turns<Connection>;
  private readonly readers: Turns<Connection>;
  private readonly all: readonly Connection[];
  private opened: Standing;
  private inDoubt = false;
  private closed: Refusal | null = null;
  private unwritable: Refusal | null = null;
  private triedAtMs = -Infinity;
  private mending: Promise<void> | null = null;

  private constructor(
    private readonly file: string,
    writer: Connection,
    readers: readonly Connection[],
    private readonly onReplaced: () => void,
  ) {
    this.writers = new Turns([writer]);
    this.readers = new Turns(readers);
    this.all = [writer, ...readers];
    this.opened = standingAt(file);
  }

  /** @throws Refusal DATABASE_UNAVAILABLE, or what preparing a connection throws. Nothing is left open then. */
  static async open(
    file: string,
    writer: Connection,
    readers: readonly Connection[],
    onReplaced: () => void,
  ): Promise<Connections> {
    const connections = new Connections(file, writer, readers, onReplaced);
    await connections.openAll();
    return connections;
  }

  /** Whether what is open is what stands at the path, and nothing is known to be wrong with it. */
  get isSound(): boolean {
    return this.closed === null && !this.inDoubt && storeAt(this.file) === this.opened.store;
  }

  /** Reads with the next connection that is free. */
  async read<Row>(
    sql: string,
    parameters: readonly SqlValue[] | undefined,
    deadline: Deadline,
  ): Promise<Row[]> {
    await this.mendUnlessWriting();
    const reader = await this.readers.take(deadline.remainingMs);
    try {
      if (this.closed !== null) throw this.closed;
      return await reader.query<Row>(sql, parameters, deadline.remainingMs);
    } catch (error) {
      throw this.tell(error);
    } finally {
      this.readers.give(reader);
    }
  }

  /**
   * For whoever has the writer's place, before a transaction: mends what can be mended.
   * @throws Refusal DATABASE_UNAVAILABLE unless what is written now will be in the file at the path.
   */
  async requireFile(): Promise<void> {
    if (this.isMendingDue(standingAt(this.file))) await this.mend();
    const refusal = this.closed ?? this.unwritable;
    if (refusal !== null) throw refusal;
    this.confirmFile();
  }

  /** The same after a commit. @throws Refusal DATABASE_UNAVAILABLE: what was committed may be lost. */
  confirmFile(): void {
    const now = standingAt(this.file);
    if (isSame(now, this.opened)) return;
    throw unavailable(
      new Error(
        now.store === null ? `There is no file at ${this.file}.` : `${this.file} is another file now.`,
      ),
    );
  }

  /** Takes note of a failed statement. @returns what its caller is told. */
  tell(error: unknown): unknown {
    this.inDoubt ||= isLasting(error);
    return asDatabaseRefusal(error);
  }

  /** Waits for accepted writes and running reads, then lets go of the file for good. */
  async close(): Promise<void> {
    const writer = await this.writers.take(Infinity);
    const readers = await this.takeReaders();
    await this.letGo();
    this.closed = unavailable(new Error('The store is closed.'));
    this.triedAtMs = Infinity;
    for (const reader of readers) this.readers.give(reader);
    this.writers.give(writer);
  }

  /**
   * A read never waits for a transaction, not even for this: the next one after it mends instead. It does wait for the
   * mending: a part of a request would slip through to what its other parts find replaced.
   */
  private async mendUnlessWriting(): Promise<void> {
    if (this.mending !== null) return this.mending;
    if (!this.isMendingDue({ ...this.opened, store: storeAt(this.file) })) return;
    const writer = this.writers.takeNow();
    if (writer === undefined) return;
    try {
      await this.mend();
    } finally {
      this.writers.give(writer);
    }
  }

  private isMendingDue(now: Standing): boolean {
    const isWell = this.closed === null && !this.inDoubt && isSame(now, this.opened);
    return !isWell && now.store !== null && performance.now() - this.triedAtMs >= REOPEN_EVERY_MS;
  }

  /** By whoever has the writer's place. What it meets is told by the statements that follow. */
  private async mend(): Promise<void> {
    this.triedAtMs = performance.now();
    this.mending = this.mendAlone();
    try {
      await this.mending;
    } finally {
      this.mending = null;
    }
  }

  private async mendAlone(): Promise<void> {
    const readers = await this.takeReaders();
    try {
      if (this.closed === null && isSame(standingAt(this.file), this.opened)) await this.renew();
      else await this.replace();
    } finally {
      for (const reader of readers) this.readers.give(reader);
    }
  }

  private async renew(): Promise<void> {
    try {
      requireWritable(this.file);
      for (const connection of this.all) await connection.open();
      this.settle(null, null);
    } catch (error) {
      this.settle(null, asUnavailable(error));
    }
  }

  private async replace(): Promise<void> {
    try {
      if (this.closed === null) await this.letGo();
      refuseFormerWal(this.file, this.opened);
      const former = this.opened.store;
      await this.openAll();
      this.settle(null, null);
      if (this.opened.store !== former) this.onReplaced();
    } catch (error) {
      this.settle(asUnavailable(error), null);
    }
  }

  private settle(closed: Refusal | null, unwritable: Refusal | null): void {
    this.closed = closed;
    this.unwritable = unwritable;
    this.inDoubt = unwritable !== null;
  }

  private async openAll(): Promise<void> {
    requireWritable(this.file);
    this.opened = standingAt(this.file);
    try {
      for (const connection of this.all) await connection.open();
    } catch (error) {
      for (const connection of this.all) await connection.close();
      throw asDatabaseRefusal(error);
    }
    // Opening makes the files beside it; the file itself is the one that was there before.
    this.opened = { ...standingAt(this.file), store: this.opened.store };
  }

  /** Writes the WAL back first, so that it is empty, and harmless to whatever store will lie beside it. */
  private async letGo(): Promise<void> {
    const [writer, ...readers] = this.all;
    for (const reader of readers) await reader.close();
    try {
      await writer?.query('pragma wal_checkpoint(truncate)', [], Infinity);
    } catch {
      // A full disk, or nothing open: what is in the WAL stays there, and the next start reads it.
    }
    await writer?.close();
  }

  private async takeReaders(): Promise<readonly Connection[]> {
    const taken: Connection[] = [];
    while (taken.length < this.all.length - 1) taken.push(await this.readers.take(Infinity));
    return taken;
  }
}

function asUnavailable(error: unknown): Refusal {
  return error instanceof Refusal ? error : unavailable(error);
}

function isSame(one: Standing, other: Standing): boolean {
  return one.store === other.store && one.wal === other.wal && one.shm === other.shm;
}

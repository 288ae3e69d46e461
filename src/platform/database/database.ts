import { type EntityMetadata, type EntitySubscriberInterface } from 'typeorm';
import { Connections } from './connections';
import { type Dialect } from './dialect';
import { type Model, readerConnection, writerConnection } from './data-source';
import { pendingMigrations, prepareStore } from './migrate';
import { makeFile } from './place';
import { type Query, type SqlValue } from './query';
import { type UnitOfWork } from './unit-of-work';
import { spendReading } from '../reading-budget';
import { GATHERED, sqliteDialect } from './sqlite-dialect';
import { WriteQueue } from './write-queue';

/** The store, as everything outside this folder sees it: there is one way to read and one way to write. */
export interface Database {
  /** Whether there was no file, and an empty store was made: an operator who expected one should know. */
  readonly isNew: boolean;
  readonly dialect: Dialect;
  /** Reads what is committed. Each statement sees one moment of the store. */
  readonly read: Query;
  /** Runs `work` as one transaction, after those that came before it; what it throws rolls it back. */
  write<T>(work: (unit: UnitOfWork) => Promise<T>): Promise<T>;
  /** TypeORM's knowledge of an entity: its table, columns and transformers. */
  metadata(entity: new () => object): EntityMetadata;
  /** Whether the store is where it should be, answers, and has every migration. */
  isReady(): Promise<boolean>;
  /** Waits for accepted writes, then lets go of the file. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Path of the SQLite file; its folder is made when it is not there. */
  readonly file: string;
  readonly model: Model;
  readonly subscribers: readonly EntitySubscriberInterface[];
  /** Told when another file was opened in place of the one that was open. */
  readonly onReplaced?: (() => void) | undefined;
}

/**
 * Each runs one statement at a time. Three keep two cores busy while an answer is being written (with two, a page took
 * 8 % more of the processor), and leave one of the four threads of Node's pool to the writer.
 */
const READERS = 3;

/** @throws Error when the file is no store of this release; Refusal when it cannot be reached. */
export async function openDatabase({
  file,
  model,
  subscribers,
  onReplaced = () => undefined,
}: DatabaseOptions): Promise<Database> {
  const isNew = makeFile(file);
  let isFirst = true;
  const writer = writerConnection(file, model, async source => {
    // Later the store may be another one, but never an empty one: that would be its end.
    await prepareStore(source, isFirst);
    isFirst = false;
  });
  const readers = Array.from({ length: READERS }, () => readerConnection(file));
  const connections = await Connections.open(file, writer, readers, onReplaced);
  writer.source.subscribers.push(...subscribers);
  const queue = new WriteQueue(connections);
  const read: Query = async <Row>(sql: string, parameters?: readonly SqlValue[]) => {
    const rows = await connections.read<Row>(sql, parameters);
    // Whoever takes the cells out of it counts them.
    if (!sql.startsWith(GATHERED)) spendReading(rows);
    return rows;
  };
  return {
    dialect: sqliteDialect,
    isNew,
    read,
    write: work => queue.write(work),
    metadata: entity => writer.source.getMetadata(entity),
    isReady: async () => {
      try {
        return (await pendingMigrations(read, writer.source)).length === 0 && connections.isSound;
      } catch {
        return false;
      }
    },
    close: async () => {
      await queue.settled();
      await connections.close();
    },
  };
}

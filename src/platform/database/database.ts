import { DataSource, type EntityMetadata, type EntitySubscriberInterface } from 'typeorm';
import { asDatabaseRefusal } from './database-errors';
import { type Model, readerOptions, writerOptions } from './data-source';
import { migrate, pendingMigrations } from './migrate';
import { makeFile } from './place';
import { type Query, type UnitOfWork } from './query';
import { WriteQueue } from './write-queue';

/** The store, as everything outside this folder sees it: there is one way to read and one way to write. */
export interface Database {
  /** Reads what is committed. Each statement sees one moment of the store. */
  readonly read: Query;
  /** Runs `work` as one transaction, after those that came before it; what it throws rolls it back. */
  write<T>(work: (unit: UnitOfWork) => Promise<T>): Promise<T>;
  /** TypeORM's knowledge of an entity: its table, columns and transformers. */
  metadata(entity: new () => object): EntityMetadata;
  /** Whether the store answers and has every migration. */
  isReady(): Promise<boolean>;
  /** Waits for accepted writes, then lets go of the file. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Path of the SQLite file; its folder is made when it is not there. */
  readonly file: string;
  readonly model: Model;
  readonly subscribers: readonly EntitySubscriberInterface[];
}

/** Reads do not wait for each other; two use both cores of a small machine and leave one thread to the writer. */
const READERS = 2;

export async function openDatabase({ file, model, subscribers }: DatabaseOptions): Promise<Database> {
  makeFile(file);
  const writer = new DataSource(writerOptions(file, model));
  const readers = Array.from({ length: READERS }, () => new DataSource(readerOptions(file)));
  try {
    await writer.initialize();
    // An answer "created" is a promise: it is given when the disk has it.
    await writer.query('pragma synchronous = full');
    writer.subscribers.push(...subscribers);
    await migrate(writer);
    for (const reader of readers) {
      await reader.initialize();
      await reader.query('pragma query_only = 1');
    }
  } catch (error) {
    for (const source of [writer, ...readers]) if (source.isInitialized) await source.destroy();
    throw asDatabaseRefusal(error);
  }
  return connect(writer, readers);
}

function connect(writer: DataSource, readers: readonly DataSource[]): Database {
  const queue = new WriteQueue(writer.createQueryRunner());
  const pool = readers.map(reader => reader.createQueryRunner());
  let turn = 0;
  const read: Query = async (sql, parameters = []) => {
    turn = (turn + 1) % pool.length;
    try {
      return (await pool[turn]?.query(sql, [...parameters])) as never;
    } catch (error) {
      throw asDatabaseRefusal(error);
    }
  };
  return {
    read,
    write: work => queue.write(work),
    metadata: entity => writer.getMetadata(entity),
    isReady: async () => {
      try {
        return (await pendingMigrations(read, writer)).length === 0;
      } catch {
        return false;
      }
    },
    close: async () => {
      await queue.drain();
      for (const reader of readers) await reader.destroy();
      try {
        await writer.query('pragma wal_checkpoint(truncate)');
      } catch {
        // A full disk: what is in the WAL stays there, and the next start reads it.
      }
      await writer.destroy();
    },
  };
}

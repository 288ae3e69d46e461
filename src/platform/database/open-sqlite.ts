import { type EntitySubscriberInterface } from 'typeorm';
import { Connections } from './connections';
import { type Database, databaseOver } from './database';
import { type Model, readerConnection, writerConnection } from './data-source';
import { pendingMigrations, prepareStore } from './migrate';
import { makeFile } from './place';
import { sqliteDialect } from './sqlite-dialect';
import { WriteQueue } from './write-queue';

export interface SqliteOptions {
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
export async function openSqlite({
  file,
  model,
  subscribers,
  onReplaced = () => undefined,
}: SqliteOptions): Promise<Database> {
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
  return databaseOver({
    isNew,
    dialect: sqliteDialect,
    read: (sql, parameters, deadline) => connections.read(sql, parameters, deadline),
    write: (work, deadline) => queue.write(work, deadline),
    metadata: entity => writer.source.getMetadata(entity),
    isReady: async read => (await pendingMigrations(read, writer.source)).length === 0 && connections.isSound,
    close: async () => {
      await queue.settled();
      await connections.close();
    },
  });
}

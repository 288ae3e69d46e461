import { existsSync } from 'node:fs';
import { Database as Handle, OPEN_READONLY } from 'sqlite3';
import { BUSY_TIMEOUT_MS } from '../data-source';
import { asDatabaseRefusal } from '../database-errors';
import { OpenFile } from '../open-file';
import { type Query } from '../query';

/**
 * Reads a file within one transaction. In WAL mode that keeps nobody from writing, but what they write stays in the WAL
 * until the end.
 */
export async function withFileSnapshot<T>(file: string, work: (query: Query) => Promise<T>): Promise<T> {
  if (!existsSync(file)) throw new Error(`There is no store at ${file}.`);
  const open = new OpenFile(await told(() => openForReading(file)));
  const query: Query = (sql, parameters = []) => told(() => open.all(sql, parameters));
  try {
    open.handle.configure('busyTimeout', BUSY_TIMEOUT_MS);
    await query('begin');
    // The moment is that of the first read.
    await query('select 1 from sqlite_master limit 1');
    return await work(query);
  } finally {
    await open.close();
  }
}

function openForReading(file: string): Promise<Handle> {
  return new Promise((resolve, reject) => {
    const handle = new Handle(file, OPEN_READONLY, error =>
      error === null ? resolve(handle) : reject(error),
    );
  });
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asDatabaseRefusal(error);
  }
}

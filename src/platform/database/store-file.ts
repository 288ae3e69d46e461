import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { unavailable } from './database-errors';

/**
 * What stands at the path of a store, each told apart by device and inode; null where nothing does. Beside the store
 * SQLite keeps what was committed last (`wal`), and who reads and writes (`shm`).
 */
export interface Standing {
  readonly store: string | null;
  readonly wal: string | null;
  readonly shm: string | null;
}

/**
 * Looks without waiting: what is open keeps its path in memory, so that this takes 2 µs a file, where a look through the
 * pool of threads takes 50.
 */
export function standingAt(file: string): Standing {
  return { store: storeAt(file), wal: identityOf(walOf(file)), shm: identityOf(shmOf(file)) };
}

export function storeAt(file: string): string | null {
  return identityOf(file);
}

/**
 * SQLite opens a file that it must not write for reading, and then makes files beside it that it must not write either:
 * those would still be in the way when the file itself has been mended.
 * @throws Refusal DATABASE_UNAVAILABLE when a file of the store is there and cannot be written.
 */
export function requireWritable(file: string): void {
  for (const path of [file, walOf(file), shmOf(file)]) {
    try {
      if (identityOf(path) !== null) accessSync(path, constants.R_OK | constants.W_OK);
    } catch (error) {
      throw unavailable(error);
    }
  }
}

/**
 * A WAL holds pages of one store, and nothing in it says of which: opened beside another, it would destroy that one.
 * @param former what stood at the path while the former store was open.
 * @throws Refusal DATABASE_UNAVAILABLE when the former store's WAL lies, not empty, beside another store.
 */
export function refuseFormerWal(file: string, former: Standing): void {
  const { store, wal } = standingAt(file);
  if (store === former.store || wal === null || wal !== former.wal) return;
  if (statSync(walOf(file), { throwIfNoEntry: false })?.size === 0) return;
  throw unavailable(new Error(`${walOf(file)} belongs to the store that was there before: move it away.`));
}

function identityOf(path: string): string | null {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
  } catch {
    return null;
  }
}

function walOf(file: string): string {
  return `${targetOf(file)}-wal`;
}

function shmOf(file: string): string {
  return `${targetOf(file)}-shm`;
}

/** SQLite follows a link, and keeps its files beside what that leads to. */
function targetOf(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}

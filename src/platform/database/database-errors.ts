import { QueryFailedError } from 'typeorm';
import { Refusal } from '../errors';

/** SQLite's result codes that mean: the store cannot be reached just now; the operator, not the caller, can mend it. */
const UNAVAILABLE = new Set([
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_IOERR',
  'SQLITE_CORRUPT',
  'SQLITE_CANTOPEN',
  'SQLITE_NOTADB',
  'SQLITE_READONLY',
  'SQLITE_PERM',
  'SQLITE_AUTH',
  'SQLITE_PROTOCOL',
]);

/** Those that may stick to a connection although the file is whole again: in the pages that it keeps, in how it was opened. */
const LASTING = new Set([
  'SQLITE_IOERR',
  'SQLITE_CORRUPT',
  'SQLITE_CANTOPEN',
  'SQLITE_NOTADB',
  'SQLITE_READONLY',
]);

/** Gives a failure of the store its code; anything else is handed back as it is. */
export function asDatabaseRefusal(error: unknown): unknown {
  const code = resultCode(error);
  if (code === 'SQLITE_FULL') {
    return new Refusal('STORAGE_FULL', 'The store has no room left; nothing was written.', { cause: error });
  }
  return code !== undefined && UNAVAILABLE.has(code) ? unavailable(error) : error;
}

/** @param cause what the operator should know; callers are not told. */
export function unavailable(cause: unknown): Refusal {
  return new Refusal('DATABASE_UNAVAILABLE', 'The store cannot be reached just now; try again later.', {
    cause,
  });
}

/** Whether a connection may go on failing after this, though nothing is wrong with its file any more. */
export function isLasting(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && LASTING.has(code);
}

export function resultCode(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}

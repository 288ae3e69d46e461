import { type DataSource, type DataSourceOptions, type Logger, type MigrationInterface } from 'typeorm';
import * as sqlite3 from 'sqlite3';
import { type SqliteConnectionOptions } from 'typeorm/driver/sqlite/SqliteConnectionOptions';
import { Connection } from './connection';

/** What the store is made of: handed in by the top, because this folder knows no subject. */
export interface Model {
  readonly entities: readonly (new () => object)[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/**
 * TypeORM switches the driver's long stack traces on: a sixth of the time of a small statement, for frames that nobody
 * is shown.
 */
const QUIET_DRIVER = { ...sqlite3, verbose: () => sqlite3 };

/** TypeORM would print a failed migration to standard output, which carries answers; the error itself is enough. */
export const SILENT: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

/** How long a statement waits for another process that holds the file, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens what is there, and makes nothing: neither a file, nor (this takes the second flag, which does nothing else to a
 * plain path) the folder that TypeORM would make.
 */
const EXISTING_ONLY = sqlite3.OPEN_READWRITE | sqlite3.OPEN_URI;

/** The connection that writes. @param prepare what is to be done whenever it has been opened. */
export function writerConnection(
  file: string,
  model: Model,
  prepare: (source: DataSource) => Promise<unknown>,
): Connection {
  // TypeORM would leave the file open where turning WAL on fails.
  const options: DataSourceOptions = {
    ...writerOptions(file, model),
    flags: EXISTING_ONLY,
    enableWAL: false,
  };
  return new Connection(options, prepare);
}

/** A connection that reads, on the file that the writer has prepared. */
export function readerConnection(file: string): Connection {
  const options: DataSourceOptions = {
    type: 'sqlite',
    database: file,
    driver: QUIET_DRIVER,
    flags: EXISTING_ONLY,
    synchronize: false,
    logging: false,
    busyTimeout: BUSY_TIMEOUT_MS,
  };
  return new Connection(options, async source => {
    await source.query('pragma query_only = 1');
    // SQLite opens the WAL with the first read only: now it is there for certain.
    await source.query('select 1 from sqlite_master limit 1');
  });
}

/** The options of the one connection that writes; also those of TypeORM's own command line (`ormconfig.ts`). */
export function writerOptions(file: string, model: Model): SqliteConnectionOptions {
  return {
    type: 'sqlite',
    database: file,
    driver: QUIET_DRIVER,
    entities: [...model.entities],
    migrations: [...model.migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    logger: SILENT,
    enableWAL: true,
    busyTimeout: BUSY_TIMEOUT_MS,
    // TypeORM otherwise drops such a condition and answers with the first row of the table.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
  };
}

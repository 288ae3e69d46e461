import { type DataSourceOptions, type Logger, type MigrationInterface } from 'typeorm';
import * as sqlite3 from 'sqlite3';

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
const SILENT: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

/** How long a statement waits for another process that holds the file, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** The options of the one connection that writes; also those of TypeORM's own command line (`ormconfig.ts`). */
export function writerOptions(file: string, model: Model): DataSourceOptions {
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

/** A connection for reading: opened on the file that the writer has prepared, and never one that creates it. */
export function readerOptions(file: string): DataSourceOptions {
  return {
    type: 'sqlite',
    database: file,
    driver: QUIET_DRIVER,
    flags: sqlite3.OPEN_READWRITE,
    synchronize: false,
    logging: false,
    busyTimeout: BUSY_TIMEOUT_MS,
  };
}

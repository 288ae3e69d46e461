import { setTimeout } from 'node:timers/promises';
import { type DataSource } from 'typeorm';
import { type Query } from './query';

/**
 * Sets up the connection that writes, and applies the migrations that are missing, each in a transaction of its own.
 * A store that knows migrations which this release does not was written by a newer one; it is refused rather than
 * guessed at. What is refused is left to the byte as it was.
 * @param mayBeEmpty whether a store may be made out of a file that holds nothing yet.
 * @returns the names of the migrations that were applied.
 * @throws Error when the store is newer than this release, or no store at all.
 */
export async function prepareStore(source: DataSource, mayBeEmpty = true): Promise<readonly string[]> {
  const query: Query = sql => source.query(sql);
  await refuseForeign(query);
  const applied = await appliedMigrations(query);
  if (applied.length === 0 && !mayBeEmpty) throw new Error('The file that stands there now holds no store.');
  const known = new Set(source.migrations.map(migrationName));
  const unknown = applied.filter(name => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `The store holds migrations that this release does not know (${unknown.join(', ')}): ` +
        'it was written by a newer Heliograph. Run that release, or restore a backup made before the upgrade.',
    );
  }
  await query('pragma journal_mode = wal');
  // An answer "created" is a promise: it is given when the disk has it.
  await query('pragma synchronous = full');
  await query(`pragma wal_autocheckpoint = ${CHECKPOINT_EVERY_PAGES}`);
  const isComplete = (await pendingMigrations(query, source)).length === 0;
  const made = isComplete ? [] : await runMigrations(source, ATTEMPTS);
  // What a statement of many rows would need to be taken back goes to a file otherwise, a quarter of all that is written.
  // Not before migrations: to make an index, all of its entries would be sorted in memory.
  await query('pragma temp_store = memory');
  return made;
}

/**
 * Pages of 4 kB in the WAL before they go into the file. A page that many writes touch, the ends of the indexes above all,
 * goes there once, however often it was written; with SQLite's 1,000 a batch of 500 took a sixth more of the processor. The
 * WAL grows to 16 MB, which a start after a crash reads in a moment.
 */
const CHECKPOINT_EVERY_PAGES = 4_000;

/** @throws Error when the file is a database of another program, in which nothing must be made. */
async function refuseForeign(query: Query): Promise<void> {
  const tables = await query<{ name: string }>(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite~_%' escape '~'`,
  );
  if (tables.length === 0 || tables.some(({ name }) => name === 'migrations')) return;
  throw new Error('The file is a database of another program: it has tables, but none of ours.');
}

/** Processes that open a new store at the same time make the same tables; the later ones look again. */
const ATTEMPTS = 10;
const BETWEEN_ATTEMPTS_MS = 200;
const MADE_BY_ANOTHER = /already exists|SQLITE_BUSY|SQLITE_CONSTRAINT/;

async function runMigrations(source: DataSource, attempts: number): Promise<readonly string[]> {
  try {
    const applied = await source.runMigrations({ transaction: 'each' });
    return applied.map(migration => migration.name);
  } catch (error) {
    if (attempts <= 1 || !MADE_BY_ANOTHER.test(String(error))) throw error;
    await setTimeout(BETWEEN_ATTEMPTS_MS);
    return runMigrations(source, attempts - 1);
  }
}

/** The migrations of this release that the store does not have yet, read through `query`. */
export async function pendingMigrations(query: Query, source: DataSource): Promise<readonly string[]> {
  const applied = new Set(await appliedMigrations(query));
  return source.migrations.map(migrationName).filter(name => !applied.has(name));
}

async function appliedMigrations(query: Query): Promise<readonly string[]> {
  const table = await query(`select 1 from sqlite_master where type = 'table' and name = 'migrations'`);
  if (table.length === 0) return [];
  const rows = await query<{ name: string }>('select name from migrations order by id');
  return rows.map(row => row.name);
}

function migrationName(migration: { name?: string }): string {
  return migration.name ?? migration.constructor.name;
}

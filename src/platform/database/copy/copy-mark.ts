import { randomUUID } from 'node:crypto';
import { type Database } from '../database';
import { type Dialect } from '../dialect';
import { type Query } from '../query';
import { type UnitOfWork } from '../unit-of-work';
import { CopyError } from './copy-error';

/**
 * What says of a store that it is being filled by a copy: a table that is made before the first row and gone with the
 * check at the end. Its one row tells where from, what indexes are still to be made, and which run of the command fills the
 * store now: one that was believed dead, and goes on after another has taken its place, finds that out with its next page.
 */
const TABLE = 'store_copies';

/** The name of the source whose copy in this store is unfinished; null where there is none. */
export async function unfinishedCopy(query: Query, dialect: Dialect): Promise<string | null> {
  if ((await query(dialect.hasTable, [TABLE])).length === 0) return null;
  const [mark] = await query<{ source: string }>(`select source from ${TABLE}`);
  return mark?.source ?? null;
}

/**
 * Hands a store back if it is whole; one that a copy begins to fill later is not ready meanwhile.
 * @throws Error when it holds a part of another store, after closing it.
 */
export async function requireWhole(database: Database): Promise<Database> {
  try {
    const source = await unfinishedCopy(database.read, database.dialect);
    if (source !== null) {
      throw new Error(
        `The store holds an unfinished copy of ${source}: run "heliograph copy" again, which goes on where it stopped.`,
      );
    }
  } catch (error) {
    await database.close();
    throw error;
  }
  return readyIfWhole(database);
}

function readyIfWhole(database: Database): Database {
  const { readFresh, dialect } = database;
  const isWhole = async (): Promise<boolean> => {
    try {
      return (await unfinishedCopy(readFresh, dialect)) === null;
    } catch {
      return false;
    }
  };
  return {
    ...database,
    isReady: async () => (await database.isReady()) && (await isWhole()),
    within: allowance => readyIfWhole(database.within(allowance)),
  };
}

/**
 * Marks the store as the target of this run, be it empty or half filled by a former one.
 * @param tables whose indexes are set aside until the end: making them over all rows at once takes half the time.
 * @returns the run, for `holdMark`.
 */
export async function setMark(unit: UnitOfWork, source: string, tables: readonly string[]): Promise<string> {
  const { query, dialect } = unit;
  const run = randomUUID();
  if ((await unfinishedCopy(query, dialect)) === null) {
    await query(`create table ${TABLE} (source text not null, run text not null, indexes text not null)`);
    const indexes = JSON.stringify(await setIndexesAside(unit, tables));
    await query(`insert into ${TABLE} (source, run, indexes) values (?, ?, ?)`, [source, run, indexes]);
  } else {
    await query(`update ${TABLE} set source = ?, run = ?`, [source, run]);
  }
  return run;
}

/**
 * Keeps the mark from changing hands until the transaction ends.
 * @throws CopyError when it has.
 */
export async function holdMark({ query, dialect }: UnitOfWork, run: string): Promise<void> {
  // The other may have come to its end as well.
  const isThere = (await query(dialect.hasTable, [TABLE])).length > 0;
  const held = isThere
    ? await query(`select run from ${TABLE} where run = ? ${dialect.forUpdate}`, [run])
    : [];
  if (held.length > 0) return;
  throw new CopyError('Another copy into this target has begun; this one has stopped.');
}

/** Makes a store of the target, with its indexes. */
export async function removeMark({ query }: UnitOfWork): Promise<void> {
  const [mark] = await query<{ indexes: string }>(`select indexes from ${TABLE}`);
  for (const definition of JSON.parse(mark?.indexes ?? '[]') as readonly string[]) await query(definition);
  await query(`drop table ${TABLE}`);
}

/** @returns the statements that make them again. */
async function setIndexesAside(
  { query, dialect }: UnitOfWork,
  tables: readonly string[],
): Promise<readonly string[]> {
  const definitions: string[] = [];
  for (const table of tables) {
    const indexes = await query<{ name: string; definition: string }>(dialect.plainIndexes, [table]);
    for (const { name, definition } of indexes) {
      await query(`drop index ${name}`);
      definitions.push(definition);
    }
  }
  return definitions;
}

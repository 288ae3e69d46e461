import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { model } from '../../../src/model';
import { type Database } from '../../../src/platform/database/database';
import { newDatabase, open } from './databases';

// `npm run check` holds the migrations of SQLite against the entities; these are those of PostgreSQL.

let database: Database;
beforeAll(async () => {
  database = await open(await newDatabase());
});
afterAll(() => database.close());

async function names(sql: string, table: string): Promise<readonly string[]> {
  const rows = await database.read<{ name: string }>(sql, [table]);
  return rows.map(({ name }) => name).sort();
}

describe.each(model.entities.map(entity => [entity.name, entity] as const))('%s', (_name, entity) => {
  test('has the columns of the tables that the migrations make, and no others', async () => {
    const { tableName, columns } = database.metadata(entity);
    const there = await names(
      `select column_name || case is_nullable when 'YES' then ' null' else '' end as name
        from information_schema.columns where table_schema = current_schema() and table_name = ?`,
      tableName,
    );
    expect(there).toEqual(
      columns.map(column => `${column.databaseName}${column.isNullable ? ' null' : ''}`).sort(),
    );
  });

  test('has the constraints of those tables, by their names', async () => {
    const { tableName, checks, foreignKeys } = database.metadata(entity);
    const there = await names(
      `select conname as name from pg_constraint where conrelid = ?::regclass and contype in ('c', 'f')`,
      tableName,
    );
    expect(there).toEqual([...checks, ...foreignKeys].map(({ name }) => name).sort());
  });

  test('has the indexes of those tables, by their names, but for those that SQLite does without', async () => {
    const { tableName, ownIndices, uniques } = database.metadata(entity);
    const there = await names(
      `select relname as name from pg_index join pg_class on pg_class.oid = indexrelid
        where indrelid = ?::regclass and not indisprimary and 
          relname not in ('messages_search', 'contacts_search', 'audit_entries_by_writer')`,
      tableName,
    );
    expect(there).toEqual([...ownIndices, ...uniques].map(({ name }) => name).sort());
  });
});

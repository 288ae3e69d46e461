import { describe, expect, test } from '@jest/globals';
import { migratePostgres } from '../../../src/platform/database/postgres/migrate-postgres';
import { postgresMigrations } from '../../../src/platform/database/postgres/migrations';
import { administer, currentRun, urlOf } from '../../support/postgres-databases';
import { asAnother, newDatabase, open, postgresModel } from './databases';

const NAMES = postgresMigrations.map(({ name }) => name);

describe('the migrations of PostgreSQL', () => {
  test('are applied once, in their order, and then there is nothing to do', async () => {
    const url = await newDatabase();
    expect(await migratePostgres(url, postgresModel)).toEqual(NAMES);
    expect(await migratePostgres(url, postgresModel)).toEqual([]);
  });

  test('are applied once even if ten processes start at the same moment', async () => {
    const url = await newDatabase();
    const databases = await Promise.all(Array.from({ length: 10 }, () => open(url)));
    try {
      expect(databases.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(await Promise.all(databases.map(each => each.isReady()))).toEqual(databases.map(() => true));
      const rows = await asAnother(url, client => client.query('select name from migrations order by id'));
      expect(rows.rows).toEqual(NAMES.map(name => ({ name })));
    } finally {
      await Promise.all(databases.map(each => each.close()));
    }
  });

  test('are undone in reverse, and leave nothing but their own list', async () => {
    const url = await newDatabase();
    await migratePostgres(url, postgresModel);
    await asAnother(url, async client => {
      const runner = { query: async (sql: string) => (await client.query(sql)).rows as unknown };
      for (const Migration of [...postgresMigrations].reverse()) await new Migration().down(runner as never);
      const { rows } = await client.query<{ name: string }>(
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S')
          union all select proname from pg_proc where pronamespace = 'public'::regnamespace
            and not exists (select 1 from pg_depend where objid = pg_proc.oid and deptype = 'e') order by 1`,
      );
      expect(rows.map(({ name }) => name)).toEqual(['migrations', 'migrations_id_seq']);
    });
  });

  test('refuse a store that a newer release has written, and leave it as it is', async () => {
    const url = await newDatabase();
    await migratePostgres(url, postgresModel);
    await asAnother(url, client =>
      client.query(`insert into migrations ("timestamp", name) values (1, 'Later9999999999999')`),
    );
    await expect(open(url)).rejects.toThrow(/does not know \(Later9999999999999\)/);
  });

  test('refuse a database that holds the tables of another program', async () => {
    const url = await newDatabase();
    await asAnother(url, client => client.query('create table accounts (id integer)'));
    await expect(open(url)).rejects.toThrow('The database is that of another program');
    await asAnother(url, async client => {
      const { rows } = await client.query(`select to_regclass('messages') as found`);
      expect(rows).toEqual([{ found: null }]);
    });
  });

  test('keep to the schema that comes first in the search path, beside whatever stands in others', async () => {
    const url = await newDatabase();
    await asAnother(url, async client => {
      await client.query('create table accounts (id integer)');
      await client.query('create schema "Odd name"');
    });
    const own = new URL(url);
    own.searchParams.set('options', '-c search_path="Odd\\ name"');
    const database = await open(own.href);
    try {
      expect(await database.isReady()).toBe(true);
      const [row] = await database.read<{ schema: string }>(
        `select relnamespace::regnamespace::text as schema from pg_class where oid = 'messages'::regclass`,
      );
      expect(row).toEqual({ schema: '"Odd name"' });
    } finally {
      await database.close();
    }
  });

  test('say what to do where the user may not make the extension', async () => {
    const url = await newDatabase();
    const role = `${new URL(url).pathname.slice(1)}_role`;
    await administer(
      url,
      `create role ${role} login password 'plain'`,
      `grant create on schema public to ${role}`,
    );
    const limited = new URL(url);
    limited.username = role;
    limited.password = 'plain';
    await expect(migratePostgres(limited.href, postgresModel)).rejects.toThrow(
      /superuser run "create extension pg_trgm"/,
    );
    await administer(url, 'create extension pg_trgm');
    expect(await migratePostgres(limited.href, postgresModel)).toEqual(NAMES);
  });

  test('refuse a database whose encoding cannot hold every text', async () => {
    const url = await newDatabase();
    const name = `${new URL(url).pathname.slice(1)}_latin`;
    await administer(
      currentRun().url,
      `create database ${name} encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`,
    );
    await expect(open(urlOf(currentRun().url, name))).rejects.toThrow('encoded as LATIN1');
  });
});

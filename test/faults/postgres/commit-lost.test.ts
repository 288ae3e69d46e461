import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asAnother, newDatabase, open } from '../../platform/postgres/databases';
import { FORGETFUL, type PostgresServer, startPostgres } from '../../support/postgres-server';
import { Network } from './network';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres({ ...FORGETFUL, synchronous_commit: 'on' });
}, 60_000);
afterAll(() => server.remove());

test('A commit that the server lost when it crashed is not taken for that of another with the same id', async () => {
  const databaseUrl = await newDatabase(server.url);
  const network = await Network.before(databaseUrl);
  const database = await open(network.url);
  try {
    await asAnother(databaseUrl, async client => {
      await client.query('create table entries (name text)');
      await client.query('checkpoint');
    });
    const ids: string[] = [];
    const write = database.write(async ({ query }) => {
      await query(`insert into entries values ('lost')`);
      const [row] = await query<{ id: string }>('select pg_current_xact_id()::text as id');
      ids.push(row?.id ?? '');
      network.holdCommit(async () => {
        await server.crash();
        await server.start();
        await asAnother(databaseUrl, async client => {
          const { rows } = await client.query<{ id: string }>(
            `insert into entries values ('another') returning pg_current_xact_id()::text as id`,
          );
          ids.push(rows[0]?.id ?? '');
        });
      });
    });
    await expect(write).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(ids[0]).toBe(ids[1]);
    expect(await database.read('select name from entries')).toEqual([{ name: 'another' }]);
  } finally {
    await database.close();
    network.close();
  }
}, 60_000);

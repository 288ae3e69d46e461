import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database } from '../../../src/platform/database/database';
import { Deadline } from '../../../src/platform/deadline';
import { ReadingBudget } from '../../../src/platform/reading-budget';
import { asAnother, killSessions, newDatabase, open } from './databases';

let url: string;
let database: Database;
beforeAll(async () => {
  url = await newDatabase();
  database = await open(url);
  await asAnother(url, client => client.query('create table entries (id bigint primary key)'));
});
afterAll(() => database.close());

/** The store for a request that has so many milliseconds left. */
const within = (leftMs: number): Database => database.within({ deadline: Deadline.in(leftMs) });

describe('reads on PostgreSQL', () => {
  test('stop when their time is over, and so does what the server does for them', async () => {
    const beganMs = performance.now();
    const read = within(200).read('select pg_sleep(20) as slept');
    await expect(read).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(performance.now() - beganMs).toBeLessThan(4_000);
    await asAnother(url, async client => {
      const { rows } =
        await client.query(`select 1 from pg_stat_activity where query like '%as slept' and state = 'active'
        and pid <> pg_backend_pid()`);
      expect(rows).toEqual([]);
    });
    expect(await database.read('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('wait for a connection no longer than they may', async () => {
    const slow = Array.from({ length: 10 }, () => database.read('select pg_sleep(0.6)'));
    await setTimeout(50);
    await expect(within(100).read('select 1')).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    await Promise.all(slow);
  });

  test('may be slow where nobody set a deadline: a server that is busy is not one that is gone', async () => {
    expect(await database.read('select 1 as one from pg_sleep(2.5)')).toEqual([{ one: 1 }]);
  });

  test('count against the budget of their request', async () => {
    const read = database.within({ budget: new ReadingBudget(10) }).read(`select repeat('x', 11)`);
    await expect(read).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
  });

  test('tell of a mistake in a statement, and go on after it', async () => {
    await expect(database.read('select nonsense')).rejects.toMatchObject({ code: '42703' });
    expect(await database.read('select ? as text', ['$1 ü'])).toEqual([{ text: '$1 ü' }]);
  });
});

describe('the connections to PostgreSQL', () => {
  test('bear it when all sessions are ended every half second under load; nothing acknowledged is lost', async () => {
    const untilMs = performance.now() + 4_000;
    const acknowledged: number[] = [];
    const refused = new Set<string>();
    let reads = 0;
    let next = 1;
    let slowestMs = 0;
    const timed = async (work: () => Promise<unknown>): Promise<void> => {
      const beganMs = performance.now();
      try {
        await work();
      } catch (error) {
        refused.add((error as { code?: string }).code ?? String(error));
      }
      slowestMs = Math.max(slowestMs, performance.now() - beganMs);
    };
    const write = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        const id = (next += 1);
        await timed(async () => {
          await database.write(({ query }) => query('insert into entries values (?)', [id]));
          acknowledged.push(id);
        });
      }
    };
    const read = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        await timed(() => database.read('select count(*) from entries'));
        reads += 1;
      }
    };
    const kill = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        await setTimeout(500);
        await killSessions(url);
      }
    };
    await Promise.all([...Array.from({ length: 6 }, write), ...Array.from({ length: 6 }, read), kill()]);
    expect([...refused].filter(code => code !== 'DATABASE_UNAVAILABLE')).toEqual([]);
    expect(slowestMs).toBeLessThan(8_000);
    // That there was load at all: how much depends on the machine.
    expect(Math.min(reads, acknowledged.length)).toBeGreaterThan(20);
    const stored = await database.read<{ id: number }>('select id from entries order by id');
    const known = new Set(stored.map(({ id }) => id));
    expect(acknowledged.filter(id => !known.has(id))).toEqual([]);
    expect(await database.isReady()).toBe(true);
  }, 30_000);

  test('are used again after all of them have died idle', async () => {
    await Promise.all(Array.from({ length: 10 }, () => database.read('select pg_sleep(0.05)')));
    await killSessions(url);
    expect(
      await Promise.all(Array.from({ length: 20 }, () => database.read('select 1 as one'))),
    ).toHaveLength(20);
    await database.write(({ query }) => query('select 1'));
  });

  test('tell the operator who they are', async () => {
    const [row] = await database.read<{ name: string }>(`select current_setting('application_name') as name`);
    expect(row).toEqual({ name: 'heliograph read' });
  });

  test('are closed when those who use them are done, and refuse what comes later', async () => {
    const other = await open(await newDatabase());
    const read = other.read('select 1 as one from pg_sleep(0.3)');
    await setTimeout(50);
    await other.close();
    expect(await read).toEqual([{ one: 1 }]);
    await expect(other.read('select 1')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await expect(other.write(({ query }) => query('select 1'))).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    });
    expect(await other.isReady()).toBe(false);
  });

  test.each([
    ['there is no server', (at: URL) => (at.port = '1')],
    ['there is no such host', (at: URL) => (at.hostname = 'nowhere.invalid')],
    ['there is no such database', (at: URL) => (at.pathname = '/no_such_database')],
  ])('are refused at the start where %s, without a word of the address', async (_what, change) => {
    const address = new URL(url);
    address.password = 'secret-word';
    change(address);
    const error: unknown = await open(address.href).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(String(error)).not.toContain('secret-word');
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database } from '../../../src/platform/database/database';
import { Network } from '../../faults/postgres/network';
import { Deadline } from '../../../src/platform/deadline';
import { newPlace, type TestPlace } from '../../support/engine';
import { asAnother, killSessions, open } from './databases';

let place: TestPlace;
beforeAll(async () => {
  place = await newPlace();
  await asAnother(place.databaseUrl, client =>
    client.query('create table entries (id bigint primary key, part integer)'),
  );
});
afterAll(() => place.remove());

let network: Network;
let database: Database;
beforeEach(async () => {
  network = await Network.before(place.databaseUrl);
  database = await open(network.url);
});
afterEach(async () => {
  await database.close();
  network.close();
});

/** The store for a request that has so many milliseconds left. */
const within = (leftMs: number): Database => database.within({ deadline: Deadline.in(leftMs) });

describe('a connection to PostgreSQL that is lost', () => {
  test.each(['before', 'after'] as const)(
    'leaves no doubt even if that is just %s the commit',
    async moment => {
      const id = moment === 'before' ? 1 : 2;
      let attempts = 0;
      await database.write(async ({ query }) => {
        attempts += 1;
        await query('insert into entries values (?, ?)', [id, attempts]);
        if (attempts === 1) network.cutCommit(moment);
      });
      expect(attempts).toBe(moment === 'before' ? 2 : 1);
      expect(await database.read('select part from entries where id = ?', [id])).toEqual([
        { part: attempts },
      ]);
    },
  );

  test('is not waited for without end, not even with a commit on it that nobody answers', async () => {
    const refused = within(300).write(async ({ query }) => {
      await query('insert into entries values (4, 1)');
      network.holdCommit(() => new Promise(() => undefined));
    });
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await database.write(({ query }) => query('insert into entries values (5, 1)'));
    expect(await database.read('select id from entries where id in (4, 5)')).toEqual([{ id: 5 }]);
  });

  test('is replaced without a word even if it ends while it begins', async () => {
    await killSessions(place.databaseUrl);
    network.endAtBirth(2);
    expect(await database.read('select 1 as one')).toEqual([{ one: 1 }]);
    await killSessions(place.databaseUrl);
    network.endAtBirth(2);
    await database.write(({ query }) => query('insert into entries values (3, 1)'));
    expect(await database.read('select part from entries where id = 3')).toEqual([{ part: 1 }]);
  });
});

test('A connection is waited for as long as it may take, even if this process is too busy to notice that it is there', async () => {
  await killSessions(place.databaseUrl);
  const reading = database.read('select 1 as one');
  await new Promise(resolve => setImmediate(resolve));
  const untilMs = performance.now() + 1_500;
  while (performance.now() < untilMs);
  expect(await reading).toEqual([{ one: 1 }]);
});

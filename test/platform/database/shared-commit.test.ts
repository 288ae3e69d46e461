import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as sqlite3 from 'sqlite3';
import { model } from '../../../src/model';
import { type Database } from '../../../src/platform/database/database';
import { openSqlite } from '../../../src/platform/database/open-sqlite';
import { Deadline } from '../../../src/platform/deadline';

const folder = mkdtempSync(join(tmpdir(), 'heliograph-shared-commit-'));
const file = join(folder, 'store.sqlite');
let database: Database;
/** Another program's look at the file: it sees what is committed, and nothing else. */
let outside: sqlite3.Database;
beforeAll(async () => {
  database = await openSqlite({ file, model, subscribers: [] });
  outside = new sqlite3.Database(file, sqlite3.OPEN_READONLY);
});
afterAll(async () => {
  await new Promise(resolve => outside.close(resolve));
  await database.close();
  rmSync(folder, { recursive: true });
});

/** The store for a request that has so many milliseconds left. */
const within = (leftMs: number): Database => database.within({ deadline: Deadline.in(leftMs) });

const INSERT = `insert into idempotency_keys (owner, key, operation, input_hash, outcome, created_at)
  values ('test', ?, '', '', '', 0)`;
/** Some seconds of work within one statement that writes. */
const SLOW_INSERT = `insert into idempotency_keys (owner, key, operation, input_hash, outcome, created_at)
  select 'test', ?, '', '', '', count(*) from (
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers) select n from numbers limit 2000000000
  )`;

const isStored = (key: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    outside.get('select 1 from idempotency_keys where key = ?', [key], (error, row) =>
      error === null ? resolve(row !== undefined) : reject(error),
    );
  });

class Objection extends Error {}

describe('writes that wait together', () => {
  test('share a commit, and each is acknowledged when it is in the file', async () => {
    let commits = 0;
    const count = (): number => (commits += 1);
    const names = Array.from({ length: 40 }, (_, index) => `together ${index}`);
    // A transaction counts once: what a write finds of those before it is not yet in the file.
    const writes = names.map(async name => {
      await database.write(async ({ query }) => {
        await query(INSERT, [name]);
        const before = names[names.indexOf(name) - 1];
        if (before === undefined || (await isStored(before))) count();
      });
      return isStored(name);
    });
    expect(await Promise.all(writes)).toEqual(names.map(() => true));
    expect(commits).toBeLessThan(names.length / 2);
  });

  test('stand and fall each by itself, whatever of them is refused before or after it has written', async () => {
    let run = 0;
    const kinds = fc.constantFrom(
      'good',
      'refused at once',
      'refused after writing',
      'a statement fails',
      'caught',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { minLength: 1, maxLength: 30 }), async plan => {
        run += 1;
        const key = (index: number): string => `run ${run} write ${index}`;
        const outcomes = await Promise.allSettled(
          plan.map((kind, index) =>
            database.write(async ({ query }) => {
              if (kind === 'refused at once') throw new Objection();
              await query(INSERT, [key(index)]);
              if (kind === 'refused after writing') throw new Objection();
              if (kind === 'a statement fails') await query(INSERT, [key(index)]);
              if (kind === 'caught') await query('select no_such_column').catch(() => undefined);
            }),
          ),
        );
        const good = plan.map(kind => kind === 'good');
        expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(good);
        expect(await Promise.all(plan.map((_, index) => isStored(key(index))))).toEqual(good);
      }),
      { numRuns: 60 },
    );
  });

  test('are all stored but the one that was stopped in the middle of a statement, which ends the transaction', async () => {
    const names = ['first', 'before', 'slow', 'behind'];
    // All of them have the same time, as requests have, so that it is over for those before as well.
    const outcomes = await Promise.allSettled([
      ...['first', 'before'].map(name => within(300).write(({ query }) => query(INSERT, [name]))),
      within(300).write(({ query }) => query(SLOW_INSERT, ['slow'])),
      database.write(({ query }) => query(INSERT, ['behind'])),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'TIMEOUT' } });
    expect(await Promise.all(names.map(isStored))).toEqual([true, true, false, true]);
  });

  test('are refused by what is in the file, not by what may never be', async () => {
    const writes = Array.from({ length: 20 }, async (_, index) => {
      const key = `seen ${Math.floor(index / 2)}`;
      try {
        await database.write(async ({ query }) => {
          const there = await query('select 1 from idempotency_keys where key = ?', [key]);
          if (there.length > 0) throw new Objection();
          await query(INSERT, [key]);
        });
        return 'written';
      } catch {
        return (await isStored(key)) ? 'refused by what is there' : 'refused by nothing';
      }
    });
    expect(await Promise.all(writes)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'written' : 'refused by what is there')),
    );
  });

  test('are judged anew when what they were refused by is undone', async () => {
    const insertUnlessThere = (key: string): Promise<string> =>
      database.write(async ({ query }) => {
        const there = await query('select 1 from idempotency_keys where key = ?', [key]);
        if (there.length > 0) throw new Objection();
        await query(INSERT, [key]);
        return 'written';
      });
    const outcomes = await Promise.allSettled([
      database.write(({ query }) => query('select 1')),
      insertUnlessThere('judged'),
      insertUnlessThere('judged'),
      within(300).write(({ query }) => query(SLOW_INSERT, ['never'])),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: expect.any(Objection) as unknown });
    expect(await isStored('judged')).toBe(true);
  });

  test('keep each its own time: one that has waited too long is refused, and is not carried out later', async () => {
    let ran = false;
    const slow = database.write(({ query }) =>
      query(
        'with recursive n (i) as (select 1 union all select i + 1 from n limit 3000000) select count(*) from n',
      ),
    );
    const late = within(30).write(async () => {
      ran = true;
      return Promise.resolve();
    });
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
    await slow;
    await database.write(({ query }) => query('select 1'));
    expect(ran).toBe(false);
  });
});

test('Closing waits for every write that was accepted', async () => {
  const place = join(folder, 'closing.sqlite');
  const closing = await openSqlite({ file: place, model, subscribers: [] });
  const writes = Array.from({ length: 200 }, (_, index) =>
    closing.write(({ query }) => query(INSERT, [`closing ${index}`])),
  );
  await Promise.all([closing.close(), ...writes]);
  const again = await openSqlite({ file: place, model, subscribers: [] });
  const rows = await again.read<{ count: number }>('select count(*) as count from idempotency_keys');
  await again.close();
  expect(rows).toEqual([{ count: 200 }]);
});

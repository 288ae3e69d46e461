import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as sqlite3 from 'sqlite3';
import { model } from '../../../src/model';
import { type Database } from '../../../src/platform/database/database';
import { openSqlite } from '../../../src/platform/database/open-sqlite';
import { Deadline } from '../../../src/platform/deadline';
import { type Refusal } from '../../../src/platform/errors';

const folder = mkdtempSync(join(tmpdir(), 'heliograph-deadlines-'));
let database: Database;
beforeAll(async () => {
  database = await openSqlite({ file: join(folder, 'store.sqlite'), model, subscribers: [] });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

/** The store for a request that has so many milliseconds left. */
const within = (leftMs: number): Database => database.within({ deadline: Deadline.in(leftMs) });

type All = (this: sqlite3.Statement & { readonly sql?: string }, ...args: unknown[]) => sqlite3.Statement;

/** Minutes of work for SQLite. */
const ENDLESS =
  'with recursive numbers (n) as (select 1 union all select n + 1 from numbers) select count(*) from (select n from numbers limit 2000000000)';
const INSERT = `insert into idempotency_keys (owner, key, operation, input_hash, outcome, created_at)
  values ('test', ?, '', '', '', 0)`;
const TIMEOUT = { code: 'TIMEOUT' };

const keys = async (): Promise<readonly string[]> =>
  (await database.read<{ key: string }>('select key from idempotency_keys order by key')).map(
    ({ key }) => key,
  );
const refusalsOf = async (all: readonly Promise<unknown>[]): Promise<readonly unknown[]> =>
  (await Promise.allSettled(all)).map(one =>
    one.status === 'rejected' ? (one.reason as Refusal).code : null,
  );
const msOf = async (work: Promise<unknown>): Promise<number> => {
  const startMs = performance.now();
  await work.catch(() => undefined);
  return performance.now() - startMs;
};

describe('a read', () => {
  test('that runs past its deadline is stopped, and the connection is good for the next one', async () => {
    const reads = Array.from({ length: 8 }, () => within(150).read(ENDLESS));
    const startMs = performance.now();
    expect(await refusalsOf(reads)).toEqual(reads.map(() => 'TIMEOUT'));
    expect(performance.now() - startMs).toBeLessThan(1_500);
    for (let count = 0; count < 8; count += 1)
      expect(await database.read('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('that waits past its deadline is refused, and those behind it are answered', async () => {
    // More than there are connections.
    const busy = Array.from({ length: 8 }, () => within(600).read(ENDLESS));
    for (const read of busy) read.catch(() => undefined);
    const waiting = within(100).read('select 1');
    const behind = ['a', 'b', 'c'].map(name => database.read(`select '${name}' as name`));
    expect(await msOf(waiting)).toBeLessThan(500);
    await expect(waiting).rejects.toMatchObject(TIMEOUT);
    expect(await refusalsOf(busy)).toEqual(busy.map(() => 'TIMEOUT'));
    expect(await Promise.all(behind)).toEqual([[{ name: 'a' }], [{ name: 'b' }], [{ name: 'c' }]]);
  });

  test('has no deadline where nobody has set one', async () => {
    expect(await database.read('select count(*) as count from (select 1)')).toEqual([{ count: 1 }]);
  });
});

describe('a write', () => {
  test('that waits past its deadline is taken out: nothing of it is carried out, the others are', async () => {
    let carriedOut = false;
    const first = database.write(async ({ query }) => {
      await query(INSERT, ['first']);
      await new Promise(resolve => setTimeout(resolve, 300));
    });
    const late = within(50).write(async ({ query }) => {
      carriedOut = true;
      await query(INSERT, ['late']);
    });
    const third = database.write(({ query }) => query(INSERT, ['third']));
    expect(await msOf(late)).toBeLessThan(250);
    await expect(late).rejects.toMatchObject(TIMEOUT);
    await Promise.all([first, third]);
    expect(carriedOut).toBe(false);
    expect(await keys()).toEqual(expect.arrayContaining(['first', 'third']));
    expect(await keys()).not.toContain('late');
  });

  test('that is begun inside another waits for it in vain, and nobody else does', async () => {
    let inner: Promise<unknown> = Promise.resolve();
    await database.write(async ({ query }) => {
      await query(INSERT, ['outer']);
      inner = within(100).write(unit => unit.query(INSERT, ['inner']));
      await inner.catch(() => undefined);
    });
    await expect(inner).rejects.toMatchObject(TIMEOUT);
    expect(await keys()).toContain('outer');
    expect(await keys()).not.toContain('inner');
  });

  test('whose time is over before its commit is rolled back', async () => {
    const write = within(50).write(async ({ query }) => {
      await query(INSERT, ['too slow']);
      await new Promise(resolve => setTimeout(resolve, 100));
    });
    await expect(write).rejects.toMatchObject(TIMEOUT);
    expect(await keys()).not.toContain('too slow');
  });

  test('whose statement runs past its deadline is stopped and rolled back, and the next one is its own', async () => {
    const write = within(150).write(async ({ query }) => {
      await query(INSERT, ['before']);
      await query(`insert into idempotency_keys (owner, key, operation, input_hash, outcome, created_at)
          with recursive numbers (n) as (select 1 union all select n + 1 from numbers)
          select 'endless', n, '', '', '', 0 from numbers limit 1000000000`);
    });
    expect(await msOf(write)).toBeLessThan(1_500);
    await expect(write).rejects.toMatchObject(TIMEOUT);
    await database.write(({ query }) => query(INSERT, ['next']));
    expect(await keys()).toContain('next');
    expect(await keys()).not.toContain('before');
  });

  test('is never told TIMEOUT once its commit has begun, even if that takes longer than there was time', async () => {
    const statements = sqlite3.Statement.prototype as unknown as { all: All };
    const { all } = statements;
    statements.all = function (...args) {
      if (this.sql !== 'commit') return all.apply(this, args);
      setTimeout(() => all.apply(this, args), 300);
      return this;
    };
    try {
      await within(150).write(({ query }) => query(INSERT, ['slow commit']));
    } finally {
      statements.all = all;
    }
    expect(await keys()).toContain('slow commit');
  });
});

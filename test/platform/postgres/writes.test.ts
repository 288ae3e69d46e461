import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database } from '../../../src/platform/database/database';
import { type UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { Deadline } from '../../../src/platform/deadline';
import { asAnother, newDatabase, open } from './databases';

let url: string;
let database: Database;
beforeAll(async () => {
  url = await newDatabase();
  database = await open(url);
  await asAnother(url, async client => {
    await client.query('create table counters (id bigint primary key, value bigint not null)');
    await client.query('create table names (name text unique)');
  });
});
afterAll(() => database.close());

beforeEach(() =>
  asAnother(url, async client => {
    await client.query('delete from names');
    await client.query('delete from counters');
    await client.query('insert into counters values (1, 0), (2, 0)');
  }),
);

/** The store for a request that has so many milliseconds left. */
const within = (leftMs: number): Database => database.within({ deadline: Deadline.in(leftMs) });

async function valueOf(id: number): Promise<number | undefined> {
  const [row] = await database.read<{ value: number }>('select value from counters where id = ?', [id]);
  return row?.value;
}

/** Reads, then writes what it has read, as the stores do: with the row locked. */
async function count({ query, dialect }: UnitOfWork, id = 1): Promise<void> {
  const [row] = await query<{ value: number }>(
    `select value from counters where id = ? ${dialect.forUpdate}`,
    [id],
  );
  await query('update counters set value = ? where id = ?', [(row?.value ?? 0) + 1, id]);
}

describe('writes on PostgreSQL', () => {
  test('all happen, however many come at once, and none is lost under another', async () => {
    await Promise.all(Array.from({ length: 200 }, () => database.write(unit => count(unit))));
    expect(await valueOf(1)).toBe(200);
  });

  test('leave nothing where one throws, even if a hundred others succeed beside it', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        database.write(async unit => {
          await count(unit);
          if (index % 2 === 1) throw new Error('no');
        }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
    expect(await valueOf(1)).toBe(50);
  });

  test('have a transaction of their own, even if they are started inside another', async () => {
    const failed = database.write(async () => {
      await database.write(inner => count(inner));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await valueOf(1)).toBe(1);
  });

  test('are over with the first statement that fails, even if somebody catches that', async () => {
    const write = database.write(async unit => {
      await count(unit);
      await unit.query('select nonsense').catch(() => undefined);
      await unit.query('select 1').catch(() => undefined);
    });
    await expect(write).rejects.toThrow('nonsense');
    expect(await valueOf(1)).toBe(0);
  });

  test('that lock each other out are tried again until both have happened', async () => {
    let attempts = 0;
    const both = (first: number, second: number) =>
      database.write(async unit => {
        attempts += 1;
        await count(unit, first);
        await setTimeout(100);
        await count(unit, second);
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    expect([await valueOf(1), await valueOf(2)]).toEqual([2, 2]);
    expect(attempts).toBeGreaterThan(2);
  });

  test('that meet a value which has just been taken see it when they are tried again', async () => {
    const add = () =>
      database.write(async ({ query }) => {
        const taken = await query('select 1 from names where name = ?', ['a']);
        if (taken.length > 0) return 'taken';
        await setTimeout(20);
        await query('insert into names values (?)', ['a']);
        return 'added';
      });
    const results = await Promise.all(Array.from({ length: 8 }, add));
    expect(results.sort()).toEqual(['added', ...Array.from({ length: 7 }, () => 'taken')]);
  });

  test('tell of a value that is taken for good', async () => {
    const add = () => database.write(({ query }) => query('insert into names values (?)', ['b']));
    await add();
    await expect(add()).rejects.toMatchObject({ code: '23505' });
  });

  test('begin anew where their connection is lost before the commit, and happen once', async () => {
    let attempts = 0;
    await database.write(async unit => {
      attempts += 1;
      await count(unit);
      const [row] = await unit.query<{ pid: number }>('select pg_backend_pid() as pid');
      if (attempts < 3) {
        await asAnother(url, client => client.query('select pg_terminate_backend($1)', [row?.pid]));
      }
      await count(unit);
    });
    expect(attempts).toBe(3);
    expect(await valueOf(1)).toBe(2);
  });

  test('stop in time where another program holds what they want, and leave nothing', async () => {
    await asAnother(url, async client => {
      await client.query('begin');
      await client.query('update counters set value = 70 where id = 2');
      const beganMs = performance.now();
      const write = within(300).write(async unit => {
        await count(unit, 1);
        await count(unit, 2);
      });
      await expect(write).rejects.toMatchObject({
        code: 'TIMEOUT',
        message: expect.stringMatching(/nothing of it/),
      });
      expect(performance.now() - beganMs).toBeLessThan(5_000);
      await client.query('rollback');
    });
    expect(await valueOf(1)).toBe(0);
  });

  test('do not commit when the time is over, even if every statement was quick', async () => {
    const write = within(100).write(async unit => {
      await count(unit);
      await setTimeout(150);
    });
    await expect(write).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(await valueOf(1)).toBe(0);
  });

  test('are refused where a thousand wait already', async () => {
    await asAnother(url, async client => {
      await client.query('begin');
      await client.query('lock table counters');
      const writes = Array.from({ length: 1_100 }, () => database.write(unit => count(unit)));
      const results = Promise.allSettled(writes);
      const told = await Promise.race(
        writes.map(write =>
          write.then(
            () => '',
            (error: unknown) => (error as { code: string }).code,
          ),
        ),
      );
      expect(told).toBe('OVERLOADED');
      await client.query('rollback');
      const happened = (await results).filter(({ status }) => status === 'fulfilled').length;
      expect(happened).toBeGreaterThanOrEqual(1_000);
      expect(await valueOf(1)).toBe(happened);
    });
  });

  test('that TypeORM makes stand in the same transaction, its own transactions among them', async () => {
    const failed = database.write(async ({ manager, query }) => {
      await manager.transaction(inner => inner.query('update counters set value = 5 where id = 1'));
      expect(await query('select value from counters where id = 1')).toEqual([{ value: 5 }]);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await valueOf(1)).toBe(0);
  });

  test('are on the disk when they are acknowledged, even where the server is set to acknowledge before', async () => {
    const setting = ({ query }: UnitOfWork) =>
      query<{ value: string }>(`select current_setting('synchronous_commit') as "value"`);
    await asAnother(url, client =>
      client.query(`do $$ begin
        execute format('alter database %I set synchronous_commit = off', current_database());
      end $$`),
    );
    const elsewhere = await open(url);
    try {
      expect(await elsewhere.read(`select current_setting('synchronous_commit') as "value"`)).toEqual([
        { value: 'off' },
      ]);
      expect(await elsewhere.write(setting)).toEqual([{ value: 'on' }]);
    } finally {
      await elsewhere.close();
    }
  });

  test('leave no setting behind them on the connection', async () => {
    const settings = `select current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as idle`;
    await within(5_000).write(unit => count(unit));
    const [row] = await database.write(({ query }) => query<object>(settings));
    expect(row).toEqual({ statement: '0', idle: '30s' });
    expect(await database.read(settings)).toEqual([{ statement: '0', idle: '0' }]);
  });
});

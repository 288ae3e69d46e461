import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { model, openStore } from '../../src/model';
import { holdMark, setMark, unfinishedCopy } from '../../src/platform/database/copy/copy-mark';
import { copyStore } from '../../src/platform/database/copy/copy-store';
import { type Database } from '../../src/platform/database/database';
import { placeOf } from '../../src/platform/database/place';
import { Refusal } from '../../src/platform/errors';
import { FakeClock } from '../support/clock';
import { runHeliograph } from '../support/command';
import { openDatabaseAt } from '../support/engine';
import { asAnother } from '../platform/postgres/databases';
import { change, contentsOf, copy, fill, fillWithMany, newStores, type Stores, withDatabase } from './stores';

const ROOT = join(__dirname, '../..');
const TSX = createRequire(__filename).resolve('tsx');

let stores: Stores;
beforeAll(() => {
  stores = newStores();
});
afterAll(() => stores.remove());

class Stop extends Error {}

/** Ends a copy after so many pages, as an exception in the middle of it. */
function stopAfter(pages: number): { copied: () => void } {
  let left = pages;
  return {
    copied: () => {
      left -= 1;
      if (left < 0) throw new Stop();
    },
  };
}

async function many(url: string): Promise<string> {
  await fill(url);
  await fillWithMany(url, 3_000);
  return url;
}

describe('a copy that was interrupted', () => {
  test.each([
    ['SIGKILL', [null, 'SIGKILL', '']],
    ['SIGINT', [130, null, 'stopped; run the same command again to go on\n']],
  ] as const)(
    'by %s goes on where it stopped, and until then serves nobody',
    async (signal, ending) => {
      const [origin, target] = [await many(stores.sqlite()), await stores.postgres()];
      // Someone else's lock holds it up in the middle of a table.
      await change(
        target,
        `create function wait_for_test() returns trigger language plpgsql as $$ begin
        perform pg_advisory_xact_lock(4711); return new; end $$`,
        `create trigger wait_for_test before insert on messages for each row when (new.id = 1500)
        execute function wait_for_test()`,
      );
      await asAnother(target, async client => {
        await client.query('select pg_advisory_lock(4711)');
        const child = spawn(
          process.execPath,
          ['--import', TSX, join(ROOT, 'src/cli.ts'), 'copy', '--from', origin, '--to', target],
          { env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'ignore', 'pipe'] },
        );
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part));
        try {
          for (;;) {
            // The server has other databases, in which other tests wait for other locks.
            const { rowCount } = await client.query(
              `select 1 from pg_locks join pg_database on oid = database
              where datname = current_database() and locktype = 'advisory' and not granted`,
            );
            if ((rowCount ?? 0) > 0) break;
          }
        } finally {
          child.kill(signal);
          const how: readonly unknown[] = await once(child, 'close');
          expect([...how, said]).toEqual(ending);
        }
        const { rows } = await client.query<{ count: number }>('select count(*)::integer from messages');
        expect(rows).toEqual([{ count: 1_000 }]);
        await client.query('select pg_advisory_unlock(4711)');
      });

      for (const args of [['token', 'list'], ['export', '-'], ['serve'], ['migrate']]) {
        expect(await runHeliograph(args, { env: { DATABASE_URL: target } })).toEqual({
          exitCode: 1,
          stdout: '',
          stderr: expect.stringMatching(
            /^error: The store holds an unfinished copy of \S+: run "heliograph copy" again/,
          ),
        });
      }
      await expect(copy(target, stores.sqlite())).rejects.toThrow('The source holds an unfinished copy of');

      const again = await runHeliograph(['copy', '--from', origin, '--to', target], { env: {} });
      expect(again).toMatchObject({ exitCode: 0, stderr: '' });
      expect(again.stdout).toMatch(
        /^TABLE +ROWS +SHA-256\n(\w+ +[\d,]+ +[0-9a-f]{64}\n){10}copied 5,\d{3} rows in /,
      );
      await change(target, 'drop trigger wait_for_test on messages', 'drop function wait_for_test()');
      expect(await contentsOf(target)).toEqual(await contentsOf(origin));
    },
    60_000,
  );

  test.each([1, 3, 8])('after page %i goes on to a file where it stopped', async pages => {
    const [origin, target] = [await many(await stores.postgres()), stores.sqlite()];
    await expect(copy(origin, target, stopAfter(pages))).rejects.toThrow(Stop);
    const copied = { anew: 0, former: 0 };
    await copy(origin, target, {
      copied: (rows, isNew) => (copied[isNew ? 'anew' : 'former'] += rows),
    });
    expect(copied.former).toBeGreaterThan(0);
    expect(await contentsOf(target)).toEqual(await contentsOf(origin));
    await expect(copy(origin, target)).rejects.toThrow(
      'The target is not empty: there are rows in api_tokens.',
    );
  });

  test('in its check goes on as well', async () => {
    const [origin, target] = [await many(stores.sqlite()), await stores.postgres()];
    const checked = (): void => {
      throw new Stop();
    };
    await expect(copy(origin, target, { checked })).rejects.toThrow('The target: ');
    await copy(origin, target);
    expect(await contentsOf(target)).toEqual(await contentsOf(origin));
  });

  test('in its very last answer says that it may be complete, and how that is found out', async () => {
    const [origin, target] = [await many(stores.sqlite()), await stores.postgres()];
    const silent = { begins: () => undefined, copied: () => undefined, checked: () => undefined };
    const copying = copyStore({
      ...{ from: placeOf(origin), to: placeOf(target), model, listener: silent },
      open: async () => {
        const database = await openDatabaseAt(target);
        const write: Database['write'] = async work => {
          const result = await database.write(work);
          if ((await unfinishedCopy(database.read, database.dialect)) !== null) return result;
          throw new Refusal('DATABASE_UNAVAILABLE', 'The store went away.');
        };
        return { ...database, write };
      },
    });
    await expect(copying).rejects.toThrow(
      /^The target: The store went away\. The copy may be complete: run the same command again/,
    );
    await expect(copy(origin, target)).rejects.toThrow('The target is not empty');
    expect(await contentsOf(target)).toEqual(await contentsOf(origin));
  });

  test.each([
    ['the source', (origin: string) => origin],
    ['the target', (_: string, target: string) => target],
  ])('stops where a row of %s has changed since, and says what to do', async (_side, changed) => {
    const [origin, target] = [await many(stores.sqlite()), await stores.postgres()];
    await expect(copy(origin, target, stopAfter(4))).rejects.toThrow(Stop);
    await change(changed(origin, target), `update messages set status = 'ARCHIVED' where id = 900`);
    await expect(copy(origin, target)).rejects.toThrow(
      /^The target is the unfinished copy of another store, or of this one before it changed \(messages differs\)\. Empty it/,
    );
  });

  test('is not taken for that of another store', async () => {
    const [origin, other, target] = [await many(stores.sqlite()), stores.sqlite(), stores.sqlite()];
    await fill(other);
    await expect(copy(origin, target, stopAfter(4))).rejects.toThrow(Stop);
    await expect(copy(other, target)).rejects.toThrow('(api_tokens differs)');
  });

  test('and goes on after another run has taken its place finds that out', async () => {
    for (const target of [stores.sqlite(), await stores.postgres()]) {
      await withDatabase(target, async database => {
        const begin = (): Promise<string> => database.write(unit => setMark(unit, 'somewhere', ['messages']));
        const goOn = (run: string): Promise<void> => database.write(unit => holdMark(unit, run));
        const former = await begin();
        const latter = await begin();
        await expect(goOn(former)).rejects.toThrow('Another copy into this target has begun');
        await goOn(latter);
      });
    }
  });
});

test('a gateway whose store a copy begins to fill is not ready until the end', async () => {
  const [origin, target] = [stores.sqlite(), stores.sqlite()];
  await fill(origin);
  const gateway = await openStore(placeOf(target), new FakeClock());
  try {
    expect(await gateway.isReady()).toBe(true);
    await expect(copy(origin, target, stopAfter(1))).rejects.toThrow(Stop);
    expect(await gateway.isReady()).toBe(false);
    await copy(origin, target);
    expect(await gateway.isReady()).toBe(true);
  } finally {
    await gateway.close();
  }
});

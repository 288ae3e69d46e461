import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { standingAt } from '../../src/platform/database/store-file';
import {
  FINE,
  integrityOf,
  openStoreInTrouble,
  type StoreInTrouble,
  UNAVAILABLE,
  within,
} from './store-in-trouble';

let store: StoreInTrouble;
beforeEach(async () => {
  store = await openStoreInTrouble();
  await store.client.create('one');
});
afterEach(() => store.close());

/** A whole store that holds "one" and what else is created before `create` ends, as a file of its own. */
async function backUp(): Promise<string> {
  const backup = join(store.above, 'backup.sqlite');
  const source = await new DataSource({ type: 'sqlite', database: store.file }).initialize();
  await source.query(`vacuum into '${backup}'`);
  await source.destroy();
  return backup;
}

const isSound = async (): Promise<boolean> =>
  (await store.client.readiness()) === 200 && (await store.client.create('afterwards')).status === 200;

describe('the folder of the store', () => {
  test('renamed away and back: writes are refused meanwhile, reads answered, and nothing is made in its place', async () => {
    const away = join(store.above, 'away');
    renameSync(store.folder, away);
    expect(await store.client.create('lost')).toMatchObject(UNAVAILABLE);
    expect(await store.client.readiness()).toBe(503);
    expect(await store.client.texts()).toEqual(['one']);
    expect(existsSync(store.folder)).toBe(false);

    renameSync(away, store.folder);
    expect(await store.client.create('two')).toMatchObject(FINE);
    expect(await store.client.readiness()).toBe(200);
    expect(await store.client.texts()).toEqual(['one', 'two']);
    expect(await integrityOf(store)).toBe('ok');
  });

  test('renamed away in the middle of a write: that write is not acknowledged', async () => {
    const away = join(store.above, 'away');
    const write = store.database.write(async ({ query }) => {
      await query(`update messages set title = 'lost', version = version + 1`);
      renameSync(store.folder, away);
    });
    await expect(write).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    renameSync(away, store.folder);
    expect(await store.client.create('two')).toMatchObject(FINE);
  });

  test('removed: writes are refused for as long as nothing is there, even an empty folder, until a backup is', async () => {
    const backup = await backUp();
    rmSync(store.folder, { recursive: true });
    expect(await store.client.create('lost')).toMatchObject(UNAVAILABLE);
    expect(existsSync(store.folder)).toBe(false);
    mkdirSync(store.folder);
    expect(await store.client.create('lost')).toMatchObject(UNAVAILABLE);
    expect(await store.client.readiness()).toBe(503);
    expect(await store.client.texts()).toEqual(['one']);
    expect(readdirSync(store.folder)).toEqual([]);

    renameSync(backup, store.file);
    expect(await store.client.create('two')).toMatchObject(FINE);
    expect(await store.client.texts()).toEqual(['one', 'two']);
    expect(await store.client.readiness()).toBe(200);
    expect(await integrityOf(store)).toBe('ok');
  });
});

describe('another file in place of the store', () => {
  test('a backup moved over it is served from the next request on, without a restart', async () => {
    const backup = await backUp();
    await store.client.create('after the backup');
    renameSync(backup, store.file);
    expect(await store.client.texts()).toEqual(['one']);
    expect(await store.client.create('two')).toMatchObject(FINE);
    expect(await store.client.texts()).toEqual(['one', 'two']);
    expect(await store.client.readiness()).toBe(200);
    expect(await integrityOf(store)).toBe('ok');
  });

  test('a backup beside the WAL of the former store is not opened: that WAL would destroy it', async () => {
    const backup = await backUp();
    const reader = await new DataSource({ type: 'sqlite', database: store.file }).initialize();
    await reader.query('begin');
    await reader.query('select * from messages');
    await store.client.create('after the backup');
    renameSync(backup, store.file);
    // The former store cannot be completed while somebody reads it, so its WAL stays full.
    expect(await store.client.create('lost')).toMatchObject(UNAVAILABLE);
    expect(statSync(`${store.file}-wal`).size).toBeGreaterThan(0);
    expect(await store.client.list()).toMatchObject(UNAVAILABLE);
    await reader.destroy();
    for (const suffix of ['-wal', '-shm']) rmSync(`${store.file}${suffix}`);
    expect(await within(5_000, isSound)).toBe(true);
    expect(await store.client.texts()).toEqual(expect.arrayContaining(['afterwards', 'one']));
    expect(await integrityOf(store)).toBe('ok');
  });

  test('a folder with another store, WAL and all, is served whole, and the former one is whole where it went', async () => {
    const other = await openStoreInTrouble();
    const [away, served] = [join(store.above, 'away'), store.folder];
    await other.client.create('other one');
    await store.client.create('two');
    await other.stop();
    renameSync(served, away);
    renameSync(other.folder, served);
    expect(await store.client.create('other two')).toMatchObject(FINE);
    expect(await store.client.texts()).toEqual(['other one', 'other two']);
    expect(await integrityOf(store)).toBe('ok');

    renameSync(served, join(store.above, 'other'));
    renameSync(away, served);
    expect(await within(5_000, isSound)).toBe(true);
    expect(await store.client.texts()).toEqual(expect.arrayContaining(['one', 'two']));
    expect(await integrityOf(store)).toBe('ok');
    await other.close();
  });

  const impostors: Readonly<Record<string, (file: string) => unknown>> = {
    'an empty file': file => writeFileSync(file, ''),
    'a file of something else': file => writeFileSync(file, 'no store at all '.repeat(1_000)),
    'a database of another program': async file => {
      const source = await new DataSource({ type: 'sqlite', database: file }).initialize();
      await source.query('create table messages (a)');
      await source.destroy();
    },
    'a store of a newer release': async file => {
      const source = await new DataSource({ type: 'sqlite', database: file }).initialize();
      await source.query('create table migrations (id integer primary key, timestamp integer, name text)');
      await source.query(`insert into migrations values (1, 9, 'Later9')`);
      await source.destroy();
    },
    'a damaged store': file => {
      writeFileSync(file, 'SQLite format 3\0');
      appendFileSync(file, Buffer.alloc(8_192, 7));
    },
  };
  test.each(Object.keys(impostors))(
    '%s is neither served nor changed; moved back, the store goes on',
    async name => {
      const impostor = join(store.above, 'impostor');
      await impostors[name]?.(impostor);
      const bytes = readFileSync(impostor);
      const kept = join(store.above, 'kept');
      renameSync(store.file, kept);
      renameSync(impostor, store.file);
      expect(await store.client.create('lost')).toMatchObject(UNAVAILABLE);
      expect(await store.client.list()).toMatchObject(UNAVAILABLE);
      expect(await store.client.readiness()).toBe(503);
      expect(readFileSync(store.file).equals(bytes)).toBe(true);

      renameSync(kept, store.file);
      expect(await within(5_000, isSound)).toBe(true);
      expect(await store.client.texts()).toEqual(expect.arrayContaining(['afterwards', 'one']));
      expect(await integrityOf(store)).toBe('ok');
    },
  );
});

describe('a file beside the store', () => {
  test.each(['-wal', '-shm'])(
    '%s removed: what was acknowledged is all there, and writes go on',
    async suffix => {
      await store.client.create('two');
      unlinkSync(`${store.file}${suffix}`);
      expect(await store.client.create('three')).toMatchObject(FINE);
      expect(readdirSync(store.folder).sort()).toEqual([
        'store.sqlite',
        'store.sqlite-shm',
        'store.sqlite-wal',
      ]);
      expect(await store.client.texts()).toEqual(['one', 'three', 'two']);
      expect(await integrityOf(store)).toBe('ok');
      const other = await new DataSource({ type: 'sqlite', database: store.file }).initialize();
      expect(await other.query('select count(*) as count from messages')).toEqual([{ count: 3 }]);
      await other.destroy();
    },
  );
});

test('a store that is reached by a link has its files beside what the link leads to', () => {
  const link = join(store.above, 'link.sqlite');
  symlinkSync(store.file, link);
  expect(standingAt(link)).toEqual(standingAt(store.file));
  expect(standingAt(link).wal).not.toBeNull();
});

import {
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { runHeliograph } from '../support/command';
import {
  FINE,
  integrityOf,
  openStoreInTrouble,
  type StoreInTrouble,
  UNAVAILABLE,
  within,
} from './store-in-trouble';

const PAGE_BYTES = 4_096;

/** Overwrites every page from the given one on, in place: same file, same size. */
function damage(file: string, fromPage: number): void {
  const bytes = Buffer.alloc(statSync(file).size - fromPage * PAGE_BYTES, 0x5a);
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, fromPage * PAGE_BYTES);
  closeSync(descriptor);
}

/** A store with messages that fill some pages, most of them written back from the WAL. */
async function openFilled(): Promise<StoreInTrouble> {
  const store = await openStoreInTrouble();
  for (let count = 0; count < 5; count += 1) await store.client.create(`${count} ${'word '.repeat(2_000)}`);
  const other = await new DataSource({ type: 'sqlite', database: store.file }).initialize();
  await other.query('pragma wal_checkpoint(truncate)');
  await other.destroy();
  await store.client.create('in the WAL');
  return store;
}

describe.each([
  ['every page, the first included', 0],
  ['every page but the first', 1],
])('%s overwritten under a running gateway', (_, fromPage) => {
  const recoveries: Readonly<Record<string, (store: StoreInTrouble, bytes: Buffer) => void>> = {
    'the bytes written back in place': ({ file }, bytes) => {
      writeFileSync(file, bytes);
    },
    'a backup moved over it': ({ file, above }) => {
      renameSync(join(above, 'backup.sqlite'), file);
    },
  };

  test.each(Object.keys(recoveries))(
    'is told as such, never replaced by us, and over with %s, without a restart',
    async name => {
      const store = await openFilled();
      try {
        await store.database.write(({ query }) => query('select 1'));
        const copy = await new DataSource({ type: 'sqlite', database: store.file }).initialize();
        await copy.query(`vacuum into '${join(store.above, 'backup.sqlite')}'`);
        await copy.destroy();
        const texts = await store.client.texts();
        const bytes = readFileSync(store.file);
        damage(store.file, fromPage);
        const damaged = readFileSync(store.file);

        // What a connection still remembers may hide it for a while, until it has to look at the file.
        expect(await within(10_000, async () => (await store.client.list()).status !== 200)).toBe(true);
        expect(await store.client.list()).toMatchObject(UNAVAILABLE);
        expect(await store.client.create('lost')).toMatchObject(UNAVAILABLE);
        expect(readFileSync(store.file).equals(damaged)).toBe(true);

        recoveries[name]?.(store, bytes);
        expect(
          await within(5_000, async () => (await store.client.create('afterwards')).status === 200),
        ).toBe(true);
        expect(await store.client.texts()).toEqual([...texts, 'afterwards'].sort());
        expect(await store.client.readiness()).toBe(200);
        expect(await integrityOf(store)).toBe('ok');
        expect(await store.client.create('two')).toMatchObject(FINE);
      } finally {
        await store.close();
      }
    },
  );
});

describe('a damaged file at the start', () => {
  test.each([
    ['whose first page is overwritten', (file: string) => damage(file, 0)],
    ['whose other pages are overwritten', (file: string) => damage(file, 1)],
    ['that was cut short', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 5_000))],
    ['that never was a store', (file: string) => writeFileSync(file, 'words '.repeat(1_000))],
  ])('%s is refused with one line and exit code 1, and left as it is', async (_, harm) => {
    const folder = mkdtempSync(join(tmpdir(), 'heliograph-corrupt-'));
    try {
      const store = await openFilled();
      const file = join(folder, 'store.sqlite');
      await store.stop();
      renameSync(store.file, file);
      await store.close();
      harm(file);
      const damaged = readFileSync(file);
      const { exitCode, stdout, stderr } = await runHeliograph(['serve'], {
        env: { DATABASE_URL: `sqlite:${file}`, PORT: '0', LOG_LEVEL: 'error' },
      });
      expect(exitCode).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^error: The store cannot be reached.*SQLITE_(NOTADB|CORRUPT).*\n$/);
      expect(readFileSync(file).equals(damaged)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

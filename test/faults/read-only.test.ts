import { chmodSync, chownSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { type GatewayProcess, startGatewayProcess } from '../support/process';
import {
  ADMIN_TOKEN,
  Client,
  FINE,
  openStoreInTrouble,
  succeeds,
  UNAVAILABLE,
  within,
} from './store-in-trouble';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let folder: string;
let file: string;
let gateway: GatewayProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heliograph-read-only-'));
  file = join(folder, 'store.sqlite');
  own(folder);
});
afterEach(async () => {
  gateway?.child.kill('SIGKILL');
  await gateway?.ended;
  gateway = undefined;
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

/** For root every file is writable, so the gateway runs as somebody else then. */
const STEP_DOWN = `process.setgroups?.([]); process.setgid(${NOBODY}); process.setuid(${NOBODY});`;

function own(path: string): void {
  if (isRoot) chownSync(path, NOBODY, NOBODY);
}

async function start(): Promise<Client> {
  gateway = await startGatewayProcess(
    { DATABASE_URL: `sqlite:${file}`, ADMIN_TOKEN },
    isRoot ? { beside: STEP_DOWN } : {},
  );
  return new Client(gateway.url);
}

async function stop(): Promise<void> {
  gateway?.child.kill('SIGTERM');
  expect(await gateway?.ended).toBe(0);
}

describe('a store that may not be written, at the start', () => {
  test.each([
    ['the file', () => file, 0o400, 0o600],
    ['the folder', () => folder, 0o500, 0o700],
  ])(
    '%s: refused with a clear line, nothing is left behind, and all is well once it may be',
    async (_, path, closed, open) => {
      const client = await start();
      expect(await client.create('one')).toMatchObject(FINE);
      await stop();
      const before = readdirSync(folder);
      chmodSync(path(), closed);
      await expect(start()).rejects.toThrow(
        /error: The store cannot be reached just now.*\((EACCES|SQLITE_CANTOPEN|SQLITE_READONLY)/,
      );
      expect(readdirSync(folder)).toEqual(before);

      chmodSync(path(), open);
      const again = await start();
      expect(await again.create('two')).toMatchObject(FINE);
      expect(await again.texts()).toEqual(['one', 'two']);
    },
  );

  test('a folder in which a new store cannot be made is named', async () => {
    chmodSync(folder, 0o500);
    await expect(start()).rejects.toThrow(/error: EACCES.*store\.sqlite/);
  });
});

describe('while serving', () => {
  test.each([
    ['the file', () => file, 0o400],
    ['the folder', () => folder, 0o500],
  ])('%s made read-only: what is open is not touched by that, so all goes on', async (_, path, closed) => {
    const client = await start();
    await client.create('one');
    chmodSync(path(), closed);
    expect(await client.create('two')).toMatchObject(FINE);
    expect(await client.texts()).toEqual(['one', 'two']);
  });

  test('a backup that the gateway may not write is not served, and is as soon as it may, without a restart', async () => {
    const client = await start();
    await client.create('one');
    const backup = join(folder, 'backup.sqlite');
    const source = await new DataSource({ type: 'sqlite', database: file }).initialize();
    await source.query(`vacuum into '${backup}'`);
    await source.destroy();
    own(backup);
    chmodSync(backup, 0o400);
    renameSync(backup, file);
    expect(await client.create('lost')).toMatchObject(UNAVAILABLE);
    expect(await client.list()).toMatchObject(UNAVAILABLE);
    expect(await client.readiness()).toBe(503);

    chmodSync(file, 0o600);
    expect(await within(5_000, async () => (await client.create('two')).status === 200)).toBe(true);
    expect(await client.texts()).toEqual(['one', 'two']);
    expect(await client.readiness()).toBe(200);
  });
});

/** Files that nobody can write, however they were opened: what a disk does that the system has turned read-only. */
describe('a file that refuses every write while it is served', () => {
  const canFreeze = isRoot && freezes();
  const maybe = canFreeze ? test : test.skip;
  if (!canFreeze) console.log('skipped: it takes root, and a file system that knows chattr +i.');

  maybe('writes are refused, reads are answered, and writes go on when it takes them again', async () => {
    const store = await openStoreInTrouble();
    // Not the third file: it is shared memory, and who cannot write to that is ended by the system (SIGBUS).
    const frozen = [store.file, `${store.file}-wal`];
    try {
      await store.client.create('one');
      expect(succeeds('chattr', '+i', ...frozen)).toBe(true);
      expect(await store.client.create('lost')).toMatchObject(UNAVAILABLE);
      expect(await store.client.create('lost')).toMatchObject(UNAVAILABLE);
      expect(await store.client.texts()).toEqual(['one']);
      succeeds('chattr', '-i', ...frozen);
      expect(await within(5_000, async () => (await store.client.create('two')).status === 200)).toBe(true);
      expect(await store.client.texts()).toEqual(['one', 'two']);
    } finally {
      succeeds('chattr', '-i', ...frozen);
      await store.close();
    }
  });
});

function freezes(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'heliograph-frozen-'));
  const frozen = succeeds('chattr', '+i', probe);
  succeeds('chattr', '-i', probe);
  rmSync(probe, { recursive: true });
  return frozen;
}

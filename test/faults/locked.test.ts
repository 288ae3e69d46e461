import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  FINE,
  integrityOf,
  openStoreInTrouble,
  type Outcome,
  type StoreInTrouble,
  UNAVAILABLE,
} from './store-in-trouble';

let store: StoreInTrouble;
let holder: ChildProcess | undefined;
let ended: Promise<unknown> | undefined;
beforeEach(async () => {
  store = await openStoreInTrouble();
  await store.client.create('one');
});
afterEach(async () => {
  holder?.kill('SIGKILL');
  await ended;
  await store.close();
});

/** Another process takes the store's lock for so many milliseconds; resolves when it has it. */
async function lock(begin: string, ms: number): Promise<void> {
  const program = `
    const { Database } = require(${JSON.stringify(require.resolve('sqlite3'))});
    const database = new Database(${JSON.stringify(store.file)});
    database.exec(${JSON.stringify(begin)}, error => {
      if (error) throw error;
      process.stdout.write('locked');
      setTimeout(() => database.exec('rollback', () => process.exit()), ${ms});
    });`;
  holder = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  ended = once(holder, 'exit');
  if (holder.stdout !== null) await once(holder.stdout, 'data');
}

/** Two waits of 5 s; one takes a little more than that, how much hangs on the machine. */
const ONE_AFTER_THE_OTHER_MS = 9_500;

const timed = async (send: () => Promise<Outcome>): Promise<Outcome & { readonly ms: number }> => {
  const startMs = performance.now();
  return { ...(await send()), ms: performance.now() - startMs };
};

describe.each(['begin immediate', 'begin exclusive'])('another process that holds the lock (%s)', begin => {
  test('for 3 s: a write waits and succeeds, reads do not wait', async () => {
    await lock(begin, 3_000);
    const write = timed(() => store.client.create('two'));
    const read = await timed(() => store.client.list());
    expect(read).toMatchObject(FINE);
    expect(read.ms).toBeLessThan(2_000);
    expect(await store.client.readiness()).toBe(200);
    const written = await write;
    expect(written).toMatchObject(FINE);
    expect(written.ms).toBeGreaterThan(1_500);
    expect(await store.client.texts()).toEqual(['one', 'two']);
  });

  test('for 8 s: ten writes are refused together, none after the other, reads are answered, later writes succeed', async () => {
    await lock(begin, 8_000);
    const writes = Array.from({ length: 10 }, (_, index) =>
      timed(() => store.client.create(`refused ${index}`)),
    );
    const read = await timed(() => store.client.list());
    expect(read).toMatchObject(FINE);
    expect(read.ms).toBeLessThan(2_000);
    for (const write of await Promise.all(writes)) {
      expect(write).toMatchObject(UNAVAILABLE);
      expect(write.ms).toBeLessThan(ONE_AFTER_THE_OTHER_MS);
    }
    // This one has the rest of the 8 s to wait, and does not have to wait for longer.
    expect(await store.client.create('two')).toMatchObject(FINE);
    expect(await store.client.texts()).toEqual(['one', 'two']);
    expect(await integrityOf(store)).toBe('ok');
  });

  test('and is killed with it: the next write succeeds at once', async () => {
    await lock(begin, 60_000);
    const write = timed(() => store.client.create('two'));
    holder?.kill('SIGKILL');
    expect(await write).toMatchObject(FINE);
    expect((await write).ms).toBeLessThan(4_000);
    expect(await integrityOf(store)).toBe('ok');
  });
});

test('a write that comes while others wait in vain has 5 s from its own coming, no more', async () => {
  await lock('begin immediate', 12_000);
  const first = timed(() => store.client.create('first'));
  await delay(2_000);
  const second = timed(() => store.client.create('second'));
  for (const write of [await first, await second]) {
    expect(write).toMatchObject(UNAVAILABLE);
    expect(write.ms).toBeGreaterThan(4_000);
    expect(write.ms).toBeLessThan(ONE_AFTER_THE_OTHER_MS);
  }
});

import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openSqlite } from '../../src/platform/database/open-sqlite';
import { model } from '../../src/model';
import { startGatewayProcess } from '../support/process';
import {
  ADMIN_TOKEN,
  Client,
  FINE,
  FULL,
  integrityOf,
  openStoreInTrouble,
  succeeds,
} from './store-in-trouble';

const LONG = 'word '.repeat(5_000);
const BATCH = `mutation ($inputs: [CreateMessageInput!]!) {
  batchCreateMessages(inputs: $inputs, errorPolicy: PARTIAL, idempotencyKey: "full") { succeeded }
}`;

/** Creates messages until one is refused, which must be for want of room. @returns the texts of those acknowledged. */
async function fill(client: Client): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  for (;;) {
    const text = `${acknowledged.length} ${LONG}`.trim();
    const outcome = await client.create(text);
    if (outcome.status !== 200) {
      expect(outcome).toMatchObject(FULL);
      return acknowledged;
    }
    acknowledged.push(text);
  }
}

describe('a full disk', () => {
  test('SQLite has no page left: nothing is stored in part, reads go on, and so do writes once there is room', async () => {
    const store = await openStoreInTrouble();
    const { client, database } = store;
    try {
      const limit = (pages: string) =>
        database.write(({ query }) => query(`pragma max_page_count = ${pages}`));
      const [now] = await database.read<{ page_count: number }>('pragma page_count');
      await limit(String((now?.page_count ?? 0) + 60));
      const acknowledged = await fill(client);
      const inputs = Array.from({ length: 20 }, (_, index) => ({
        message: `${index} of a batch ${LONG}`.trim(),
        channels: ['SMS'],
      }));
      expect(await client.send(BATCH, { inputs })).toMatchObject(FULL);
      expect(await client.texts()).toEqual([...acknowledged].sort());
      expect(await client.readiness()).toBe(200);

      await limit('1000000');
      expect(await client.send(BATCH, { inputs })).toMatchObject(FINE);
      expect((await client.texts()).length).toBe(acknowledged.length + inputs.length);
      expect(await integrityOf(store)).toBe('ok');
    } finally {
      await store.close();
    }
  });

  const mount = mkdtempSync(join(tmpdir(), 'heliograph-small-disk-'));
  const isMounted = succeeds('mount', '-t', 'tmpfs', '-o', 'size=4m', 'none', mount);
  const unmount = (): void => {
    if (isMounted) succeeds('umount', '-l', mount);
    rmSync(mount, { recursive: true, force: true });
  };
  afterAll(unmount);
  if (!isMounted) console.log('skipped: a disk of 4 MB cannot be mounted here.');

  (isMounted ? test : test.skip)(
    'a disk of 4 MB: the same, even if the gateway is killed while it is full',
    async () => {
      const file = join(mount, 'store.sqlite');
      const start = () => startGatewayProcess({ DATABASE_URL: `sqlite:${file}`, ADMIN_TOKEN });
      let gateway = await start();
      try {
        const ballast = join(mount, 'ballast');
        const { bavail, bsize } = statfsSync(mount);
        writeFileSync(ballast, Buffer.alloc(bavail * bsize - 1_000_000));
        const client = new Client(gateway.url);
        const acknowledged = await fill(client);
        expect(acknowledged.length).toBeGreaterThan(1);
        for (let attempt = 0; attempt < 3; attempt += 1)
          expect(await client.create(LONG)).toMatchObject(FULL);
        expect(await client.texts()).toEqual([...acknowledged].sort());
        rmSync(ballast);
        expect(await client.create('with room')).toMatchObject(FINE);

        writeFileSync(ballast, Buffer.alloc(bavail * bsize - 2_000_000));
        acknowledged.concat('with room', await fill(client));
        const texts = await client.texts();
        gateway.child.kill('SIGKILL');
        await gateway.ended;
        rmSync(ballast);
        gateway = await start();
        expect(await new Client(gateway.url).texts()).toEqual(texts);
        gateway.child.kill('SIGTERM');
        expect(await gateway.ended).toBe(0);
        const database = await openSqlite({ file, model, subscribers: [] });
        expect(await database.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
        await database.close();
      } finally {
        gateway.child.kill('SIGKILL');
        await gateway.ended;
      }
    },
  );
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newDatabase, open } from '../../platform/postgres/databases';
import { runHeliograph } from '../../support/command';
import { openGateway } from '../../support/gateway';
import { MINIMAL } from '../../support/mutations';
import { FORGETFUL, type PostgresServer, startPostgres } from '../../support/postgres-server';
import { type Replica, startReplica } from '../../support/replica';
import { Network } from './network';

const CREATE = 'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { id } } }';
const WHY = 'the server is a standby, which can only be read';

let primary: PostgresServer;
let standby: Replica;
let [primaryUrl, standbyUrl] = ['', ''];
beforeAll(async () => {
  primary = await startPostgres(FORGETFUL);
  standby = await startReplica(primary);
  primaryUrl = await newDatabase(primary.url);
  standbyUrl = standby.urlOf(primaryUrl);
  await (await open(primaryUrl)).close();
  await standby.catchUp();
}, 60_000);
afterAll(async () => {
  await standby.remove();
  await primary.remove();
});

describe('where DATABASE_URL names a standby', () => {
  // Without a token that somebody could read with, a gateway has to make the first.
  test.each([['serve'], ['token create --name one --scope messages:list']])(
    '%s ends at once, and says so',
    async command => {
      const env = { DATABASE_URL: standbyUrl, PORT: '0' };
      const outcome = await runHeliograph(command.split(' '), { env });
      expect(outcome).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(WHY) });
    },
    30_000,
  );

  test('an import stops with that one error, and blames none of its lines', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heliograph-standby-'));
    try {
      const file = join(folder, 'messages.ndjson');
      writeFileSync(file, '{"message":"one","channels":["SMS"]}\n{"message":"two","channels":["SMS"]}\n');
      const outcome = await runHeliograph(['import', file], { env: { DATABASE_URL: standbyUrl } });
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(WHY) });
      expect(outcome.stderr).not.toMatch(/^line \d/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 30_000);

  test('what only reads goes on', async () => {
    const outcome = await runHeliograph(['export', '-'], { env: { DATABASE_URL: standbyUrl } });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: '' });
  }, 30_000);
});

test('A gateway behind whose address a standby answers from now on refuses writes, and is not ready', async () => {
  const network = await Network.before(primaryUrl);
  const gateway = await openGateway({}, network.url);
  const readiness = async (): Promise<number> => (await fetch(new URL('/readyz', gateway.url))).status;
  const write = (): ReturnType<typeof gateway.graphql> => gateway.graphql(CREATE, { input: MINIMAL });
  try {
    expect([await readiness(), (await write()).status]).toEqual([200, 200]);
    network.leadTo(standbyUrl);
    expect(await write()).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: 'DATABASE_UNAVAILABLE' } }],
    });
    expect(await readiness()).toBe(503);
    network.leadTo(primaryUrl);
    expect([(await write()).status, await readiness()]).toEqual([200, 200]);
  } finally {
    await gateway.close();
    network.close();
  }
}, 30_000);

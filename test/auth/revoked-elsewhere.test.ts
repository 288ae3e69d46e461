import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { placeOf } from '../../src/platform/database/place';
import { ask, posted } from '../hostile/wire';
import { runHeliograph } from '../support/command';
import { newPlace, openDatabaseAt } from '../support/engine';
import { columnsOfTheStore } from '../support/engine-words';
import { type GatewayProcess, startGatewayProcess } from '../support/process';

const ADMIN_TOKEN = 'a-token-for-tests-only';
const QUERY = { query: '{ messages { totalCount } }' };

test('a process refuses a token from the next request on when another revokes it, and its store holds none', async () => {
  const place = await newPlace();
  const env = { DATABASE_URL: place.databaseUrl, ADMIN_TOKEN };
  const gateway: GatewayProcess = await startGatewayProcess(env);
  try {
    const made = await runHeliograph(['token', 'create', '--name', 'kiosk', '--scope', 'messages:list'], {
      env,
    });
    const token = made.stdout.trim();
    const status = async (): Promise<number> =>
      (await ask(gateway.url, posted(QUERY, [['authorization', `Bearer ${token}`]]))).status;
    expect(await status()).toBe(200);
    const kept = await everythingIn(place.databaseUrl);
    expect((await runHeliograph(['token', 'revoke', '1'], { env })).exitCode).toBe(0);
    expect(await status()).toBe(401);
    expect(kept.some(bytes => bytes.includes('kiosk'))).toBe(true);
    for (const bytes of kept) {
      expect(bytes.includes(token)).toBe(false);
      expect(bytes.includes(ADMIN_TOKEN)).toBe(false);
    }
  } finally {
    gateway.child.kill('SIGTERM');
    await gateway.ended;
    await place.remove();
  }
});

/** What a store keeps: its files, or where it is on a server the rows of every table. */
async function everythingIn(databaseUrl: string): Promise<readonly Buffer[]> {
  const { file } = placeOf(databaseUrl);
  if (file !== null) {
    return readdirSync(dirname(file)).map(name => readFileSync(join(dirname(file), name)));
  }
  const database = await openDatabaseAt(databaseUrl);
  try {
    const kept: Buffer[] = [];
    for (const table of new Set((await columnsOfTheStore(database)).map(each => each.table))) {
      const rows = await database.read<{ text: string }>(`select kept::text as text from "${table}" as kept`);
      kept.push(...rows.map(({ text }) => Buffer.from(text)));
    }
    return kept;
  } finally {
    await database.close();
  }
}

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ask, posted } from '../hostile/wire';
import { runHeliograph } from '../support/command';
import { type GatewayProcess, startGatewayProcess } from '../support/process';

const ADMIN_TOKEN = 'a-token-for-tests-only';
const QUERY = { query: '{ messages { totalCount } }' };

test('a process refuses a token from the next request on when another revokes it, and its store holds none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-revoked-'));
  const env = { DATABASE_URL: `sqlite:${join(folder, 'store.sqlite')}`, ADMIN_TOKEN };
  const gateway: GatewayProcess = await startGatewayProcess(env);
  try {
    const made = await runHeliograph(['token', 'create', '--name', 'kiosk', '--scope', 'messages:list'], {
      env,
    });
    const token = made.stdout.trim();
    const status = async (): Promise<number> =>
      (await ask(gateway.url, posted(QUERY, [['authorization', `Bearer ${token}`]]))).status;
    expect(await status()).toBe(200);
    const files = readdirSync(folder).map(name => readFileSync(join(folder, name)));
    expect((await runHeliograph(['token', 'revoke', '1'], { env })).exitCode).toBe(0);
    expect(await status()).toBe(401);
    expect(files.length).toBeGreaterThan(1);
    for (const bytes of files) {
      expect(bytes.includes(token)).toBe(false);
      expect(bytes.includes(ADMIN_TOKEN)).toBe(false);
    }
  } finally {
    gateway.child.kill('SIGTERM');
    await gateway.ended;
    rmSync(folder, { recursive: true });
  }
});

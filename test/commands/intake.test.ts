import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sign } from '../../src/providers/kinds/generic/standard-webhooks';
import { runHeliograph } from '../support/command';
import { freePort } from '../support/free-port';
import { type GatewayProcess, startGatewayProcess } from '../support/process';

const SECRET = 'a-secret-of-ours-for-tests';
const FILE = `providers:
  - { id: ward, name: The ward, kind: generic, secret: "\${WARD_SECRET}" }
  - { id: shut, kind: generic, secret: "\${WARD_SECRET}", enabled: false }
`;

let folder: string;
let gateway: GatewayProcess;
let env: NodeJS.ProcessEnv;
let address: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heliograph-intake-'));
  const file = join(folder, 'providers.yaml');
  writeFileSync(file, FILE);
  const port = String(await freePort());
  address = `http://127.0.0.1:${port}`;
  env = {
    ...{ PROVIDERS_FILE: file, WARD_SECRET: SECRET, PUBLIC_URL: address, PORT: port },
    ...{
      DATABASE_URL: `sqlite:${join(folder, 'store.sqlite')}`,
      INTAKE_KEY: '0c'.repeat(32),
      ADMIN_TOKEN: SECRET,
    },
  };
  gateway = await startGatewayProcess(env);
});
afterAll(async () => {
  gateway.child.kill('SIGTERM');
  await gateway.ended;
  rmSync(folder, { recursive: true });
});

describe('provider test', () => {
  test('sends a sample that the gateway takes, and that stays nowhere', async () => {
    const outcome = await runHeliograph(['provider', 'test', 'ward'], { env });
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(outcome.stdout).toMatch(
      /answered 200 in \d+ ms\.\nThe reply: .*\nThe gateway would have stored 1 message/,
    );
    const listed = await runHeliograph(['provider', 'list'], { env });
    expect(listed.stdout).toMatch(/^ID .*\nward +generic +The ward +OTHER +yes +- +0 +0 +0\nshut .* no /);
  });
});

describe('intake', () => {
  test('lists, shows and replays what could not be taken, and prints what a message could not hold', async () => {
    await send('{ "from": ');
    const listed = await runHeliograph(['intake', 'list'], { env });
    expect(listed.stdout).toMatch(
      /^ID .*\n1 +ward +20\S+Z +20\S+Z +1 +10 +yes +waits +the body is no JSON object in UTF-8\n$/,
    );
    const shown = await runHeliograph(['intake', 'show', '1'], { env });
    expect(shown.stdout).toMatch(
      /^POST http:\/\/\S+\/providers\/ward\n[^]*\ncontent-type: text\/plain[^]*\n\n{ "from": $/,
    );
    const replayed = await runHeliograph(['intake', 'replay', '--all'], { env });
    expect(replayed).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^1: still fails, 0 stored, 0 known: /),
    });
    expect(replayed.stderr).toContain('1 of 1 still fails');

    const answer = await send('{"id":"1","from":"+15550100100","text":"bell\\u0007"}');
    const raw = await runHeliograph(
      ['intake', 'raw', String((JSON.parse(answer) as Stored).results[0]?.id)],
      { env },
    );
    expect(raw.stdout).toContain('"text":"bell\\u0007"');
    const locked = await runHeliograph(['intake', 'show', '1'], { env: { ...env, INTAKE_KEY: '' } });
    expect(locked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('set INTAKE_KEY') });
    const skipped = await runHeliograph(['intake', 'replay', '1'], { env: { ...env, INTAKE_KEY: '' } });
    expect(skipped).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('set INTAKE_KEY') });
  });

  test('is told what is wrong with a replay of nothing, and with an id that is none', async () => {
    expect(await runHeliograph(['intake', 'replay'], { env })).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await runHeliograph(['intake', 'show', '77'], { env })).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

test('serve does not start with a file that is wrong, and says all that is', async () => {
  const file = join(folder, 'wrong.yaml');
  writeFileSync(file, 'providers: [{ id: a, kind: generic }, { id: B, kind: pigeon, insecure: true }]');
  const { exitCode, stderr } = await runHeliograph(['serve'], {
    env: { ...env, PORT: '0', PROVIDERS_FILE: file },
  });
  expect([exitCode, stderr.match(/providers\.\d\.\w+/g)]).toEqual([
    1,
    ['providers.0.secret', 'providers.1.id', 'providers.1.kind'],
  ]);
});

interface Stored {
  readonly results: readonly { readonly id: string }[];
}

async function send(body: string): Promise<string> {
  const time = String(Math.floor(Date.now() / 1_000));
  const headers = {
    ...{ 'webhook-id': 'msg_1', 'webhook-timestamp': time, 'content-type': 'text/plain' },
    'webhook-signature': sign(SECRET, 'msg_1', time, Buffer.from(body)),
  };
  return (await fetch(`${address}/providers/ward`, { method: 'POST', headers, body })).text();
}

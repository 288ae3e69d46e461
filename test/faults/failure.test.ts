import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { placeOf } from '../../src/platform/database/place';
import { newPlace, type TestPlace } from '../support/engine';
import { freePort } from '../support/free-port';
import { startGatewayProcess } from '../support/process';

const ADMIN_TOKEN = 'a-token-for-tests-only';
const BODY = JSON.stringify({
  query: 'mutation { createMessage(input: {message: "x", channels: SMS}) { message { id } } }',
});

let place: TestPlace;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  place = await newPlace();
  env = { DATABASE_URL: place.databaseUrl, ADMIN_TOKEN };
});
afterEach(() => place.remove());

test.each([
  ['thrown where nobody catches it', 'uncaughtException', `throw new TypeError('can' + 'ary')`],
  [
    'of a promise that nobody awaits',
    'unhandledRejection',
    `void Promise.reject(new TypeError('can' + 'ary'))`,
  ],
])(
  'A failure %s is logged in one line without its text, and ends the process with 1 and its store closed',
  async (_, origin, fails) => {
    const { url, child, ended, log } = await startGatewayProcess(env, {
      beside: `process.on('SIGUSR2', () => { ${fails}; });`,
    });
    expect(await createMessage(url)).toBe(200);
    child.kill('SIGUSR2');
    expect(await ended).toBe(1);
    // A store in a file is in that one again; of a server the process has simply gone.
    const { file } = placeOf(place.databaseUrl);
    expect(file !== null && existsSync(`${file}-wal`)).toBe(false);
    expect(log()).toMatchObject([
      { level: 'fatal', origin, failure: { type: 'TypeError', stack: expect.stringMatching(/^\s+at /) } },
    ]);
    expect(JSON.stringify(log())).not.toContain('canary');
  },
);

test('A failure while it leaves ends the process at once', async () => {
  const { child, ended, log } = await startGatewayProcess(env, {
    beside: `process.on('SIGUSR2', () => { setImmediate(() => { throw 1; }); throw 2; });`,
  });
  child.kill('SIGUSR2');
  expect(await ended).toBe(1);
  expect(log()).toMatchObject([{ failure: { type: 'number' } }, { failure: { type: 'number' } }]);
});

test('A server whose output nobody reads goes on serving, and stops as it should', async () => {
  const { child, ended, url } = await startGatewayProcess(
    { ...env, PORT: String(await freePort()), LOG_LEVEL: 'debug' },
    { unread: true, beside: `process.on('SIGUSR2', () => process.emitWarning('nobody reads this'));` },
  );
  child.stderr?.destroy();
  await untilServed(url);
  child.kill('SIGUSR2');
  for (let count = 0; count < 5; count += 1) expect(await createMessage(url)).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('A second signal leaves at once', async () => {
  const { child, ended, log, url } = await startGatewayProcess({ ...env, LOG_LEVEL: 'info' });
  // Half a request keeps it from ending by itself.
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'data');
  socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\n');
  child.kill('SIGTERM');
  while (!log().some(({ msg }) => msg === 'stopping')) await once(child.stderr ?? child, 'data');
  child.kill('SIGINT');
  expect(await ended).toBe(1);
  expect(
    log()
      .map(({ msg }) => msg)
      .slice(-2),
  ).toEqual(['stopping', 'leaving at once']);
});

async function createMessage(url: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` };
  const answer = await fetch(url, { method: 'POST', headers, body: BODY });
  await answer.text();
  return answer.status;
}

async function untilServed(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(new URL('/healthz', url)).catch(() => undefined);
    if (answer !== undefined) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

test('The same signal twice at once is one: Ctrl-C reaches npm and the gateway, and npm hands it on', async () => {
  const { child, ended, log } = await startGatewayProcess({ ...env, LOG_LEVEL: 'info' });
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(log().map(({ msg }) => msg)).not.toContain('leaving at once');
});

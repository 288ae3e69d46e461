import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CommandOutcome, runHeliograph } from '../../support/command';
import { newPlace, type TestPlace } from '../../support/engine';

/** Starting Node takes most of it, many seconds on a busy machine; a server waits a minute for a password. */
const AT_ONCE_MS = 25_000;

let place: TestPlace;
beforeAll(async () => {
  place = await newPlace();
});
afterAll(() => place.remove());

const spoilt = (spoil: Partial<Pick<URL, 'hostname' | 'port' | 'username' | 'password' | 'pathname'>>): URL =>
  Object.assign(new URL(place.databaseUrl), spoil);

function run(command: string, url: URL, env: NodeJS.ProcessEnv = {}): Promise<CommandOutcome> {
  return runHeliograph(command.split(' '), { env: { DATABASE_URL: url.href, PORT: '0', ...env } });
}

describe('a command that a server does not let in ends at once, and says why:', () => {
  test.each([
    ['serve', 'no password', { password: '' }, /empty password/],
    ['token list', 'a wrong password', { password: 'hush' }, /password authentication failed for user/],
    ['token list', 'no such database', { pathname: '/nowhere' }, /database "nowhere" does not exist/],
    ['token list', 'nobody there', { port: '1' }, /connect ECONNREFUSED \S+:1\b/],
    ['token list', 'no such host', { hostname: 'no.such.host.invalid' }, /\b(ENOTFOUND|EAI_AGAIN) no\.such/],
  ])(
    '%s with %s',
    async (command, _what, spoil, reason) => {
      const startedMs = performance.now();
      const outcome = await run(command, spoilt(spoil));
      expect(performance.now() - startedMs).toBeLessThan(AT_ONCE_MS);
      expect(outcome).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringMatching(/^error: .*\n$/),
      });
      expect(outcome.stderr).toMatch(reason);
      expect(outcome.stderr).not.toMatch(/hush|only-for-tests/);
    },
    90_000,
  );

  test('with no TLS on the server', async () => {
    const url = spoilt({});
    url.searchParams.set('sslmode', 'verify-full');
    expect((await run('migrate', url)).stderr).toContain('the server offers no TLS');
  }, 30_000);

  test('with detail, what caused it as well, and no password', async () => {
    const { stderr } = await run('token list', spoilt({ password: 'hush' }), { LOG_LEVEL: 'debug' });
    expect(stderr).toMatch(/^error: .*\nRefusal: .*\n( +at .*\n)+caused by: error: password authentication/);
    expect(stderr).not.toContain('hush');
  }, 30_000);
});

/** Runs a command against what takes a connection for a server's and does this with it. */
async function against(work: (socket: Socket) => void, command: string): Promise<CommandOutcome> {
  const listener = createServer(work).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  try {
    const { port } = listener.address() as AddressInfo;
    return await run(command, spoilt({ hostname: '127.0.0.1', port: String(port), password: '' }));
  } finally {
    listener.close();
  }
}

test.each(['serve', 'token list'])(
  'A password that is missing ends %s at once, even if the server goes on waiting for one',
  async command => {
    const startedMs = performance.now();
    const outcome = await against(socket => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(authentication(SASL, 'SCRAM-SHA-256\0\0')));
      socket.once('data', () =>
        socket.once('data', () => socket.write(authentication(SASL_CONTINUE, 'r=x'))),
      );
    }, command);
    expect(performance.now() - startedMs).toBeLessThan(AT_ONCE_MS);
    expect(outcome).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/the server asks for a password, and there is none/),
    });
  },
  90_000,
);

test('A server that says nothing is given up after ten seconds, and told of', async () => {
  const outcome = await against(() => undefined, 'token list');
  expect(outcome).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('the server does not answer'),
  });
}, 30_000);

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
const [SASL, SASL_CONTINUE] = [10, 11];

function authentication(kind: number, text: string): Buffer {
  const message = Buffer.alloc(9 + text.length);
  message.write('R');
  message.writeInt32BE(8 + text.length, 1);
  message.writeInt32BE(kind, 5);
  message.write(text, 9, 'latin1');
  return message;
}

import { expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { talk } from '../../hostile/wire';
import { type Answer, serve } from './serve';

test('It says that it is alive whatever happens, and ready only as long as its store is', async () => {
  let ready: () => Promise<boolean> = () => Promise.resolve(true);
  const server = await serve({ isReady: () => ready() });
  const probe = async (path: string): Promise<unknown> => {
    const { status, text } = await server.fetch(path);
    return [status, JSON.parse(text)];
  };
  expect(await probe('/readyz')).toEqual([200, { status: 'ok' }]);
  ready = () => Promise.resolve(false);
  expect(await probe('/readyz')).toEqual([503, { status: 'unavailable' }]);
  ready = () => Promise.reject(new Error('no store'));
  expect(await probe('/readyz')).toEqual([503, { status: 'unavailable' }]);
  expect(await probe('/healthz')).toEqual([200, { status: 'ok' }]);
  await server.close();
});

test('Closing resets no busy keep-alive client: each is told to leave first', async () => {
  const server = await serve();
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const clients = Array.from({ length: 8 }, async () => {
    const answers: IncomingMessage[] = [];
    while (!answers.at(-1)?.headers.connection?.includes('close'))
      answers.push(await request(agent, `${server.url}/healthz`));
    return answers;
  });
  const before = await request(agent, `${server.url}/readyz`);
  const closed = server.close();
  const during = await request(agent, `${server.url}/readyz`);
  const answers = (await Promise.all(clients)).flat();
  await closed;
  agent.destroy();
  expect(before).toMatchObject({ statusCode: 200, headers: { connection: 'keep-alive' } });
  expect(during).toMatchObject({ statusCode: 503, headers: { connection: 'close' } });
  expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
});

test('Closing waits for the request that is running, and a second call for the same end', async () => {
  const gate = new EventEmitter();
  const asked = once(gate, 'asked');
  const server = await serve({
    contextFor: async (viewer, { requestId }, allowance) => {
      gate.emit('asked');
      await once(gate, 'open');
      return { viewer, requestId, allowance };
    },
  });
  const answer = server.post({ query: '{ hello }' });
  await asked;
  const closed = [server.close(), server.close()];
  gate.emit('open');
  expect(await answer).toMatchObject({ status: 200, body: { data: { hello: 'hello' } } });
  await Promise.all(closed);
});

test('Who has begun to ask is heard out, even if nobody else is let in any more', async () => {
  const server = await serve();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  const head = 'GET /readyz HTTP/1.1\r\nhost: x\r\n';
  // The answer to a first request shows that the server has the beginning of the second.
  socket.write(`${head}\r\n${head}`);
  await once(socket, 'data');
  const closed = server.close();
  while (await server.fetch('/healthz').then(isAnswered, () => false)) continue;
  socket.write('\r\n');
  const [answer] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  expect(answer).toMatch(/^connection: close\r$/im);
  expect(answer).toContain('{"status":"closing"}');
  await closed;
  socket.destroy();
});

test('The address that it names can be opened, even if it listens everywhere', async () => {
  const server = await serve({}, '0.0.0.0');
  expect(server.url).toMatch(/^http:\/\/localhost:\d+$/);
  expect((await server.fetch('/healthz')).status).toBe(200);
  await server.close();
});

test('A proxy that speaks HTTP/1.0, which knows no Host, may ask whether it is alive', async () => {
  const server = await serve();
  const [answer] = await talk(server.url, Buffer.from('GET /healthz HTTP/1.0\r\n\r\n'));
  expect(answer?.status).toBe(200);
  await server.close();
});

function request(agent: Agent, url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, answer => {
      answer.resume().on('end', () => resolve(answer));
    }).on('error', reject);
  });
}

function isAnswered({ status }: Answer): boolean {
  return status === 200;
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { type EdgeContext } from '../../../src/platform/server/edge';
import { createServer, type HttpServer } from '../../../src/platform/server/http';
import { QUERY_LIMITS } from '../../../src/platform/query-limits';

const PATIENCE = {
  headersMs: 300,
  requestMs: 600,
  slowAfterMs: 500,
  cutAfterMs: 1_500,
  silenceMs: 10_000,
  idleMs: 300,
  checkEveryMs: 50,
};

/** More than both ends of a connection hold for a reader who does not come. */
const ANSWER_LENGTH = 30_000_000;

const HEADERS = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

/** Tells when a request has the one place there is: one that only came might find it taken, and be refused itself. */
const runs = new EventEmitter();
const long = (): string => {
  runs.emit('long');
  return 'x'.repeat(ANSWER_LENGTH);
};

let server: HttpServer;
let port: number;
beforeAll(async () => {
  server = await createServer<EdgeContext['viewer'], EdgeContext>(
    {
      schema: schemaOf({ hello: () => 'hello', long }),
      log: pino({ level: 'silent' }),
      authenticate: () => Promise.resolve({ key: 'somebody', isAnonymous: false }),
      contextFor: (viewer, { requestId }, allowance) => ({ viewer, requestId, allowance }),
      isReady: () => Promise.resolve(true),
      explorer: false,
      examples: { document: '', variables: {} },
      corsOrigins: [],
      trustedProxies: [],
      rateLimitPerMinute: null,
      wrongTokensPerMinute: null,
      maxRunning: 1,
      maxWaiting: 0,
      executionTimeoutMs: 10_000,
      maxBodyBytes: 1_000_000,
      queryLimits: QUERY_LIMITS,
    },
    PATIENCE,
  );
  port = Number(new URL((await server.listen({ host: '127.0.0.1', port: 0 })).url).port);
});
afterAll(() => server.close());

describe('A client that takes too long is told so and hung up on:', () => {
  test.concurrent.each([
    ['it sends nothing', '', ''],
    ['its headers come in drops', 'POST /graphql HTTP/1.1\r\nhost: x\r\n', 'x-drop: 1\r\n'],
    ['its body comes in drops', `${HEADERS}content-length: 1000\r\n\r\n{`, ' '],
    ['its body comes in chunks without an end', `${HEADERS}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
  ])('%s', async (_, begin, drop) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(begin);
    const dropping = setInterval(() => socket.write(drop), 20);
    const answer = await untilHungUp(socket);
    clearInterval(dropping);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 408 /);
    expect(head).toMatch(/^connection: close$/im);
    expect(head).toMatch(/^cache-control: no-store$/im);
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: 'The request did not arrive in time.', extensions: { code: 'TIMEOUT' } }],
    });
  });
});

describe('A client that does not read its answer', () => {
  test('gives its place up soon, and is cut later, even if it reads a drop now and then', async () => {
    const socket = connect(port, '127.0.0.1').pause();
    const running = once(runs, 'long');
    socket.write(request('{ long }'));
    await running;
    await untilAnswered(503);
    // Somebody else gets in while the answer still waits to be read.
    await untilAnswered(200);
    socket.on('data', () => {
      socket.pause();
      setTimeout(() => socket.resume(), 50);
    });
    const answer = await untilHungUp(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.length).toBeLessThan(ANSWER_LENGTH);
  });

  test('holds nobody up with further requests on the same connection, even if it hangs up', async () => {
    const socket = connect(port, '127.0.0.1').pause();
    const running = once(runs, 'long');
    socket.write(request('{ long }') + request('{ long }') + request('{ hello }'));
    await running;
    await untilAnswered(503);
    socket.destroy();
    await untilAnswered(200);
  });
});

test('What is not HTTP is never answered in place of a request that still runs, or in the midst of its answer', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${request('{ long }')}no HTTP\r\n\r\n`);
  const answer = await untilHungUp(socket);
  expect(answer).not.toContain('400 Bad Request');
});

test('A large request that is refused on the bare socket can read why, even if it is still being sent', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET /graphql HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(2_000_000)}\r\n\r\n`);
  expect(await untilHungUp(socket)).toMatch(/^HTTP\/1\.1 431 /);
});

test('A connection on which nothing is asked any more is closed', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
  expect(await untilHungUp(socket)).toMatch(/^HTTP\/1\.1 200 /);
});

test('A client that asks and asks without reading is hung up on, and one that sends a few at a time is answered', async () => {
  const ask = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';
  const greedy = connect(port, '127.0.0.1');
  greedy.write(ask.repeat(1_000));
  expect((await untilHungUp(greedy)).match(/HTTP\/1\.1 200/g)?.length ?? 0).toBeLessThan(1_000);
  const modest = connect(port, '127.0.0.1');
  modest.write(`${ask.repeat(9)}${ask.replace('host', 'connection: close\r\nhost')}`);
  expect((await untilHungUp(modest)).match(/HTTP\/1\.1 200/g)).toHaveLength(10);
});

function request(query: string): string {
  const body = JSON.stringify({ query });
  return `${HEADERS}content-length: ${body.length}\r\n\r\n${body}`;
}

async function untilHungUp(socket: Socket): Promise<string> {
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket
    .on('error', () => undefined)
    .on('end', () => socket.end())
    .resume();
  await once(socket, 'close');
  return answer;
}

async function untilAnswered(status: number): Promise<void> {
  const ask = async (): Promise<number> => {
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ hello }' }),
    });
    await answer.text();
    return answer.status;
  };
  while ((await ask()) !== status) await nextTurn();
}

function schemaOf(resolvers: Readonly<Record<string, () => unknown>>): GraphQLSchema {
  const schema = buildSchema('type Query { hello: String! long: String! }');
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {}))
    Object.assign(field, { resolve: resolvers[field.name] });
  return schema;
}

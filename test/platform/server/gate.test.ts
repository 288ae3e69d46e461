import { afterEach, describe, expect, test } from '@jest/globals';
import { assert, asyncProperty, array, constantFrom, integer, nat, record } from 'fast-check';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Gate, type Leave, OVERLOADED } from '../../../src/platform/server/gate';
import { type Answer, serve, type TestServer } from './serve';

const hello = { query: '{ hello }' };

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options: Parameters<typeof serve>[0]): Promise<TestServer> {
  const server = await serve(options);
  servers.push(server);
  return server;
}

describe('The gate', () => {
  test('lets the first in first, never too many, and has every place free in the end, whoever leaves when', () =>
    assert(
      asyncProperty(
        record({ maxRunning: integer({ min: 1, max: 3 }), maxWaiting: nat(3) }),
        array(record({ does: constantFrom('arrives', 'arrives', 'ends', 'hangs up'), who: nat(5) }), {
          maxLength: 40,
        }),
        async (limits, steps) => {
          const visit = new Visit(limits);
          for (const { does, who } of steps) await visit.step(does, who);
          await visit.endAll();
          expect(visit.history).toEqual(visit.expected);
          const refused = Array.from({ length: limits.maxRunning + limits.maxWaiting }, () =>
            visit.gate.enter(new PassThrough()),
          );
          expect(visit.gate.isFull).toBe(true);
          // Who still waited would be refused in two seconds, when another file runs.
          for (const entry of refused) (await entry)();
        },
      ),
    ));

  test('refuses who has waited too long, and forgets it', async () => {
    const gate = new Gate({ maxRunning: 1, maxWaiting: 1 }, 10);
    const leave = await gate.enter(new PassThrough());
    await expect(gate.enter(new PassThrough())).rejects.toBe(OVERLOADED);
    expect(gate.isFull).toBe(false);
    leave();
    (await gate.enter(new PassThrough()))();
  });

  test('gives a place up once, even if it is left twice', async () => {
    const gate = new Gate({ maxRunning: 1, maxWaiting: 0 });
    const leave = await gate.enter(new PassThrough());
    leave();
    leave();
    await gate.enter(new PassThrough());
    await expect(gate.enter(new PassThrough())).rejects.toBe(OVERLOADED);
  });

  test('lets nobody in who has left already', async () => {
    const gate = new Gate({ maxRunning: 1, maxWaiting: 0 });
    await expect(gate.enter(new PassThrough().destroy())).rejects.toMatchObject({ status: 499 });
    expect(gate.isFull).toBe(false);
  });
});

describe('A server with one place', () => {
  test('answers one, lets one wait and refuses the others, while its health is told at once', async () => {
    const { server, asked, open } = await serveOneByOne({ maxRunning: 1, maxWaiting: 1 });
    const first = server.post(hello);
    await asked;
    const refused: Answer[] = [];
    const others = [1, 2, 3].map(async () => {
      const answer = await server.post(hello);
      if (answer.status === 503 && refused.push(answer) === 2) open();
      return answer;
    });
    await until(() => Promise.resolve(refused.length > 0));
    expect((await server.fetch('/healthz')).status).toBe(200);
    expect((await server.fetch('/readyz')).status).toBe(200);
    const statuses = (await Promise.all([first, ...others])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 200, 503, 503]);
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toBe('1');
      expect(body).toEqual({
        errors: [{ message: expect.stringMatching(/try again in 1 s/), extensions: { code: 'OVERLOADED' } }],
      });
    }
  });

  test('tells the log of overload once, and not for each request', async () => {
    const { server, asked, open } = await serveOneByOne({ maxRunning: 1, maxWaiting: 0 });
    const first = server.post(hello);
    await asked;
    for (let count = 0; count < 5; count += 1) expect((await server.post(hello)).status).toBe(503);
    open();
    await first;
    const warnings = server.log.filter(({ level }) => Number(level) >= 40);
    expect(warnings).toMatchObject([{ count: 1, msg: 'requests are refused: the server is overloaded' }]);
  });

  test('refuses before a body is read when there is no hope for it', async () => {
    const { server, asked, open } = await serveOneByOne({ maxRunning: 1, maxWaiting: 0 });
    const first = server.post(hello);
    await asked;
    const socket = headersOnly(server, 500);
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1.1 503 /);
    socket.destroy();
    open();
    expect((await first).status).toBe(200);
  });

  test('keeps the place of a caller who hung up until the work has ended, and no longer', async () => {
    const { server, asked, open } = await serveOneByOne({ maxRunning: 1, maxWaiting: 0 });
    const caller = new AbortController();
    const first = server.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(hello),
      signal: caller.signal,
    });
    await asked;
    caller.abort();
    await expect(first).rejects.toThrow();
    expect((await server.post(hello)).status).toBe(503);
    open();
    await until(async () => (await server.post(hello)).status === 200);
  });

  test.each<readonly [string, (server: TestServer) => Promise<unknown>]>([
    ['broken JSON', server => server.post('{"broken')],
    ['a wrong token', server => server.post(hello, { authorization: 'Bearer guess' })],
    ['an unknown field', server => server.post({ query: '{ nothing }' })],
    ['a failing resolver', server => server.post({ query: '{ broken }' })],
    ['a page for a browser', server => server.fetch('/graphql', { headers: { accept: 'text/html' } })],
    ['a body that ends early', async server => once(headersOnly(server, 500).resume().end('{'), 'close')],
  ])('has it free again after %s', async (_, use) => {
    const server = await start({ maxRunning: 1, maxWaiting: 0 });
    await use(server);
    expect((await server.post(hello)).status).toBe(200);
  });
});

describe('The room for bodies', () => {
  test('is shared by large ones alone, and free again when their callers are gone', async () => {
    const server = await start({ maxBodyBytes: 16_000_000 });
    const large = { ...hello, variables: { text: 'x'.repeat(100_000) } };
    expect((await server.post(large)).status).toBe(200);
    const slow = [headersOnly(server, 16_000_000), headersOnly(server, 16_000_000)];
    await until(async () => (await server.post(large)).status === 503);
    const refused = await server.post(large);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.body.errors).toMatchObject([{ extensions: { code: 'OVERLOADED' } }]);
    expect((await server.post(hello)).status).toBe(200);
    for (const socket of slow) socket.destroy();
    await until(async () => (await server.post(large)).status === 200);
  });

  test('is taken whole by a body that does not say how long it is', async () => {
    const server = await start({ maxBodyBytes: 32_000_000 });
    const socket = connectTo(server);
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    const large = { ...hello, variables: { text: 'x'.repeat(100_000) } };
    await until(async () => (await server.post(large)).status === 503);
    socket.destroy();
    await until(async () => (await server.post(large)).status === 200);
  });
});

/** A gate beside a model of it: lists of who runs and who waits. */
class Visit {
  readonly gate: Gate;
  readonly history: string[] = [];
  readonly expected: string[] = [];
  private readonly running: number[] = [];
  private readonly waiting: number[] = [];
  private readonly callers: PassThrough[] = [];
  private readonly leaves = new Map<number, Leave>();

  constructor(private readonly limits: { readonly maxRunning: number; readonly maxWaiting: number }) {
    this.gate = new Gate(limits, 60_000);
  }

  async step(does: string, who: number): Promise<void> {
    if (does === 'arrives') this.arrive();
    if (does === 'ends') this.end(this.running[who % this.running.length]);
    if (does === 'hangs up') this.hangUp(this.waiting[who % this.waiting.length]);
    await nextTurn();
  }

  async endAll(): Promise<void> {
    while (this.running.length > 0) await this.step('ends', 0);
  }

  private arrive(): void {
    const id = this.callers.push(new PassThrough()) - 1;
    this.gate.enter(this.callers[id] as PassThrough).then(
      leave => {
        this.history.push(`${id} in`);
        this.leaves.set(id, leave);
      },
      (error: unknown) => this.history.push(`${id} ${error === OVERLOADED ? 'refused' : 'gone'}`),
    );
    if (this.running.length < this.limits.maxRunning) this.run(id);
    else if (this.waiting.length < this.limits.maxWaiting) this.waiting.push(id);
    else this.expected.push(`${id} refused`);
  }

  private run(id: number): void {
    this.running.push(id);
    this.expected.push(`${id} in`);
  }

  private end(id: number | undefined): void {
    if (id === undefined) return;
    this.leaves.get(id)?.();
    this.running.splice(this.running.indexOf(id), 1);
    const next = this.waiting.shift();
    if (next !== undefined) this.run(next);
  }

  private hangUp(id: number | undefined): void {
    if (id === undefined) return;
    this.callers[id]?.destroy();
    this.waiting.splice(this.waiting.indexOf(id), 1);
    this.expected.push(`${id} gone`);
  }
}

/** A server whose requests run until it is opened. */
async function serveOneByOne(limits: {
  readonly maxRunning: number;
  readonly maxWaiting: number;
}): Promise<{ readonly server: TestServer; readonly asked: Promise<unknown>; readonly open: () => void }> {
  const events = new EventEmitter();
  const asked = once(events, 'asked');
  let isOpen = false;
  const server = await start({
    ...limits,
    contextFor: async (viewer, { requestId }, allowance) => {
      events.emit('asked');
      if (!isOpen) await once(events, 'open');
      return { viewer, requestId, allowance };
    },
  });
  const open = (): void => {
    isOpen = true;
    events.emit('open');
  };
  return { server, asked, open };
}

/** A request whose body is announced and does not come. */
function headersOnly(server: TestServer, contentLength: number): Socket {
  const socket = connectTo(server);
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${contentLength}\r\n\r\n`,
  );
  return socket;
}

function connectTo(server: TestServer): Socket {
  return connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await nextTurn();
}

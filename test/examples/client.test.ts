import { type AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, createClient, HeliographError } from '../../examples/client/client';
import {
  AnnounceDocument,
  CancelDocument,
  ListInboxDocument,
  NextPageDocument,
  type NextPageQuery,
} from '../../examples/client/generated';
import { type Gateway } from '../support/gateway';
import { FOLDER, openDemoGateway, tokenWith } from './examples';

const TSX = createRequire(__filename).resolve('tsx');
const ANNOUNCEMENT = { message: 'The bridge is open.', channels: ['SMS'] } as const;

describe('the client', () => {
  let gateway: Gateway;
  let token: string;
  let client: Client;

  beforeAll(async () => {
    gateway = await openDemoGateway();
    token = await tokenWith(gateway, ['messages:list', 'messages:create', 'messages:update']);
    client = createClient({ url: gateway.url, token });
  });

  afterAll(() => gateway.close());

  test('walks the inbox as typed code', async () => {
    const { messages: inbox } = await client.request(ListInboxDocument, {});
    const seen = new Set<string>();
    let after: string | null = null;
    do {
      const { messages }: NextPageQuery = await client.request(NextPageDocument, { first: 50, after });
      messages.nodes.forEach(({ id }) => seen.add(id));
      after = messages.pageInfo.hasNextPage ? messages.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen.size).toBe(inbox.totalCount);
  });

  test('throws every problem of an input with the code', async () => {
    const input = { message: ' ', title: 'x'.repeat(256), channels: ['SMS'] } as const;
    expect(
      await refusalOf(client.request(AnnounceDocument, { input, idempotencyKey: 'problems' })),
    ).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['input', 'message'] }, { path: ['input', 'title'] }],
      allowed: [],
    });
  });

  test('throws where a message may go instead', async () => {
    expect(await refusalOf(client.request(CancelDocument, { id: '278' }))).toMatchObject({
      code: 'INVALID_STATUS_TRANSITION',
      allowed: ['ARCHIVED'],
    });
  });

  test('throws what the gateway refuses before GraphQL', async () => {
    const stranger = createClient({ url: gateway.url, token: 'wrong' });
    expect(await refusalOf(stranger.request(ListInboxDocument, {}))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('inbox.ts prints the whole inbox and replies to the newest message, once even if run twice', async () => {
    const { messages: inbox } = await client.request(ListInboxDocument, { first: 1 });
    const first = await runInbox({ HELIOGRAPH_URL: gateway.url, HELIOGRAPH_TOKEN: token });
    const lines = first.trimEnd().split('\n');
    expect(lines).toHaveLength(inbox.totalCount + 1);
    expect(lines.at(-1)).toBe(
      `Replied to "${inbox.nodes[0]?.label ?? ''}" by WHATSAPP: message 281 is PENDING.`,
    );
    expect(await runInbox({ HELIOGRAPH_URL: gateway.url, HELIOGRAPH_TOKEN: token })).toBe(first);
  });

  test('inbox.ts says why it cannot', async () => {
    await expect(runInbox({ HELIOGRAPH_URL: gateway.url, HELIOGRAPH_TOKEN: 'wrong' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^UNAUTHENTICATED: .+\n$/),
    });
  });
});

describe('an operation that meets a gateway in trouble', () => {
  let server: Server | undefined;

  afterEach(() => new Promise(resolve => server?.close(resolve)));

  const query = (client: Client) => client.request(ListInboxDocument, {});
  const keyed = (client: Client) =>
    client.request(AnnounceDocument, { input: ANNOUNCEMENT, idempotencyKey: 'bridge' });
  const bare = (client: Client) => client.request(CancelDocument, { id: '1' });

  test.each([
    ['a query is sent once more', query, overloaded('0'), 2],
    ['a mutation with a key is sent once more', keyed, overloaded('0'), 2],
    ['a mutation without one is not, as it may have been carried out', bare, overloaded('0'), 1],
    ['nothing is sent once more where that would take too long', query, overloaded('60'), 1],
    ['nothing is sent once more where it is not asked for', query, overloaded(undefined), 1],
  ])('%s', async (_, send, answer, attempts) => {
    const { client, received } = await clientOf(answer);
    expect(await refusalOf(send(client))).toMatchObject({ code: 'OVERLOADED', message: 'Too busy.' });
    expect(received()).toBe(attempts);
  });

  test('a second attempt that succeeds is the answer', async () => {
    const { client, received } = await clientOf((response, attempt) => {
      if (attempt === 1) overloaded('0')(response);
      else response.end(JSON.stringify({ data: { messages: { nodes: [], totalCount: 0 } } }));
    });
    expect(await query(client)).toMatchObject({ messages: { totalCount: 0 } });
    expect(received()).toBe(2);
  });

  test.each([
    ['a page of something in between', '<html>Bad gateway</html>'],
    ['JSON that is no GraphQL answer', '{}'],
  ])('%s is told as no answer', async (_, body) => {
    const { client } = await clientOf(response => response.writeHead(502).end(body));
    expect(await refusalOf(query(client))).toMatchObject({
      code: 'NO_ANSWER',
      message: expect.stringContaining('502'),
    });
  });

  /** A client of a server that answers as it is told to: a real gateway cannot be made to fail on demand. */
  async function clientOf(
    answer: (response: ServerResponse, attempt: number) => unknown,
  ): Promise<{ readonly client: Client; readonly received: () => number }> {
    let attempts = 0;
    const listening = createServer((request, response) => {
      attempts += 1;
      request.resume();
      request.once('end', () => answer(response, attempts));
    });
    server = listening;
    await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve));
    const { port } = listening.address() as AddressInfo;
    return {
      client: createClient({ url: `http://127.0.0.1:${port}/graphql`, token: 'any' }),
      received: () => attempts,
    };
  }
});

/** @param retryAfter in seconds. */
function overloaded(retryAfter: string | undefined): (response: ServerResponse) => void {
  const body = JSON.stringify({ errors: [{ message: 'Too busy.', extensions: { code: 'OVERLOADED' } }] });
  return response => {
    response.writeHead(503, {
      connection: 'close',
      ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
    });
    response.end(body);
  };
}

async function refusalOf(answer: Promise<unknown>): Promise<HeliographError> {
  const thrown = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof HeliographError) return thrown;
  throw new Error('It was not refused.', { cause: thrown });
}

async function runInbox(env: Readonly<Record<string, string>>): Promise<string> {
  const script = join(FOLDER, 'client/inbox.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', TSX, script], {
    env: { ...process.env, ...env },
  });
  return stdout;
}

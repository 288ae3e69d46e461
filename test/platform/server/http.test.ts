import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createConnection } from 'node:net';
import { type Answer, serve, type TestServer } from './serve';

let server: TestServer;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

const json = { 'content-type': 'application/json' };
const hello = JSON.stringify({ query: '{ hello }' });

describe('A request that is answered', () => {
  test('by POST carries its data, its own request id and nothing that a cache or a browser could misuse', async () => {
    const first = await server.post({ query: '{ hello }' });
    const second = await server.post({ query: '{ hello }' }, { 'x-request-id': 'mine' });
    expect(first).toMatchObject({ status: 200, body: { data: { hello: 'hello' } } });
    expect(first.headers.get('x-content-type-options')).toBe('nosniff');
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(first.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(first.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(second.headers.get('x-request-id')).not.toBe('mine');
  });

  test.each(['', '&variables=', '&variables', '&operationName=', '&variables=&extensions='])(
    'by GET takes an empty parameter for none: %p',
    async tail => {
      const answer = await server.fetch(`/graphql?query=%7Bhello%7D${tail}`, { headers: json });
      expect(answer).toMatchObject({ status: 200, body: { data: { hello: 'hello' } } });
    },
  );
});

interface Refused {
  readonly path?: string;
  readonly init: RequestInit;
  readonly status: number;
  readonly code: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const refused: Readonly<Record<string, Refused>> = {
  'a body over 1 MB': {
    init: { method: 'POST', headers: json, body: JSON.stringify({ query: 'x'.repeat(1_000_000) }) },
    status: 413,
    code: 'BAD_REQUEST',
  },
  'a compressed body': {
    init: { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: hello },
    status: 415,
    code: 'BAD_REQUEST',
  },
  'a body of another type': {
    init: { method: 'POST', headers: { 'content-type': 'text/xml' }, body: hello },
    status: 415,
    code: 'BAD_REQUEST',
  },
  'a body as text': {
    init: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: hello },
    status: 415,
    code: 'BAD_REQUEST',
  },
  'a form': {
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'query=x',
    },
    status: 415,
    code: 'BAD_REQUEST',
  },
  'broken JSON': {
    init: { method: 'POST', headers: json, body: '{"canary' },
    status: 400,
    code: 'BAD_REQUEST',
  },
  'an empty body': { init: { method: 'POST', headers: json, body: '' }, status: 400, code: 'BAD_REQUEST' },
  'JSON that is no object': {
    init: { method: 'POST', headers: json, body: '"x"' },
    status: 400,
    code: 'BAD_REQUEST',
  },
  'a batch': {
    init: { method: 'POST', headers: json, body: `[${hello}]` },
    status: 400,
    code: 'BAD_REQUEST',
  },
  'a persisted query': {
    init: {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }),
    },
    status: 400,
    code: 'PERSISTED_QUERY_NOT_SUPPORTED',
  },
  'an unknown path': { path: '/canary', init: {}, status: 404, code: 'NOT_FOUND' },
  'an address that cannot be decoded': { path: '/%zz', init: {}, status: 400, code: 'BAD_REQUEST' },
  'an address over 4 kB': {
    path: `/graphql?query=${'x'.repeat(4_000)}`,
    init: { headers: json },
    status: 414,
    code: 'BAD_REQUEST',
  },
  'another method': {
    init: { method: 'PUT', headers: json, body: hello },
    status: 405,
    code: 'BAD_REQUEST',
    headers: { allow: 'GET, POST' },
  },
  'a mutation by GET': {
    path: '/graphql?query=mutation%7Bwrite(input:%7Btitle:%22a%22%7D)%7D',
    init: { headers: json },
    status: 405,
    code: 'BAD_REQUEST',
    headers: { allow: 'POST' },
  },
  'a GET that another site could cause': {
    path: '/graphql?query=%7Bhello%7D',
    init: {},
    status: 400,
    code: 'BAD_REQUEST',
  },
  'a subscription': {
    init: { method: 'POST', headers: json, body: JSON.stringify({ query: 'subscription { ticks }' }) },
    status: 400,
    code: 'BAD_REQUEST',
  },
  'a type of answer that is not on offer': {
    init: { method: 'POST', headers: { ...json, accept: 'image/png' }, body: hello },
    status: 406,
    code: 'BAD_REQUEST',
  },
  'a wrong token': {
    init: { method: 'POST', headers: { ...json, authorization: 'Bearer canary' }, body: hello },
    status: 401,
    code: 'UNAUTHENTICATED',
    headers: { 'www-authenticate': 'Bearer' },
  },
};

test('A question mark inside a query stays there', async () => {
  const answer = await server.fetch('/graphql?query=%7Bhello%7D%23?&variables=', { headers: json });
  expect(answer).toMatchObject({ status: 200, body: { data: { hello: 'hello' } } });
});

describe('Every refusal has the one shape, even if GraphQL never sees the request:', () => {
  test.each(Object.entries(refused))(
    '%s',
    async (_, { path = '/graphql', init, status, code, headers = {} }) => {
      const answer = await server.fetch(path, init);
      expect(answer.status).toBe(status);
      expectOneShape(answer, code);
      for (const [name, value] of Object.entries(headers)) expect(answer.headers.get(name)).toBe(value);
      expect(answer.headers.get('x-request-id')).not.toBeNull();
    },
  );

  test.each([
    [10_000, '10 kB'],
    [1_500_000, '1.5 MB'],
  ])('a body over a limit of %i bytes, naming it', async (maxBodyBytes, limit) => {
    const narrow = await serve({ maxBodyBytes });
    const ask = (length: number): Promise<Answer> => narrow.post(hello.padEnd(length, ' '));
    const [most, tooMuch] = [await ask(maxBodyBytes), await ask(maxBodyBytes + 1)];
    await narrow.close();
    expect(most.status).toBe(200);
    expect(tooMuch.status).toBe(413);
    expect(tooMuch.body.errors?.[0]?.message).toBe(
      `The body is larger than ${limit}, the limit BODY_LIMIT: send fewer items at a time.`,
    );
  });

  test('headers over 16 kB, refused by Node itself', async () => {
    const answer = await raw(`GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect(answer).toContain(
      '{"errors":[{"message":"The headers are larger than 16 kB.","extensions":{"code":"BAD_REQUEST"}}]}',
    );
  });

  test.each([
    ['what is not HTTP', 'hello\r\n\r\n'],
    ['a request without Host', 'GET /graphql HTTP/1.1\r\n\r\n'],
    ['a Host that is none', 'GET /graphql HTTP/1.1\r\nhost: a b[\r\n\r\n'],
  ])('%s', async (_, request) => {
    const answer = await raw(request.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'));
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('"extensions":{"code":"BAD_REQUEST"}}]}');
  });
});

describe('CORS', () => {
  test('is not spoken where no origin is named', async () => {
    const answer = await server.post({ query: '{ hello }' }, { origin: 'https://app.example.org' });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('lets the named origins in, with the headers that they need, and no other', async () => {
    const open = await serve({ corsOrigins: ['https://app.example.org'] });
    const preflight = (origin: string): Promise<Answer> =>
      open.fetch('/graphql', {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
    const [ours, theirs] = [
      await preflight('https://app.example.org'),
      await preflight('https://evil.example.org'),
    ];
    await open.close();
    expect(ours.status).toBe(204);
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    expect(ours.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(theirs.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('A forwarded address counts behind a trusted proxy only', async () => {
  const behind = await serve({ trustedProxies: ['127.0.0.1'] });
  const forwarded = { 'x-forwarded-for': '203.0.113.9' };
  const trusted = await behind.post({ query: '{ whoami }' }, forwarded);
  const direct = await server.post({ query: '{ whoami }' }, forwarded);
  await behind.close();
  expect(trusted.body.data).toEqual({ whoami: 'address:203.0.113.9' });
  expect(direct.body.data).toEqual({ whoami: 'address:127.0.0.1' });
});

test('The log names each request by its id and path, and holds no query, address or token', () => {
  const lines = JSON.stringify(server.log);
  expect(lines).toContain('"path":"/graphql"');
  for (const secret of ['canary', 'hello', '127.0.0.1', 'good-token']) expect(lines).not.toContain(secret);
});

function expectOneShape({ headers, body, text }: Answer, code: string): void {
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(Object.keys(body)).toEqual(['errors']);
  expect(body.errors).toEqual([{ message: expect.any(String), extensions: { code } }]);
  expect(text).not.toContain('canary');
}

/** Sends bytes as they are, and answers with all that comes back until the server hangs up. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(server.url).port), '127.0.0.1', () =>
      socket.write(request),
    );
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('end', () => resolve(answer)).on('error', reject);
  });
}

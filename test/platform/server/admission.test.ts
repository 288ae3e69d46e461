import { describe, expect, test } from '@jest/globals';
import { Refusal } from '../../../src/platform/errors';
import { type Answer, serve, type TestServer } from './serve';

const times = async (count: number, ask: () => Promise<Answer>): Promise<readonly number[]> => {
  const statuses: number[] = [];
  for (let index = 0; index < count; index += 1) statuses.push((await ask()).status);
  return statuses;
};

async function withServer(
  options: Parameters<typeof serve>[0],
  use: (server: TestServer) => Promise<void>,
): Promise<void> {
  const server = await serve(options);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

describe('The rate limit', () => {
  test('lets a sixth of a minute through at once, then says when to come back', () =>
    withServer({ rateLimitPerMinute: 16 }, async server => {
      const ask = (): Promise<Answer> => server.post({ query: '{ hello }' });
      expect(await times(3, ask)).toEqual([200, 200, 200]);
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(refused.body.errors).toEqual([
        {
          message: expect.stringMatching(/^Too many requests; try again in \d+ s\.$/),
          extensions: { code: 'RATE_LIMITED' },
        },
      ]);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(10);
    }));

  test('counts each caller by itself, and the probes of the operator not at all', () =>
    withServer({ rateLimitPerMinute: 6 }, async server => {
      const anonymous = (): Promise<Answer> => server.post({ query: '{ hello }' });
      const known = (): Promise<Answer> =>
        server.post({ query: '{ hello }' }, { authorization: 'Bearer good-token' });
      expect(await times(2, anonymous)).toEqual([200, 429]);
      expect(await times(2, known)).toEqual([200, 429]);
      expect(await times(5, () => server.fetch('/healthz'))).toEqual([200, 200, 200, 200, 200]);
      expect(await times(5, () => server.fetch('/readyz'))).toEqual([200, 200, 200, 200, 200]);
    }));
});

test('Of wrong tokens an address may show twenty a minute, and a good one still gets in', () =>
  withServer({}, async server => {
    const wrong = (): Promise<Answer> =>
      server.post({ query: '{ hello }' }, { authorization: 'Bearer guess' });
    expect(await times(21, wrong)).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
    const refused = await wrong();
    expect(refused.body.errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const good = await server.post({ query: '{ hello }' }, { authorization: 'Bearer good-token' });
    expect(good.status).toBe(200);
  }));

test.each([
  [3, [401, 401, 401, 429]],
  [null, Array.from({ length: 25 }, () => 401)],
])('Where %p wrong tokens a minute are allowed, that many are answered', (wrongTokensPerMinute, statuses) =>
  withServer({ wrongTokensPerMinute }, async server => {
    const wrong = (): Promise<Answer> =>
      server.post({ query: '{ hello }' }, { authorization: 'Bearer guess' });
    expect(await times(statuses.length, wrong)).toEqual(statuses);
  }),
);

test('A store that cannot say who is asking makes a 503, not a wrong token', () =>
  withServer(
    {
      authenticate: () => Promise.reject(new Refusal('DATABASE_UNAVAILABLE', 'The store cannot be reached.')),
    },
    async server => {
      const { status, headers, body } = await server.post({ query: '{ hello }' });
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('5');
      expect(body.errors).toMatchObject([{ extensions: { code: 'DATABASE_UNAVAILABLE' } }]);
    },
  ));

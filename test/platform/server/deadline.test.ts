import { expect, test } from '@jest/globals';
import DataLoader from 'dataloader';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Deadline } from '../../../src/platform/deadline';
import { type Answer, serve, type TestContext } from './serve';

const TIMEOUT_MS = 100;

/** Works on, in small pieces and over timers, until its time is up. */
async function useUp(deadline: Deadline): Promise<void> {
  while (deadline.remainingMs > 0) {
    await nextTurn();
    await delay(1);
  }
}

type Resolve = (deadline: Deadline) => unknown;

const resolvers = {
  slow: async deadline => {
    await useUp(deadline);
    deadline.require();
    return 'never';
  },
  // Who does not ask is not stopped: a write that may still commit must not be answered TIMEOUT.
  unasked: async deadline => {
    await useUp(deadline);
    return 'done';
  },
  left: deadline => deadline.remainingMs,
  loaded: deadline =>
    new DataLoader<string, number>(keys => Promise.resolve(keys.map(() => deadline.remainingMs))).load('a'),
  loadedLate: async deadline => {
    await useUp(deadline);
    const loader = new DataLoader<string, number>(async keys => {
      await nextTurn();
      deadline.require();
      return keys.map(() => 1);
    });
    return loader.load('a');
  },
} satisfies Readonly<Record<string, Resolve>>;

async function ask(query: string): Promise<Answer> {
  const server = await serve({ schema: schemaOf(resolvers), executionTimeoutMs: TIMEOUT_MS });
  try {
    return await server.post({ query });
  } finally {
    await server.close();
  }
}

test.each(['{ slow }', 'mutation { slow }', '{ loadedLate }'])(
  'What asks for time when none is left is answered TIMEOUT, with when to come back: %s',
  async query => {
    const { status, headers, body } = await ask(query);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body.errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
  },
);

test('What does not ask is answered, even if its time is up', async () => {
  expect(await ask('mutation { unasked }')).toMatchObject({
    status: 200,
    body: { data: { unasked: 'done' } },
  });
});

test('A field that was in time is kept beside one that was not', async () => {
  const { status, body } = await ask('{ left slowly: maybe }');
  expect(status).toBe(200);
  expect(body).toMatchObject({ data: { slowly: null }, errors: [{ extensions: { code: 'TIMEOUT' } }] });
});

test('Resolvers and their loaders know how much time is left, and nobody outside of a request does', async () => {
  const { body } = await ask('{ left loaded }');
  for (const left of [body.data?.['left'], body.data?.['loaded']])
    expect(left).toBeLessThanOrEqual(TIMEOUT_MS);
  expect(Deadline.NONE.remainingMs).toBe(Infinity);
  expect(() => Deadline.NONE.require()).not.toThrow();
});

test('Each deadline is its own, even if they run side by side', async () => {
  const [short, long] = [Deadline.in(0), Deadline.in(60_000)];
  await nextTurn();
  expect(short.remainingMs).toBeLessThanOrEqual(0);
  expect(long.remainingMs).toBeGreaterThan(0);
});

test('A deadline can be brought forward, and never put off', () => {
  const deadline = Deadline.in(30_000);
  expect(deadline.sooner(1_000).remainingMs).toBeLessThanOrEqual(1_000);
  expect(deadline.sooner(60_000).remainingMs).toBeLessThanOrEqual(30_000);
  expect(Deadline.NONE.sooner(1_000).remainingMs).toBeLessThanOrEqual(1_000);
});

function schemaOf({ slow, ...others }: typeof resolvers): GraphQLSchema {
  const schema = buildSchema(`
    type Query { slow: String! loadedLate: Float! left: Float! loaded: Float! maybe: String }
    type Mutation { slow: String! unasked: String! }
  `);
  const all: Readonly<Record<string, Resolve>> = { slow, maybe: slow, ...others };
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {}))
      Object.assign(field, {
        resolve: (_: unknown, __: unknown, { allowance }: TestContext) =>
          all[field.name]?.(allowance.deadline),
      });
  }
  return schema;
}

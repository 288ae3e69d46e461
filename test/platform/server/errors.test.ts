import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { badUserInput, Refusal } from '../../../src/platform/errors';
import { formatErrors, logFailures } from '../../../src/platform/server/format-error';
import { type Answer, serve, type TestServer } from './serve';

let server: TestServer;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

const ask = (query: string, more: object = {}): Promise<Answer> => server.post({ query, ...more });

describe('What a resolver throws', () => {
  test('as a refusal keeps its code, words and details, but not its cause', async () => {
    const { status, body, text } = await ask('{ hello refused }');
    expect(status).toBe(200);
    expect(body.data).toEqual({ hello: 'hello', refused: null });
    expect(body.errors).toEqual([
      {
        message: 'There is no such thing.',
        locations: [{ line: 1, column: 9 }],
        path: ['refused'],
        extensions: { code: 'NOT_FOUND', allowed: ['A'] },
      },
    ]);
    expect(text).not.toContain('inner');
  });

  test('as a refusal of input lists its issues', async () => {
    const { body } = await ask('{ invalid }');
    expect(body.errors?.[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['input', 'title'], message: 'is too long' }],
    });
  });

  test('unexpectedly is told as a request id alone, under which the log has the rest', async () => {
    const { headers, body, text } = await ask('{ broken }');
    const requestId = headers.get('x-request-id');
    expect(body.errors?.[0]).toMatchObject({
      message: 'Something went wrong on our side.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
    });
    expect(text).not.toContain('secret');
    const line = server.log.find(entry => entry['requestId'] === requestId && entry['level'] === 50);
    expect(JSON.stringify(line)).toContain('secret detail');
  });

  test('as a refusal is no error in the log', async () => {
    const { headers } = await ask('{ refused }');
    const lines = server.log.filter(entry => entry['requestId'] === headers.get('x-request-id'));
    expect(lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  test.each(['{ unavailable }', '{ unavailableForSure }', '{ hello unavailableForSure }'])(
    'about a store out of reach makes the whole answer a 503, if nothing else is in it: %s',
    async query => {
      const { status, headers, body } = await ask(query);
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('5');
      expect(body.errors?.[0]?.extensions.code).toBe('DATABASE_UNAVAILABLE');
    },
  );

  test('about a store out of reach leaves an answer that holds something else a 200', async () => {
    expect(await ask('{ hello unavailable }')).toMatchObject({
      status: 200,
      body: { data: { hello: 'hello' } },
    });
  });

  test('five hundred times over stays within 10 kB, each message within 300 characters', async () => {
    const { body } = await ask('{ many { fails } }');
    const errors = body.errors ?? [];
    expect(JSON.stringify(errors).length).toBeLessThanOrEqual(10_500);
    expect(errors[0]?.message).toHaveLength(300);
    expect(errors.at(-1)).toEqual({
      message: `${500 - errors.length + 1} more errors are left out.`,
      extensions: { code: 'CONFLICT' },
    });
  });
});

describe("GraphQL's own errors", () => {
  test.each([
    ['{ hello "canary" }', 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found String.'],
    ['{ hello """can"ary""" }', 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found BlockString.'],
    ['"\\canary"', 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Invalid character escape sequence.'],
    ['{ hello', 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.'],
    [
      '{ helo }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "helo" on type "Query". Did you mean "hello"?',
    ],
    [
      'mutation { write }',
      'GRAPHQL_VALIDATION_FAILED',
      'Field "write" argument "input" of type "Inner!" is required, but it was not provided.',
    ],
  ])('keep their code and never repeat a value: %s', async (query, code, message) => {
    const { status, body } = await ask(query);
    expect(status).toBe(400);
    expect(body.errors?.map(error => [error.extensions, error.message])).toEqual([[{ code }, message]]);
  });

  test('say that an operation is missing without repeating its name', async () => {
    const { status, body } = await ask('query A { hello }', { operationName: 'canary' });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      {
        message: 'The document holds no operation of that name.',
        extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
      },
    ]);
  });

  test('end at the fifth, and at the thousandth token', async () => {
    const many = await ask(`{ ${Array.from({ length: 20 }, (_, index) => `no${index}`).join(' ')} }`);
    expect(many.body.errors?.length).toBeLessThanOrEqual(6);
    const long = await ask(`{ ${'hello '.repeat(1_000)} }`);
    expect(long.body.errors?.[0]?.extensions.code).toBe('GRAPHQL_PARSE_FAILED');
    expect(long.body.errors?.[0]?.message).toContain('The limit `tokens` allows 1000');
  });

  test('give no hints where the explorer is off', async () => {
    const closed = await serve({ explorer: false });
    const { body } = await closed.post({ query: '{ helo }' });
    await closed.close();
    expect(body.errors?.[0]?.message).toBe('Cannot query field "helo" on type "Query".');
  });
});

describe('Introspection with the explorer off', () => {
  const introspection = { query: 'fragment S on Query { __schema { queryType { name } } } { ...S }' };

  test('is for holders of a token only, and asking for a type name is none', async () => {
    const closed = await serve({ explorer: false });
    const anonymous = await closed.post(introspection);
    const known = await closed.post(introspection, { authorization: 'Bearer good-token' });
    const typename = await closed.post({ query: '{ __typename }' });
    await closed.close();
    expect(anonymous).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    expect(known).toMatchObject({
      status: 200,
      body: { data: { __schema: { queryType: { name: 'Query' } } } },
    });
    expect(typename.status).toBe(200);
  });
});

test('A context that cannot be made is an unexpected error like any other', async () => {
  const broken = await serve({
    contextFor: () => {
      throw new Error('no context');
    },
  });
  const { status, headers, body } = await broken.post({ query: '{ hello }' });
  await broken.close();
  expect(status).toBe(500);
  expect(body.errors?.[0]?.extensions).toEqual({
    code: 'INTERNAL_SERVER_ERROR',
    requestId: headers.get('x-request-id'),
  });
});

test('A thousand issues are cut to what fits, and counted', () => {
  const issues = Array.from({ length: 1_000 }, (_, index) => ({
    path: ['inputs', String(index)],
    message: 'is wrong',
  }));
  const [error, ...others] = formatErrors([badUserInput(issues)]);
  const told = error?.extensions?.['issues'] as typeof issues;
  expect(others).toEqual([]);
  expect(JSON.stringify(error).length).toBeLessThan(10_000);
  expect(told.at(-1)).toEqual({ path: [], message: `and ${1_000 - told.length + 1} more problems` });
});

test('What a GraphQL error carries beside a known code stays here', () => {
  const error = new GraphQLError('Argument "canary"', {
    extensions: { code: 'BAD_USER_INPUT', validationErrors: ['canary'], stacktrace: ['at x'] },
  });
  expect(formatErrors([error])).toEqual([
    { message: 'The input is not valid.', extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

test('What cannot be served for the same reason again and again is told in full once, then counted every ten seconds', () => {
  jest.useFakeTimers();
  try {
    const lines: Record<string, unknown>[] = [];
    const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
    const log = pino({ level: 'info', base: null, timestamp: false }, stream);
    const refuse = (code: string, times: number): void => {
      const cause = Object.assign(new Error(`it is ${code}`), { code });
      for (let time = 0; time < times; time += 1)
        logFailures(log, [new Refusal('DATABASE_UNAVAILABLE', 'Not now.', { cause })], 'request');
    };
    const told = (): unknown[] => lines.splice(0).map(({ msg, count, reason }) => [msg, count, reason]);
    const [ONE, MANY] = ['a request could not be served', 'requests could not be served'];
    refuse('GONE', 500);
    refuse('FULL', 1);
    expect(told()).toEqual([[ONE], [ONE]].map(([msg]) => [msg, undefined, undefined]));
    jest.advanceTimersByTime(10_000);
    expect(told()).toEqual([[MANY, 499, 'it is GONE']]);
    refuse('GONE', 3);
    jest.advanceTimersByTime(20_000);
    refuse('GONE', 1);
    expect(told()).toEqual([
      [MANY, 3, 'it is GONE'],
      [ONE, undefined, undefined],
    ]);
  } finally {
    jest.useRealTimers();
  }
});

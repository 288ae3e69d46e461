import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { serve, type TestServer } from './serve';
import { written } from './test-schema';

let server: TestServer;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());
beforeEach(() => {
  written.length = 0;
});

const write = 'mutation ($in: Inner!) { write(input: $in) }';

type Row = readonly [
  query: string,
  variables: object,
  issues: readonly (readonly [path: readonly string[], message: string])[],
];

const variables: readonly Row[] = [
  [
    'query ($p: Int) { ...F } fragment F on Query { listed(page: $p) }',
    { p: null },
    [[['page'], 'cannot be null']],
  ],
  [
    'query ($d: Int) { listed(filter: { not: { depth: $d } }) }',
    { d: null },
    [[['filter', 'not', 'depth'], 'cannot be null']],
  ],
  [write, {}, [[['input'], 'is required']]],
  [write, { in: null }, [[['input'], 'cannot be null']]],
  [write, { in: 'canary' }, [[['input'], 'must be an object']]],
  [
    write,
    { in: { title: null, at: 'canary', count: 2 ** 31, tags: ['a', null, 3], canaryField: 1, inner: {} } },
    [
      [['input', 'title'], 'cannot be null'],
      [['input', 'at'], 'must be an instant in ISO 8601 with an offset, such as 2026-03-01T08:30:00Z'],
      [['input', 'count'], 'must be an integer from −2147483648 to 2147483647'],
      [['input', 'tags', '1'], 'cannot be null'],
      [['input', 'tags', '2'], 'must be a string'],
      [['input', 'inner', 'title'], 'is required'],
      [['input', 'canaryField'], 'is not a field of Inner'],
    ],
  ],
  [
    'query ($s: [Status!]) { listed(filter: { not: { status: $s } }) }',
    { s: ['SENT', 'canary'] },
    [[['filter', 'not', 'status', '1'], 'must be one of PENDING, SENT']],
  ],
  [
    'query ($s: Status!) { listed(filter: { status: [PENDING, $s] }) }',
    { s: 'canary' },
    [[['filter', 'status', '1'], 'must be one of PENDING, SENT']],
  ],
  [
    'query ($n: Int) { ...F } fragment F on Query { listed(first: $n) }',
    { n: '1' },
    [[['first'], 'must be an integer from −2147483648 to 2147483647']],
  ],
  [
    'query ($n: Int) { a: listed(first: $n) b: listed(first: $n) }',
    { n: 1.5 },
    [[['first'], 'must be an integer from −2147483648 to 2147483647']],
  ],
  [
    'query ($f: Filter, $s: Boolean!) { listed(filter: $f) @skip(if: $s) }',
    { f: { status: 'canary' }, s: 0 },
    [
      [['filter', 'status'], 'must be one of PENDING, SENT'],
      [['if'], 'must be true or false'],
    ],
  ],
];

describe('Variables that do not fit are refused with every problem, from the argument on', () => {
  test.each(variables)('%s %j', async (query, given, issues) => {
    const answer = await server.post({ query, variables: given });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(1);
    expect(answer.body.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', issues: inForm(issues) });
    expect(answer.text.replaceAll('canaryField', '')).not.toContain('canary');
    expect(written).toEqual([]);
  });
});

test('Variables that nest without end are refused, and exhaust nobody', async () => {
  const levels = 40_000;
  const nested = `${'{"title":"a","inner":'.repeat(levels)}null${'}'.repeat(levels)}`;
  const { status, body } = await server.post(
    `{"query":${JSON.stringify(write)},"variables":{"in":${nested}}}`,
  );
  expect(status).toBe(400);
  expect(body.errors?.[0]?.extensions['issues']).toEqual([
    { path: ['input', ...Array.from({ length: 65 }, () => 'inner')], message: 'is nested too deeply' },
  ]);
});

const literals: readonly Row[] = [
  ['{ listed(first: "canary") }', {}, [[['first'], 'must be an integer from −2147483648 to 2147483647']]],
  [
    '{ listed(filter: { status: [SENT, CANARY] }) }',
    {},
    [[['filter', 'status', '1'], 'must be one of PENDING, SENT']],
  ],
  ['{ listed(filter: { status: "SENT" }) }', {}, [[['filter', 'status'], 'must be one of PENDING, SENT']]],
  ['{ listed(filter: { canaryField: 1 }) }', {}, [[['filter', 'canaryField'], 'is not a field of Filter']]],
  [
    '{ listed(filter: { at: "canary" }) }',
    {},
    [[['filter', 'at'], 'must be an instant in ISO 8601 with an offset, such as 2026-03-01T08:30:00Z']],
  ],
  [
    'mutation { write(input: { title: null, count: "canary", tags: [1, 2, 3, 4, 5, 6, 7] }) }',
    {},
    [
      [['input', 'title'], 'cannot be null'],
      [['input', 'count'], 'must be an integer from −2147483648 to 2147483647'],
      ...[0, 1, 2, 3, 4, 5, 6].map(index => [['input', 'tags', String(index)], 'must be a string'] as const),
    ],
  ],
  [
    'query ($n: Int = "canary") { listed(first: $n) }',
    {},
    [[['first'], 'must be an integer from −2147483648 to 2147483647']],
  ],
];

describe('Literals that do not fit are refused in the same form', () => {
  test.each(literals)('%s', async (query, _, issues) => {
    const answer = await server.post({ query });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(1);
    expect(answer.body.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', issues: inForm(issues) });
    expect(answer.text.replaceAll('canaryField', '')).not.toMatch(/canary/i);
  });

  test('beside what else is wrong with the document', async () => {
    const { body } = await server.post({ query: '{ listed(first: "x") nowhere }' });
    expect(body.errors?.map(error => error.extensions.code)).toEqual([
      'BAD_USER_INPUT',
      'GRAPHQL_VALIDATION_FAILED',
    ]);
  });
});

test('With the explorer off a refused value is told without the values of its type', async () => {
  const closed = await serve({ explorer: false });
  const answers = [
    await closed.post({ query: '{ listed(filter: { status: NONE }) }' }),
    await closed.post({
      query: 'query ($f: Filter) { listed(filter: $f) }',
      variables: { f: { status: 'NONE' } },
    }),
  ];
  await closed.close();
  for (const { body } of answers) {
    expect(body.errors?.[0]?.extensions['issues']).toEqual([
      { path: ['filter', 'status'], message: 'is not a value of Status' },
    ]);
  }
});

test('Variables that fit go through, even if they are left to their defaults', async () => {
  const query = 'mutation ($in: Inner!, $key: String = "k") { write(input: $in, key: $key) }';
  const input = { title: 'a', at: '2026-03-01T08:30:00Z', tags: 'one', inner: { title: 'b' } };
  expect(await server.post({ query, variables: { in: input } })).toMatchObject({
    status: 200,
    body: { data: { write: 'written' } },
  });
});

function inForm(issues: Row[2]): readonly object[] {
  return issues.map(([path, message]) => ({ path, message }));
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { type Gateway, type GraphqlAnswer, openGateway } from '../support/gateway';
import { circles, filtersInside, laughs, message, nest, nested, pages, repeat } from './documents';

/**
 * Processor time for one answer, in milliseconds. The worst of these documents takes some 30; what is meant to be
 * caught here, work that grows with the square of a document or worse, takes seconds.
 */
const ENOUGH_MS = 500;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({ ANONYMOUS_SCOPES: 'messages:list,messages:read,messages:update' });
  await gateway.put({ direction: 'INCOMING', status: 'RECEIVED' });
});
afterAll(() => gateway.close());

const FILTERED = 'query ($filter: MessageFilter) { messages(filter: $filter) { totalCount } }';
const ARCHIVE = 'updateMessageStatus(id: 1, status: ARCHIVED) { ignoredFields }';

/** A flood, and the `extensions` of the error that refuses it. */
type Flood = readonly [name: string, refused: object, query: string, variables?: object];

describe('A flood is refused at little cost:', () => {
  test.each<Flood>([
    ['aliases', beyond('aliases', 20, 60), `{ ${repeat(60, n => `a${n}: message(id: 1) { id }`)} }`],
    ['aliases of __typename', beyond('aliases', 20, 300), `{ ${repeat(300, n => `a${n}: __typename`)} }`],
    [
      'aliases in a fragment',
      beyond('aliases', 20, 22),
      `{ ...A ...A } fragment A on Query { ${repeat(11, n => `a${n}: __typename`)} }`,
    ],
    ['directives', beyond('directives', 20, 100), message(repeat(100, () => 'id @include(if: true)'))],
    [
      'directives on spreads',
      beyond('directives', 20, 100),
      `${message(repeat(100, () => '...A @skip(if: false)'))} fragment A on Message { id }`,
    ],
    [
      'one directive many times',
      code('GRAPHQL_VALIDATION_FAILED'),
      message(`id ${'@skip(if: true)'.repeat(140)}`),
    ],
    ['one field many times', beyond('selections', 500, 601), message(repeat(600, () => 'id'))],
    [
      'one field so many times that validation gives up',
      beyond('selections', 500, 991),
      message(repeat(990, () => 'id')),
    ],
    ['__typename many times', beyond('selections', 500, 998), `{ ${repeat(998, () => '__typename')} }`],
    [
      'fields that validation compares through and through',
      beyond('selections', 500, 586),
      message(repeat(195, () => 'parent { id id }')),
    ],
    ['fragments that double forty times', beyond('selections', 500, 3 * 2 ** 40), laughs(40, 'id')],
    [
      'fragments that double sixty times',
      beyond('selections', 500, Number.MAX_SAFE_INTEGER),
      laughs(60, 'id'),
    ],
    ['aliases that double', beyond('aliases', 20, 2 ** 40), laughs(40, 'a: id')],
    ['levels that double', beyond('depth', 12, 42), laughs(40, 'id', 'parent')],
    ['circular fragments', code('GRAPHQL_VALIDATION_FAILED'), circles(2, n => `...C${n}`)],
    ['many circular fragments', code('GRAPHQL_VALIDATION_FAILED'), circles(76, n => `...C${n}`)],
    [
      'many circular fragments below fields',
      code('GRAPHQL_VALIDATION_FAILED'),
      circles(40, n => `parent { ...C${n} }`),
    ],
    [
      'fragments that nothing uses',
      code('GRAPHQL_VALIDATION_FAILED'),
      `${message('id')} ${repeat(140, n => `fragment F${n} on Message { id }`)}`,
    ],
    ['parents of parents', beyond('depth', 12, 102), nested(100, 'parent {', 'id')],
    ['replies to replies', beyond('depth', 12, 42), nested(20, 'replies(first: 1) { nodes {', 'id')],
    [
      'inline fragments in each other',
      beyond('selections', 500, 501),
      nested(245, '... { id', 'id id id id id id id id id id'),
    ],
    ['operations', beyond('operations', 10, 150), repeat(150, n => `query Q${n} { __typename }`)],
    ['tokens', code('GRAPHQL_PARSE_FAILED'), `{ ${repeat(1_000, () => '__typename')} }`],
    ['brackets', code('GRAPHQL_PARSE_FAILED'), '{'.repeat(100_000)],
    [
      'types of types',
      beyond('introspectionDepth', 15, 103),
      `{ __schema { types { ${nest(100, 'ofType {', 'name')} } } }`,
    ],
    [
      'types of fields of types',
      code('GRAPHQL_VALIDATION_FAILED'),
      `{ __schema { types { ${nest(4, 'fields { type {', 'name')} } } }`,
    ],
    [
      'fields of a mutation',
      beyond('mutationFields', 10, 100),
      `mutation { ${repeat(100, () => '...A')} } fragment A on Mutation { ${ARCHIVE} }`,
    ],
    ['pages in pages', beyond('nodes', 10_000, 500 * 501), pages('first: 500', 'first: 500')],
    ['pages that nobody sized', beyond('nodes', 10_000, 50 * (1 + 500)), pages('orderBy: null', 'last: 500')],
    ['pages of a size that is none', beyond('nodes', 10_000, 500 * 501), pages('first: -1', 'first: 100000')],
    [
      'pages sized by variables',
      beyond('nodes', 10_000, 500 * 501),
      `query ($n: Int = 500) ${pages('first: $n', 'last: $n')}`,
    ],
    [
      'dates of schedules',
      beyond('nodes', 10_000, 500 * 51),
      '{ messages(first: 500) { nodes { schedule { occurrences(first: 500) } } } }',
    ],
    [
      'pages in a batch',
      beyond('nodes', 10_000, 500 * 51),
      `mutation ($ids: [ID!]!) { batchUpdateMessageStatus(ids: $ids, status: ARCHIVED) {
        results { message { replies { nodes { id } } } } } }`,
      { ids: Array.from({ length: 500 }, (_, n) => n + 1) },
    ],
    [
      'ids in a literal',
      code('BAD_USER_INPUT'),
      `{ messages(filter: { id: [${repeat(900, String)}] }) { totalCount } }`,
    ],
    [
      'lists in each other',
      code('BAD_USER_INPUT'),
      `{ messages(filter: { id: ${'['.repeat(490)}${']'.repeat(490)} }) { totalCount } }`,
    ],
    [
      'filters in each other',
      code('BAD_USER_INPUT'),
      `{ messages(filter: ${nest(240, '{ not:', '{ q: "a" }')}) { totalCount } }`,
    ],
    [
      'ids in a variable',
      code('BAD_USER_INPUT'),
      FILTERED,
      { filter: { id: Array.from({ length: 20_000 }, (_, n) => n) } },
    ],
    [
      'wrong values in a variable',
      code('BAD_USER_INPUT'),
      FILTERED,
      { filter: { id: Array.from({ length: 20_000 }, () => ({})) } },
    ],
    [
      'filters in each other, in a variable',
      code('BAD_USER_INPUT'),
      FILTERED,
      { filter: filtersInside(3_000) },
    ],
    [
      'variables, each of them wrong',
      code('BAD_USER_INPUT'),
      `query (${repeat(130, n => `$v${n}: ID!`)}) { messages(filter: { id: [${repeat(130, n => `$v${n}`)}] }) { totalCount } }`,
      Object.fromEntries(Array.from({ length: 130 }, (_, n) => [`v${n}`, {}])),
    ],
  ])('%s', async (...[, refused, query, variables]: Flood) => {
    const { answer, ms } = await timed(query, variables);
    expect(answer.errors?.[0]?.extensions).toMatchObject(refused);
    expect(answer.data ?? null).toBeNull();
    expect(ms).toBeLessThan(ENOUGH_MS);
  });
});

test('No part of a mutation that is refused has been carried out', async () => {
  const { message } =
    (await gateway.graphql<{ message: object }>('{ message(id: 1) { status version } }')).data ?? {};
  expect(message).toEqual({ status: 'RECEIVED', version: 1 });
});

test('A refusal says which limit it is, what was asked for, and what to do', async () => {
  const { errors } = await gateway.graphql(`{ ${repeat(25, n => `a${n}: __typename`)} }`);
  expect(errors).toEqual([
    {
      message:
        'The limit `aliases` allows 20 aliases; here are 25. Ask for a list of things at once, or send several requests.',
      extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'aliases', max: 20, actual: 25 },
    },
  ]);
});

describe('Without a token', () => {
  const thousand = '{ messages(first: 500) { nodes { parent { id } } } }';
  const more = '{ messages(first: 500) { nodes { parent { parent { id } } } } }';

  test('an answer may hold fewer entries', async () => {
    expect((await gateway.graphql(thousand, {}, '')).errors).toBeUndefined();
    expect((await gateway.graphql(more)).errors).toBeUndefined();
    const { status, errors } = await gateway.graphql(more, {}, '');
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions).toEqual(beyond('nodes', 1_000, 1_500));
  });

  test('what is closed is refused for that, however large it is', async () => {
    const create = 'createMessage(input: { message: "m", channels: SMS }) { message { id } }';
    const { errors } = await gateway.graphql(`mutation { ${repeat(30, n => `a${n}: ${create}`)} }`, {}, '');
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('With limits that the operator set', () => {
  const limits =
    'operations:2,depth:3,introspectionDepth:2,aliases:1,directives:1,selections:4,mutationFields:1,nodes:10,tokens:40';
  let strict: Gateway;
  beforeAll(async () => {
    strict = await openGateway({ QUERY_LIMITS: limits });
  });
  afterAll(() => strict.close());

  test.each([
    [
      'operations',
      repeat(2, n => `query Q${n} { __typename }`),
      repeat(3, n => `query Q${n} { __typename }`),
    ],
    ['depth', message('parent { id }'), message('parent { parent { id } }')],
    ['introspectionDepth', '{ __schema { description } }', '{ __schema { queryType { name } } }'],
    ['aliases', '{ a: __typename }', '{ a: __typename b: __typename }'],
    ['directives', message('id @skip(if: true)'), message('id @skip(if: true) label @skip(if: true)')],
    ['selections', message('id label text'), message('id label text title')],
    ['mutationFields', `mutation { ${ARCHIVE} }`, `mutation { ${ARCHIVE} ${ARCHIVE} }`],
    ['nodes', '{ messages(first: 10) { nodes { id } } }', '{ messages(first: 11) { nodes { id } } }'],
  ])('%s may be as many as that, and no more', async (limit, most, tooMuch) => {
    expect((await strict.graphql(most)).errors?.[0]?.extensions.code).not.toBe('QUERY_TOO_COMPLEX');
    const { errors } = await strict.graphql(tooMuch);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX', limit });
  });

  test('tokens end where they say', async () => {
    expect((await strict.graphql(`{ ${repeat(38, () => '__typename')} }`)).errors?.[0]?.extensions.code).toBe(
      'QUERY_TOO_COMPLEX',
    );
    expect((await strict.graphql(`{ ${repeat(39, () => '__typename')} }`)).errors?.[0]?.extensions.code).toBe(
      'GRAPHQL_PARSE_FAILED',
    );
  });
});

describe('What honest tools send is answered', () => {
  const everything = getIntrospectionQuery({
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  });

  test.each([
    ['all of the schema', everything],
    ['pages of 500 with their parents', '{ messages(first: 500) { nodes { id parent { id } } totalCount } }'],
    ['a thread', nested(3, 'replies(first: 20) { nodes {', 'id')],
  ])('%s', async (_, query) => {
    const { answer, ms } = await timed(query);
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toBeTruthy();
    expect(ms).toBeLessThan(ENOUGH_MS);
  });
});

/** The least of three, each with a text of its own: a document that is known is not read again. */
async function timed(
  query: string,
  variables: object = {},
): Promise<{ readonly answer: GraphqlAnswer<object>; readonly ms: number }> {
  const times: number[] = [];
  for (const number of [1, 2, 3]) {
    const begin = process.cpuUsage();
    const answer = await gateway.graphql<object>(`${query} # ${number}`, variables);
    const { user, system } = process.cpuUsage(begin);
    times.push((user + system) / 1_000);
    if (number === 3) return { answer, ms: Math.min(...times) };
  }
  throw new Error('three tries have been made');
}

function beyond(limit: string, max: number, actual: number): object {
  return { code: 'QUERY_TOO_COMPLEX', limit, max, actual };
}

function code(name: string): object {
  return { code: name };
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type GraphQLObjectType, getNamedType, isLeafType } from 'graphql';
import { type MessageState } from '../../src/messages/message.kinds';
import { Deadline } from '../../src/platform/deadline';
import { buildHeliographSchema } from '../../src/schema';
import { type Gateway, openGateway } from '../support/gateway';
import { filters, WEEKLY } from '../support/random-messages';
import { incoming, outgoing } from '../support/store';

/** What JSON writes in another way than it is, or what is written otherwise by some: each must come out the same. */
const TEXTS = [
  ...['"quoted"', 'back\\slash', 'a/b', '</script>', '\b\f\n\r\t', '\u0001\u001e\u001f\u007f\u0080', "it's"],
  ...[
    '\u2028\u2029',
    'ümläut',
    'e\u0301',
    '😀👩‍👩‍👧',
    '\ufeffbom',
    '\uffff\ufffd',
    '123',
    'null',
    '{"a":1}',
    ' ',
  ],
];
const INSTANTS = ['0001-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00.000Z']
  .concat(['2024-02-29T12:00:00.001Z', '2026-03-01T08:30:00.010Z', '9999-12-31T23:59:59.999Z'])
  .map(text => new Date(text));

/** A read without end, on either engine. */
const ENDLESS = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers)
  select count(*) from numbers where n < 0`;

const text = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.array(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 5 }).map(parts => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1 }).filter(some => !some.includes('\0')),
);
const instant = fc.oneof(
  fc.constantFrom(...INSTANTS),
  fc.date({ min: INSTANTS[0] as Date, max: INSTANTS.at(-1) as Date, noInvalidDate: true }),
);
const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });

const state: fc.Arbitrary<MessageState> = fc
  .record({
    title: some(text),
    message: text,
    recipientIds: fc.array(text, { maxLength: 3 }),
    contactId: some(text),
    postId: some(text),
    dataFeedId: some(text),
    additionalData: some(fc.dictionary(text, fc.jsonValue(), { maxKeys: 3 })),
    createdAt: instant,
    updatedAt: instant,
  })
  .chain(free =>
    fc.oneof(
      fc.constant(
        incoming({ ...free, additionalData: free.additionalData as MessageState['additionalData'] }),
      ),
      instant.map(sendAt => outgoing({ message: free.message, sendAt, createdAt: free.createdAt })),
      fc.constant(outgoing({ message: free.message, schedule: WEEKLY })),
    ),
  );

/** The plain fields of a type, some of them under another name, or in fragments inside each other. */
function plain(
  type: string,
  inside: Readonly<Record<string, fc.Arbitrary<string>>> = {},
): fc.Arbitrary<string> {
  const fields = Object.values((schema.getType(type) as GraphQLObjectType).getFields())
    .filter(({ name, type }) => name in inside || (isLeafType(getNamedType(type)) && !RESOLVED.has(name)))
    .map(({ name }) => name)
    .concat('__typename');
  return fc
    .shuffledSubarray(fields, { minLength: 1 })
    .chain(names =>
      fc.tuple(
        ...names.map(name =>
          fc
            .tuple(inside[name] ?? fc.constant(''), fc.constantFrom('', 'a: ', 'id: '), fc.nat(2))
            .map(([below, alias, depth]) => {
              // One name stands for one thing.
              const field =
                alias === 'id: ' && name !== 'id'
                  ? `x${name}: ${name}`
                  : `${alias === 'a: ' ? `a${name}: ` : ''}${name}`;
              return (
                `... on ${type} { `.repeat(depth) + field + (below && ` { ${below} }`) + ' }'.repeat(depth)
              );
            }),
        ),
      ),
    )
    .map(texts => texts.join(' '));
}

const schema = buildHeliographSchema();
/** Not in the row of a message. */
const RESOLVED = new Set(['text', 'label']);

const message = plain('Message');
const page = fc
  .record({ pageInfo: fc.constant(plain('PageInfo')), list: fc.constantFrom('nodes', 'edges', 'neither') })
  .chain(({ pageInfo, list }) =>
    plain('MessageConnection', {
      pageInfo,
      ...(list === 'nodes' ? { nodes: message } : {}),
      ...(list === 'edges' ? { edges: plain('MessageEdge', { node: message }) } : {}),
    }),
  );

describe('An answer that the store writes as JSON', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await openGateway();
    const states = fc.sample(state, { numRuns: 120, seed: 7 });
    const first = await gateway.put(states[0] as MessageState);
    for (const each of states.slice(1))
      await gateway.put({ ...each, parentId: each.title === null ? null : first });
  });
  afterAll(() => gateway.close());

  const ask = async (query: string, variables: object): Promise<string> => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-token-for-tests-only' },
      body: JSON.stringify({ query, variables }),
    });
    return `${response.status} ${(await response.text()).replace(/"requestId":"[^"]+"/, '')}`;
  };

  /** What has a directive is run by resolvers. */
  const expectSame = async (
    before: string,
    root: string,
    below: string,
    variables: object,
  ): Promise<string> => {
    const written = await ask(`${before} { ${root} { ${below} } }`, variables);
    const resolved = await ask(`${before} { ${root} @include(if: true) { ${below} } }`, variables);
    expect(written).toBe(resolved);
    return written;
  };

  test('is the one that resolvers make of a message, to the byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 130 }), message, async (id, below) => {
        await expectSame('query ($id: ID!)', 'message(id: $id)', below, { id });
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test('is the one that resolvers make of a page, to the byte', async () => {
    const window = fc.oneof(
      fc.record({ first: fc.integer({ min: 0, max: 60 }), offset: some(fc.integer({ min: 0, max: 130 })) }),
      fc.record({ last: fc.integer({ min: 1, max: 60 }) }),
    );
    const orderBy = some(
      fc.record({
        field: fc.constantFrom(
          'ID',
          'CREATED_AT',
          'UPDATED_AT',
          'SEND_AT',
          'SENT_AT',
          'TITLE',
          'TYPE',
          'STATUS',
        ),
        direction: fc.constantFrom('ASC', 'DESC'),
      }),
    );
    const filter = fc.oneof(filters, fc.constant({ direction: ['INCOMING', 'OUTGOING'] }));
    const before = `query ($first: Int, $last: Int, $offset: Int, $after: String, $before: String,
      $filter: MessageFilter, $orderBy: MessageOrder)`;
    const root = `messages(first: $first, last: $last, offset: $offset, after: $after, before: $before,
      filter: $filter, orderBy: $orderBy)`;
    await fc.assert(
      fc.asyncProperty(page, window, orderBy, filter, async (below, place, order, narrowed) => {
        const variables = { ...place, orderBy: order, filter: narrowed };
        await expectSame(before, root, `${below} cursors: pageInfo { startCursor endCursor }`, variables);
        const answer = await expectSame(before, root, 'pageInfo { startCursor endCursor }', variables);
        const cursors = /"startCursor":"([^"]+)","endCursor":"([^"]+)"/.exec(answer);
        if (cursors === null) return;
        await expectSame(before, root, below, {
          ...variables,
          first: 3,
          offset: null,
          last: null,
          after: cursors[1],
        });
        await expectSame(before, root, below, {
          ...variables,
          first: null,
          offset: null,
          last: 3,
          before: cursors[2],
        });
      }),
      { numRuns: 100, endOnFailure: true },
    );
  }, 120_000);

  test('names what a row cannot be written for as resolvers do', async () => {
    const id = await gateway.put(incoming({ createdAt: new Date(8.64e15) }));
    const answer = await expectSame('', `message(id: "${String(id)}")`, 'id createdAt', {});
    expect(answer).toContain('"createdAt":"+275760-09-13T00:00:00.000Z"');
  });

  test('refuses what is wrong with its arguments in the same words', async () => {
    await expectSame('', 'messages(first: 501, filter: { q: "" })', 'totalCount', {});
    await expectSame('', 'messages(after: "x")', 'nodes { id }', {});
    await expectSame('query ($first: Int = 700)', 'messages(first: $first)', 'nodes { id }', {});
  });

  test('is left to resolvers where the store would write many times what it holds', async () => {
    const long = 'a'.repeat(2_000);
    await expectSame('', 'message(id: "1")', `${long}: id`, {});
    await expectSame('', 'message(id: "1")', 'message again: message onceMore: message', {});
    await expectSame('', 'messages(first: 3)', `edges { ${long}: cursor node { id } }`, {});
    await expectSame('', 'messages(first: 3)', 'nodes { a: additionalData b: additionalData }', {});
  });

  test('that does not come in time has the status of one that resolvers do not give in time', async () => {
    const slow = await openGateway({ EXECUTION_TIMEOUT_MS: '300' });
    const endless = slow.database.within({ deadline: Deadline.in(4_000) });
    try {
      const busy = Array.from({ length: 20 }, () => endless.read(ENDLESS).catch(() => undefined));
      const statusOf = async (query: string): Promise<unknown> => {
        const { status, errors, data } = await slow.graphql<object>(query);
        return { status, code: errors?.[0]?.extensions.code, data };
      };
      const late = { status: 503, code: 'TIMEOUT' };
      // All at once, while nothing else is read.
      const answers = [
        '{ message(id: "1") { id } }',
        '{ message(id: "1") { id @include(if: true) } }',
        '{ messages { nodes { id } } }',
        // A message that is not there is no answer that could be kept.
        '{ none: message(id: "x") { id } message(id: "1") { id } }',
      ].map(statusOf);
      expect(await Promise.all(answers)).toEqual([
        { ...late, data: { message: null } },
        { ...late, data: { message: null } },
        { ...late, data: null },
        { ...late, data: { none: null, message: null } },
      ]);
      await Promise.all(busy);
    } finally {
      await slow.close();
    }
  });

  test('holds several fields, in their order, and nothing where there is no message', async () => {
    const answer = await ask(
      '{ b: message(id: "1") { id } a: messages(first: 1) { totalCount } none: message(id: "x") { id } }',
      {},
    );
    expect(answer).toMatch(/^200 {"data":{"b":{"id":"1"},"a":{"totalCount":\d+},"none":null}}\n$/);
  });
});

import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../support/gateway';

/** What an operation costs in statements: no more for many messages than for one. */
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

/** The statements that an operation reads with, and those that its transaction holds besides its begin and its end. */
async function costOf(
  query: string,
  variables: object = {},
  authorization?: string,
): Promise<{ readonly read: number; readonly written: number }> {
  const [readBefore, writtenBefore] = [gateway.statements(), gateway.written()];
  const { errors } = await gateway.graphql(query, variables, authorization);
  expect(errors).toBeUndefined();
  return { read: gateway.statements() - readBefore, written: gateway.written() - writtenBefore };
}

const incoming = { direction: 'INCOMING', status: 'RECEIVED' } as const;

async function putMany(count: number, given: Parameters<Gateway['put']>[0]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(String(await gateway.put(given)));
  return ids;
}

describe('a query', () => {
  let ids: readonly string[];
  beforeAll(async () => {
    ids = await putMany(60, { ...incoming, postId: 'p' });
  });

  test.each([
    ['a page', '{ messages { nodes { id title channels } } }', 1],
    ['a page of one', '{ messages(first: 1) { nodes { id } } }', 1],
    ['a page and whether more follow', '{ messages { edges { cursor } pageInfo { hasNextPage } } }', 1],
    [
      'a page, its cursors and whether any go before',
      '{ messages { nodes { id } pageInfo { hasPreviousPage startCursor endCursor } } }',
      1,
    ],
    ['a page by contact', '{ messages(filter: { contactId: "c" }) { nodes { id } } }', 2],
    ['a page by status', '{ messages(filter: { status: RECEIVED }) { nodes { id } } }', 1],
    ['a page by provider', '{ messages(filter: { dataProviderId: "p" }) { nodes { id } } }', 1],
    ['the end of a list', '{ messages(last: 50) { nodes { id } } }', 1],
    ['a page far in', '{ messages(offset: 2000) { nodes { id } } }', 1],
    ['a page and the total', '{ messages { nodes { id } totalCount } }', 2],
    ['the total alone', '{ messages { totalCount } }', 1],
    ['a message', '{ message(id: 1) { id title } }', 1],
    ['a message that is not there', '{ message(id: 4711) { id } }', 1],
  ])('for %s', async (_what, query, read) => {
    expect(await costOf(query)).toEqual({ read, written: 0 });
  });

  test('of a list searched by a word, or by a time in another order, costs one look into the indexes more', async () => {
    const dated = '{ createdAt: { gte: "2000-01-01T00:00:00Z" } }';
    for (const args of [`(filter: { q: "river" })`, `(filter: ${dated}, orderBy: { field: UPDATED_AT })`]) {
      const { read } = await costOf(`{ messages${args} { nodes { id } } }`);
      expect(read).toBeLessThanOrEqual(2);
    }
  });

  test('with a token that was made looks it up once', async () => {
    const { token } = await gateway.tokens.create({ name: 't', scopes: ['messages:list'], expiresAt: null });
    const page = '{ messages { nodes { id } } }';
    // The first use of a minute is noted, by and by.
    const before = gateway.written();
    await costOf(page, {}, `Bearer ${token}`);
    while (gateway.written() === before) await setTimeout(10);
    expect(await costOf(page, {}, `Bearer ${token}`)).toEqual({ read: 2, written: 0 });
  });

  test('of threads costs the same with one message as with fifty', async () => {
    for (const parentId of ids) await putMany(2, { parentId: Number(parentId), postId: 'p' });
    const query = `query ($first: Int) { messages(first: $first, filter: { postId: "p", direction: INCOMING }) { nodes {
      parent { id } schedule { rrule } replies(first: 2) { totalCount nodes { id parent { id } } } } } }`;
    const one = await costOf(query, { first: 1 });
    expect(await costOf(query, { first: 50 })).toEqual(one);
    expect(one.read).toBeLessThanOrEqual(5);
  });
});

describe('the messages of contacts', () => {
  test('cost one look at who is merged for all of them', async () => {
    const contactIds = Array.from({ length: 20 }, (_, index) => `of-${index}`);
    for (const contactId of contactIds) await putMany(2, { ...incoming, postId: 'm', contactId });
    const query =
      'query ($first: Int) { contacts(first: $first) { nodes { messages(first: 1) { nodes { id } } } } }';
    const [one, many] = [await costOf(query, { first: 1 }), await costOf(query, { first: 20 })];
    // Each page is a statement of its own.
    expect(many.read - one.read).toBe(19);
  });

  test('cost the same for a contact that stands in many places as for one that stands in one', async () => {
    await putMany(10, { ...incoming, postId: 'same', contactId: 'same' });
    const query = `query ($first: Int) { messages(first: $first, filter: { postId: "same" }) { nodes {
      contact { messages(first: 2) { totalCount nodes { id } } } } } }`;
    expect(await costOf(query, { first: 10 })).toEqual(await costOf(query, { first: 1 }));
  });

  test('are read afresh after each merge of one operation', async () => {
    await putMany(1, { ...incoming, contactId: 'from' });
    await putMany(1, { ...incoming, contactId: 'into' });
    const asked = '{ contact { id messages { totalCount } } }';
    const { data } = await gateway.graphql(`mutation {
      a: mergeContacts(from: "from", into: "into") ${asked}
      b: unmergeContacts(from: "from", into: "into") ${asked}
      c: mergeContacts(from: "from", into: "into") ${asked}
    }`);
    const counted = (id: string, totalCount: number): object => ({
      contact: { id, messages: { totalCount } },
    });
    expect(data).toEqual({ a: counted('into', 2), b: counted('from', 1), c: counted('into', 2) });
  });
});

describe('a mutation', () => {
  const create = (count: number) => ({
    query: `mutation ($inputs: [CreateMessageInput!]!) { batchCreateMessages(inputs: $inputs) { succeeded } }`,
    variables: {
      inputs: Array.from({ length: count }, (_, index) => ({ message: `m${index}`, channels: ['SMS'] })),
    },
  });

  test('that creates a message, or moves its status, costs a few', async () => {
    const created = await costOf(
      'mutation { createMessage(input: { message: "m", channels: SMS }) { message { id } } }',
    );
    const moved = await costOf(
      'mutation { updateMessageStatus(id: 2, status: ARCHIVED) { message { id } } }',
    );
    // A message and its entry in the record; of one that changes, first a look at how it stands.
    expect(created).toEqual({ read: 0, written: 2 });
    expect(moved).toEqual({ read: 0, written: 3 });
  });

  test('of 500 messages costs what one of 2 does', async () => {
    const [few, many] = [create(2), create(500)];
    const cost = await costOf(few.query, few.variables);
    expect(await costOf(many.query, many.variables)).toEqual(cost);
    const status =
      'mutation ($ids: [ID!]!) { batchUpdateMessageStatus(ids: $ids, status: ARCHIVED) { succeeded } }';
    const ids = await putMany(502, incoming);
    const two = await costOf(status, { ids: ids.slice(0, 2) });
    expect(await costOf(status, { ids: ids.slice(2) })).toEqual(two);
  });
});

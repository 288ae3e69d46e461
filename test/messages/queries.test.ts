import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../support/gateway';

/** What a caller of the queries sees, over HTTP; filters, orders and pages have their own tests. */
let gateway: Gateway;
let ids: Record<'report' | 'archived' | 'reply' | 'alert', string>;
beforeAll(async () => {
  gateway = await openGateway();
  const at = (minute: number) => ({ createdAt: new Date(Date.UTC(2026, 1, 1, 0, minute)) });
  const incoming = { direction: 'INCOMING', status: 'RECEIVED', type: 'REPORT' } as const;
  const report = await gateway.put({
    ...incoming,
    ...at(1),
    message: 'The BRÜCKE is under water',
    contactId: 'ann',
  });
  const archived = await gateway.put({ ...incoming, ...at(2), status: 'ARCHIVED', message: 'Old news' });
  const reply = await gateway.put({ ...at(3), parentId: report, message: 'Which bridge?' });
  const alert = await gateway.put({
    ...at(4),
    title: 'Flood',
    message: 'Leave the lower town',
    channels: ['SMS', 'MAIL'],
  });
  ids = { report: String(report), archived: String(archived), reply: String(reply), alert: String(alert) };
});
afterAll(() => gateway.close());

async function listed(args: string): Promise<string[]> {
  const { data, errors } = await gateway.graphql<{ messages: { nodes: { id: string }[] } }>(
    `{ messages${args} { nodes { id } } }`,
  );
  expect(errors).toBeUndefined();
  return data?.messages.nodes.map(({ id }) => id) ?? [];
}

describe('messages', () => {
  test('without a filter is the inbox', async () => {
    expect(await listed('')).toEqual([ids.report]);
  });

  test('a single value stands for a list, in a literal and in a variable', async () => {
    expect(await listed('(filter: { direction: OUTGOING })')).toEqual([ids.alert, ids.reply]);
    const { data } = await gateway.graphql(
      'query ($filter: MessageFilter) { messages(filter: $filter) { nodes { id } } }',
      {
        filter: { status: 'ARCHIVED' },
      },
    );
    expect(data).toEqual({ messages: { nodes: [{ id: ids.archived }] } });
  });

  test.each<[string, (keyof typeof ids)[]]>([
    ['(filter: { q: "brücke" })', ['report']],
    ['(filter: { q: "zzz" })', []],
    [
      '(filter: { id: ["1", "2", "3", "4", "seven"] }, orderBy: { field: ID, direction: ASC })',
      ['report', 'archived', 'reply', 'alert'],
    ],
    ['(filter: { channel: MAIL, direction: OUTGOING })', ['alert']],
    ['(filter: { or: [{ contactId: "ann" }, { direction: OUTGOING, q: "flood" }] })', ['alert', 'report']],
    ['(filter: { not: { contactId: "ann" }, direction: [INCOMING, OUTGOING] })', ['alert', 'reply']],
    [
      '(filter: { createdAt: { lt: "2026-02-01T00:02:30Z" }, status: [RECEIVED, ARCHIVED] })',
      ['archived', 'report'],
    ],
    ['(first: 1, offset: 1, filter: { direction: [INCOMING, OUTGOING] })', ['reply']],
    ['(last: 1, filter: { direction: OUTGOING })', ['reply']],
  ])('%s', async (args, expected) => {
    expect(await listed(args)).toEqual(expected.map(name => ids[name]));
  });

  test('a page knows its place, and its cursors lead on', async () => {
    const query = `query ($after: String) { messages(first: 1, after: $after, filter: { direction: OUTGOING }) {
      edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }`;
    interface Page {
      messages: {
        edges: { cursor: string; node: { id: string } }[];
        pageInfo: Record<string, unknown>;
        totalCount: number;
      };
    }
    const first = (await gateway.graphql<Page>(query)).data?.messages;
    expect(first).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const next = (await gateway.graphql<Page>(query, { after: first?.pageInfo['endCursor'] })).data?.messages;
    expect(next).toMatchObject({
      edges: [{ node: { id: ids.reply } }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: next?.edges[0]?.cursor },
    });
  });

  test('everything that is wrong with the arguments is told at once', async () => {
    const { errors } = await gateway.graphql(
      '{ messages(first: 0, last: 501, after: "x", filter: { q: " ", id: [], and: [{ type: [] }] }) { totalCount } }',
    );
    const issues = errors?.[0]?.extensions['issues'] as { path: string[] }[];
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(issues.map(({ path }) => path.join('.'))).toEqual(
      expect.arrayContaining(['first', 'last', 'after', 'filter.q', 'filter.id', 'filter.and.0.type']),
    );
  });
});

describe('what hangs on a message', () => {
  test('is there from either end of a thread', async () => {
    const query =
      'query ($id: ID!) { message(id: $id) { parent { id } replies { totalCount nodes { id parent { id } } } } }';
    expect((await gateway.graphql(query, { id: ids.report })).data).toEqual({
      message: {
        parent: null,
        replies: { totalCount: 1, nodes: [{ id: ids.reply, parent: { id: ids.report } }] },
      },
    });
  });

  test('costs the same number of statements for one message as for fifty', async () => {
    const many: string[] = [];
    for (let index = 0; index < 50; index += 1) {
      const parentId = await gateway.put({ direction: 'INCOMING', status: 'RECEIVED', postId: 'threads' });
      await gateway.put({ parentId, schedule: null });
      many.push(String(parentId));
    }
    const query = `query ($filter: MessageFilter, $first: Int) { messages(filter: $filter, first: $first) {
      totalCount nodes { parent { id } schedule { rrule } replies(first: 2) { totalCount nodes { id parent { id } } pageInfo { hasNextPage hasPreviousPage } } } } }`;
    const counts: number[] = [];
    for (const first of [1, 50]) {
      const before = gateway.statements();
      const { errors } = await gateway.graphql(query, { filter: { postId: 'threads' }, first });
      expect(errors).toBeUndefined();
      counts.push(gateway.statements() - before);
    }
    expect(counts[1]).toBe(counts[0]);
    expect(counts[0]).toBeLessThanOrEqual(6);
  });
});

describe('occurrences', () => {
  test('are listed from an instant on, at most 500', async () => {
    const schedule = '{ start: "2026-03-02T09:00:00Z", frequency: DAILY, endType: AFTER, count: 3 }';
    const ask = (args: string) =>
      gateway.graphql(`mutation { createMessage(input: { message: "m", channels: SMS, schedule: ${schedule} }) {
        message { schedule { lastOccurrence nextOccurrence occurrences${args} } } } }`);
    expect((await ask('(from: "2026-03-03T09:00:00Z")')).data).toEqual({
      createMessage: {
        message: {
          schedule: {
            lastOccurrence: '2026-03-04T09:00:00.000Z',
            nextOccurrence: '2026-03-02T09:00:00.000Z',
            occurrences: ['2026-03-03T09:00:00.000Z', '2026-03-04T09:00:00.000Z'],
          },
        },
      },
    });
    expect((await ask('(first: 501)')).errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['first'] }],
    });
  });
});

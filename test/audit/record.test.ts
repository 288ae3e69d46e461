import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { outlineOf, recorded } from '../support/audit';
import { makeContacts } from '../support/contacts';
import { type Gateway, openGateway } from '../support/gateway';

let gateway: Gateway;
let token: { readonly id: number; readonly bearer: string };
beforeAll(async () => {
  gateway = await openGateway({ ANONYMOUS_SCOPES: 'messages:create,messages:update' });
  const made = await gateway.tokens.create({
    name: 'desk',
    scopes: ['messages:create', 'messages:update'],
    expiresAt: null,
  });
  token = { id: made.record.id, bearer: `Bearer ${made.token}` };
});
afterAll(() => gateway.close());

const DRAFT = '{ message: "Boil water.", channels: SMS }';
const BLANK = '{ message: " ", channels: SMS }';

/** Every mutation, with what it records of the messages 1 and 2, which are PENDING and have no title. */
const MUTATIONS: readonly (readonly [string, (one: number, two: number) => string, Expected])[] = [
  [
    'createMessage',
    () => `createMessage(input: ${DRAFT}) { message { id } }`,
    (_one, two) => [['CREATED', two + 1, 1]],
  ],
  [
    'updateMessage',
    one => `updateMessage(id: ${one}, input: { title: "Water" }) { message { id } }`,
    one => [['CHANGED', one, 2, 'title: null → "Water"']],
  ],
  [
    'updateMessageStatus',
    one => `updateMessageStatus(id: ${one}, status: CANCELLED) { message { id } }`,
    one => [['CHANGED', one, 2, 'status: "PENDING" → "CANCELLED"']],
  ],
  [
    'batchCreateMessages',
    () => `batchCreateMessages(inputs: [${DRAFT}, ${BLANK}, ${DRAFT}], errorPolicy: PARTIAL) { succeeded }`,
    (_one, two) => [
      ['CREATED', two + 1, 1],
      ['CREATED', two + 2, 1],
    ],
  ],
  [
    'batchUpdateMessages',
    (one, two) =>
      `batchUpdateMessages(resources: [{ id: ${two}, patch: { title: "b" } }, { id: ${one}, patch: { title: "a" } }]) { failed }`,
    (one, two) => [
      ['CHANGED', two, 2, 'title: null → "b"'],
      ['CHANGED', one, 2, 'title: null → "a"'],
    ],
  ],
  [
    'batchUpdateMessageStatus',
    (one, two) =>
      `batchUpdateMessageStatus(ids: [${one}, ${two}, 999999], status: FAILED, errorPolicy: PARTIAL) { failed }`,
    (one, two) => [
      ['CHANGED', one, 2, 'status: "PENDING" → "FAILED"'],
      ['CHANGED', two, 2, 'status: "PENDING" → "FAILED"'],
    ],
  ],
];

type Expected = (one: number, two: number) => readonly (readonly unknown[])[];

const CALLERS = [
  ['a token', () => token.bearer, () => ({ actor: 'TOKEN', token_id: token.id })],
  ['the admin token', () => undefined, () => ({ actor: 'ADMIN', token_id: null })],
  ['nobody known', () => '', () => ({ actor: 'ANONYMOUS', token_id: null })],
] as const;

describe.each(MUTATIONS)('%s records', (_name, mutation, expected) => {
  test.each(CALLERS)('what it wrote, by %s', async (_who, authorization, actor) => {
    const [one, two] = [await gateway.put({}), await gateway.put({})];
    gateway.clock.advance(1_000);
    const rows = await recorded(gateway.database, () =>
      gateway.graphql(`mutation { ${mutation(one, two)} }`, {}, authorization()),
    );
    expect(outlineOf(rows)).toEqual(expected(one, two));
    for (const row of rows) expect(row).toMatchObject({ ...actor(), at: gateway.clock.now().getTime() });
    // One call, one request.
    expect(new Set(rows.map(row => row.request_id)).size).toBe(1);
    expect(rows[0]?.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test('the request is named as the answer names it', async () => {
  let shown: string | null = '';
  const rows = await recorded(gateway.database, async () => {
    const answer = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: token.bearer,
        'x-request-id': 'chosen-by-caller',
      },
      body: JSON.stringify({ query: `mutation { createMessage(input: ${DRAFT}) { message { id } } }` }),
    });
    shown = answer.headers.get('x-request-id');
  });
  expect(rows.map(row => row.request_id)).toEqual([shown]);
});

describe('nothing is recorded where nothing is written:', () => {
  test.each<[string, (id: number) => string]>([
    ['a refused creation', () => `createMessage(input: ${BLANK}) { message { id } }`],
    ['a refused change', id => `updateMessage(id: ${id}, input: { message: "" }) { message { id } }`],
    ['an unknown id', () => 'updateMessageStatus(id: 999999, status: SENT) { message { id } }'],
    [
      'a status that may not follow',
      id => `updateMessageStatus(id: ${id}, status: RECEIVED) { message { id } }`,
    ],
    [
      'a version that has been overtaken',
      id => `updateMessage(id: ${id}, input: { title: "x", expectedVersion: 9 }) { message { id } }`,
    ],
    [
      'a change that changes nothing',
      id => `updateMessage(id: ${id}, input: { title: null }) { message { id } }`,
    ],
    ['the status it has', id => `updateMessageStatus(id: ${id}, status: PENDING) { message { id } }`],
    [
      'an ATOMIC batch with one refused item',
      id =>
        `batchUpdateMessages(resources: [{ id: ${id}, patch: { title: "x" } }, { id: 999999, patch: {} }]) { failed }`,
    ],
    ['an ATOMIC batch of new messages', () => `batchCreateMessages(inputs: [${DRAFT}, ${BLANK}]) { failed }`],
  ])('%s', async (_what, mutation) => {
    const id = await gateway.put({});
    expect(await recorded(gateway.database, () => gateway.graphql(`mutation { ${mutation(id)} }`))).toEqual(
      [],
    );
  });

  test('a call that repeats an idempotency key', async () => {
    const once = () =>
      gateway.graphql(
        `mutation { createMessage(input: ${DRAFT}, idempotencyKey: "audit-1") { message { id } } }`,
      );
    expect(await recorded(gateway.database, once)).toHaveLength(1);
    expect(await recorded(gateway.database, once)).toEqual([]);
    const rows = await gateway.database.read<{ changes: string }>(
      `select changes from audit_entries where changes || request_id like '%audit-1%'`,
    );
    expect(rows).toEqual([]);
  });
});

describe('what belongs together is recorded together:', () => {
  test('a patch with many fields, in the order of the schema', async () => {
    await makeContacts(gateway.database, ['007']);
    const id = await gateway.put({ sendAt: new Date('2026-04-01T00:00:00.000Z') });
    const schedule = { start: '2026-03-02T09:00:00Z', frequency: 'WEEKLY', byDay: ['FR', 'MO'] };
    const input = {
      ...{ schedule, contactId: '007', recipientIds: ['b', 'a'], channels: ['MAIL', 'SMS'] },
      ...{ message: 'Line\r\ntwo', title: 'T', type: 'COMMENT', additionalData: { b: 1, a: [null] } },
    };
    const rows = await recorded(gateway.database, () =>
      gateway.graphql(
        'mutation ($id: ID!, $input: UpdateMessageInput!) { updateMessage(id: $id, input: $input) { message { id } } }',
        { id, input },
      ),
    );
    const rule = {
      ...{ start: '2026-03-02T09:00:00.000Z', timeZone: 'UTC', frequency: 'WEEKLY', interval: 1 },
      ...{ endType: 'NEVER', count: null, until: null, byDay: ['MO', 'FR'], byMonth: [], byMonthDay: [] },
      bySetPosition: null,
    };
    expect(outlineOf(rows)).toEqual([
      [
        ...['CHANGED', id, 2],
        'type: "ALERT" → "COMMENT"',
        'title: null → "T"',
        'message: "The river is over the bridge." → "Line\\ntwo"',
        'channels: ["SMS"] → ["MAIL","SMS"]',
        'recipientIds: [] → ["b","a"]',
        'contactId: null → "007"',
        'additionalData: null → {"b":1,"a":[null]}',
        'repeats: false → true',
        `schedule: null → ${JSON.stringify(rule)}`,
        'sendAt: "2026-04-01T00:00:00.000Z" → null',
      ],
    ]);
  });

  test('SENT and the time that it brings along', async () => {
    const id = await gateway.put({});
    const rows = await recorded(gateway.database, () =>
      gateway.graphql(`mutation { updateMessageStatus(id: ${id}, status: SENT) { message { id } } }`),
    );
    const now = gateway.clock.now().toISOString();
    expect(outlineOf(rows)).toEqual([
      ['CHANGED', id, 2, 'status: "PENDING" → "SENT"', `sentAt: null → "${now}"`],
    ]);
  });

  test('of an INCOMING message its status alone, whatever else was given', async () => {
    const id = await gateway.put({ direction: 'INCOMING', status: 'RECEIVED' });
    const rows = await recorded(gateway.database, () =>
      gateway.graphql(
        `mutation { updateMessage(id: ${id}, input: { title: "x", status: ARCHIVED }) { ignoredFields } }`,
      ),
    );
    expect(outlineOf(rows)).toEqual([['CHANGED', id, 2, 'status: "RECEIVED" → "ARCHIVED"']]);
  });

  test('a batch in one statement, however large it is', async () => {
    const statements: number[] = [];
    for (const size of [2, 500]) {
      const ids: number[] = [];
      for (let i = 0; i < size; i += 1) ids.push(await gateway.put({}));
      const rows = await recorded(gateway.database, async () => {
        statements.push(
          await statementsOf(() =>
            gateway.graphql(
              'mutation ($ids: [ID!]!) { batchUpdateMessageStatus(ids: $ids, status: ARCHIVED) { succeeded } }',
              { ids },
            ),
          ),
        );
      });
      expect(rows.map(row => row.message_id)).toEqual(ids);
    }
    // The messages are read, written, and recorded.
    expect(statements).toEqual([3, 3]);
  });
});

test('every mutation of messages, of which alone the record is, stands in the table above', async () => {
  const { data } = await gateway.graphql<{ __schema: { mutationType: { fields: { name: string }[] } } }>(
    '{ __schema { mutationType { fields { name } } } }',
  );
  const names = data?.__schema.mutationType.fields.map(({ name }) => name) ?? [];
  expect(names.filter(name => !/Contacts?$/.test(name)).sort()).toEqual(
    MUTATIONS.map(([name]) => name).sort(),
  );
});

test('no entry holds a token, an address or a hash', async () => {
  const rows = await gateway.database.read('select * from audit_entries');
  const [hash] = await gateway.database.read<{ hash: string }>('select hash from api_tokens');
  for (const secret of [token.bearer.slice('Bearer '.length), '127.0.0.1', hash?.hash ?? '']) {
    expect(rows.filter(row => JSON.stringify(row).includes(secret))).toEqual([]);
  }
});

/** How many statements the transactions of some work hold. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const before = gateway.written();
  await work();
  return gateway.written() - before;
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeContacts } from '../support/contacts';
import { type Gateway, type GraphqlError, openGateway } from '../support/gateway';
import { create, MINIMAL, type Payload, refusal, update } from '../support/mutations';

/** What a caller of the mutations that change messages sees, over HTTP; the rules have their own tests. */
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
  await makeContacts(gateway.database, ['c']);
});
afterAll(() => gateway.close());

describe('updateMessage', () => {
  test('leaves alone what is left out, and clears what is null', async () => {
    const { message } = await create(gateway, {
      ...MINIMAL,
      title: 'Water',
      contactId: 'c',
      postId: 'p',
      recipientIds: ['u'],
      additionalData: { b: 1, a: 2 },
    });
    const changed = (await update(gateway, message.id, {
      contactId: null,
      recipientIds: null,
      additionalData: { a: 2, b: 1 },
    })) as Payload;
    expect(changed.message).toMatchObject({
      title: 'Water',
      contactId: null,
      postId: 'p',
      recipientIds: [],
      version: 2,
    });
    expect(JSON.stringify(changed.message['additionalData'])).toBe('{"a":2,"b":1}');
  });

  test.each(['message', 'type', 'channels', 'repeats', 'status'])('refuses null for %s', async field => {
    const { message } = await create(gateway, MINIMAL);
    expect(await update(gateway, message.id, { [field]: null })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', field] }] },
    });
  });

  test('expectedVersion keeps two editors apart', async () => {
    const { message } = await create(gateway, MINIMAL);
    expect(await update(gateway, message.id, { title: 'first', expectedVersion: 1 })).toMatchObject({
      message: { version: 2 },
    });
    expect(await update(gateway, message.id, { title: 'second', expectedVersion: 1 })).toMatchObject({
      extensions: { code: 'CONFLICT' },
    });
    expect(await update(gateway, message.id, { title: 'first', expectedVersion: 2 })).toMatchObject({
      message: { version: 2 },
    });
  });

  test('a schedule clears sendAt, replaces the former whole, and goes with repeats: false', async () => {
    const { message } = await create(gateway, { ...MINIMAL, sendAt: '2026-05-01T00:00:00Z' });
    const weekly = { start: '2026-03-02T09:00:00Z', frequency: 'WEEKLY', byDay: ['MO'] };
    expect(await update(gateway, message.id, { schedule: weekly })).toMatchObject({
      message: { repeats: true, sendAt: null, version: 2 },
    });
    expect(await update(gateway, message.id, { schedule: weekly })).toMatchObject({
      message: { version: 2 },
    });
    const daily = { start: '2026-03-02T09:00:00Z', frequency: 'DAILY' };
    expect(await update(gateway, message.id, { schedule: daily })).toMatchObject({
      message: { schedule: { byDay: [] }, version: 3 },
    });
    expect(await update(gateway, message.id, { status: 'SENT' })).toMatchObject({
      extensions: { code: 'INVALID_STATUS_TRANSITION' },
    });
    expect(
      await update(gateway, message.id, { repeats: false, sendAt: '2026-05-01T00:00:00Z' }),
    ).toMatchObject({
      message: { repeats: false, schedule: null, sendAt: '2026-05-01T00:00:00.000Z', version: 4 },
    });
    expect(await update(gateway, message.id, { repeats: true })).toMatchObject({
      extensions: { issues: [{ path: ['input', 'repeats'] }] },
    });
  });

  test('sentAt makes a pending message SENT, may be corrected, and is cleared by a return to PENDING', async () => {
    const { message } = await create(gateway, MINIMAL);
    expect(await update(gateway, message.id, { sentAt: '2026-02-01T00:00:00Z' })).toMatchObject({
      message: { status: 'SENT' },
    });
    expect(await update(gateway, message.id, { sentAt: '2026-02-02T00:00:00Z' })).toMatchObject({
      message: { sentAt: '2026-02-02T00:00:00.000Z' },
    });
    const soon = new Date(gateway.clock.now().getTime() + 5 * 60_000);
    expect(await update(gateway, message.id, { sentAt: soon.toISOString() })).toMatchObject({
      message: { status: 'SENT' },
    });
    const late = new Date(soon.getTime() + 1);
    expect(await update(gateway, message.id, { sentAt: late.toISOString() })).toMatchObject({
      extensions: { issues: [{ path: ['input', 'sentAt'] }] },
    });
    expect(await update(gateway, message.id, { sentAt: null })).toMatchObject({
      extensions: { issues: [{ path: ['input', 'sentAt'] }] },
    });
  });

  test('a sendAt in the past is refused if it is new, and accepted if it stands there already', async () => {
    const { message } = await create(gateway, { ...MINIMAL, sendAt: '2026-03-01T11:56:00Z' });
    gateway.clock.advance(60 * 60_000);
    expect(await update(gateway, message.id, { sendAt: '2026-03-01T11:56:00Z', title: 'x' })).toMatchObject({
      message: { title: 'x' },
    });
    expect(await update(gateway, message.id, { sendAt: '2026-03-01T11:57:00Z' })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test.each(['0', '-1', '007', '9007199254740992', 'seven', '', '1.0', '1e3'])(
    'the id %j names nothing',
    async id => {
      expect(await update(gateway, id, { title: 'x' })).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
      const { data } = await gateway.graphql('query ($id: ID!) { message(id: $id) { id } }', { id });
      expect(data).toEqual({ message: null });
    },
  );
});

describe('updateMessageStatus', () => {
  const query =
    'mutation ($id: ID!, $status: MessageStatus!, $v: Int) { updateMessageStatus(id: $id, status: $status, expectedVersion: $v) { message { status version sentAt } } }';

  test('lists what is allowed where it refuses', async () => {
    const { message } = await create(gateway, MINIMAL);
    const error = await refusal(gateway, query, { id: message.id, status: 'RECEIVED' });
    expect(error).toMatchObject({
      extensions: {
        code: 'INVALID_STATUS_TRANSITION',
        allowed: ['SENT', 'FAILED', 'EXPIRED', 'CANCELLED', 'ARCHIVED'],
      },
    });
    expect(error?.message).toContain('SENT, FAILED, EXPIRED, CANCELLED, ARCHIVED');
    expect(await refusal(gateway, query, { id: '999999', status: 'SENT' })).toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
    expect(await refusal(gateway, query, { id: message.id, status: 'SENT', v: 9 })).toMatchObject({
      extensions: { code: 'CONFLICT' },
    });
  });

  test('sets sentAt when it becomes SENT', async () => {
    const { message } = await create(gateway, MINIMAL);
    const { data } = await gateway.graphql(query, { id: message.id, status: 'SENT' });
    expect(data).toEqual({
      updateMessageStatus: {
        message: { status: 'SENT', version: 2, sentAt: gateway.clock.now().toISOString() },
      },
    });
  });
});

describe('several mutations in one request', () => {
  test('each sees what the ones before it wrote, also in what hangs on a message', async () => {
    const { message } = await create(gateway, MINIMAL);
    const reply = `createMessage(input: { message: "re", parentId: "${message.id}" }) { message { parent { replies { totalCount nodes { id } } } } }`;
    const { data } = await gateway.graphql<Record<string, Payload>>(`mutation { a: ${reply} b: ${reply} }`);
    expect(data).toMatchObject({
      a: { message: { parent: { replies: { totalCount: 1 } } } },
      b: { message: { parent: { replies: { totalCount: 2 } } } },
    });
  });
});

describe('a batch over HTTP', () => {
  test('refuses only what GraphQL cannot read as a whole; everything else item by item', async () => {
    const query = `mutation ($resources: [MessageBatchUpdate!]!) { batchUpdateMessages(resources: $resources, errorPolicy: PARTIAL) {
      succeeded failed results { index id applied ignoredFields message { id title } errors { code message path allowed } } } }`;
    const { message } = await create(gateway, MINIMAL);
    const resources = [
      { id: message.id, patch: { title: 'x'.repeat(256), channels: [] } },
      { id: 'nothing', patch: {} },
    ];
    const { data } = await gateway.graphql(query, { resources });
    expect(data).toMatchObject({
      batchUpdateMessages: {
        ...{ succeeded: 0, failed: 2 },
        results: [
          {
            index: 0,
            id: message.id,
            applied: false,
            message: { title: null },
            errors: [{ path: ['patch', 'title'] }, { path: ['patch', 'channels'] }],
          },
          {
            index: 1,
            id: 'nothing',
            applied: false,
            message: null,
            errors: [{ code: 'NOT_FOUND', path: ['id'], allowed: null }],
          },
        ],
      },
    });
    const unreadable = [{ id: message.id, patch: { sendAt: 'tomorrow', status: 'GONE', colour: 'red' } }];
    const error = await refusal(gateway, query, { resources: unreadable });
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
    const paths = (error?.extensions['issues'] as { path: string[] }[]).map(({ path }) => path.join('.'));
    expect(paths.sort()).toEqual([
      'resources.0.patch.colour',
      'resources.0.patch.sendAt',
      'resources.0.patch.status',
    ]);
  });
});

describe('several mutations of which a later one is refused', () => {
  test('are answered with 200, because the first has been written', async () => {
    const query = `mutation { a: createMessage(input: { message: "m", channels: SMS, postId: "several" }) { message { id } }
      b: updateMessage(id: "999999", input: {}) { message { id } } }`;
    const { status, data, errors } = await gateway.graphql(query);
    expect([status, data, errors?.[0]?.extensions.code]).toEqual([200, null, 'NOT_FOUND']);
    const listed = await gateway.graphql(
      '{ messages(filter: { postId: "several", direction: OUTGOING }) { totalCount } }',
    );
    expect(listed.data).toEqual({ messages: { totalCount: 1 } });
  });
});

test('A message that has changed as often as can be counted stays as it is, and can still be read', async () => {
  const id = await gateway.put({ version: 2 ** 31 - 1 });
  const refused = (await update(gateway, String(id), { title: 'More' })) as GraphqlError;
  const { data } = await gateway.graphql(`{ message(id: ${id}) { status version } }`);
  expect(refused.extensions.code).toBe('BAD_USER_INPUT');
  expect(data).toEqual({ message: { status: 'PENDING', version: 2 ** 31 - 1 } });
});

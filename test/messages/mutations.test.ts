import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gateway, type GraphqlError, openGateway } from '../support/gateway';

/** What a caller of the mutations sees, over HTTP; the rules themselves have their own tests. */
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

interface Payload {
  readonly message: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly ignoredFields: readonly string[];
}

const FIELDS = `message {
  id version direction status type title message text label channels recipientIds parentId contactId postId dataFeedId
  dataProviderId dataProviderMessageId additionalData repeats sendAt sentAt createdAt updatedAt
  schedule { start timeZone frequency interval endType count until byDay byMonth byMonthDay bySetPosition rrule nextOccurrence }
} ignoredFields`;

async function create(input: object): Promise<Payload> {
  const query = `mutation ($input: CreateMessageInput!) { createMessage(input: $input) { ${FIELDS} } }`;
  const { data, errors } = await gateway.graphql<{ createMessage: Payload }>(query, { input });
  if (!data) throw new Error(JSON.stringify(errors));
  return data.createMessage;
}

async function update(id: string, input: object): Promise<Payload | GraphqlError> {
  const query = `mutation ($id: ID!, $input: UpdateMessageInput!) { updateMessage(id: $id, input: $input) { ${FIELDS} } }`;
  const { data, errors } = await gateway.graphql<{ updateMessage: Payload }>(query, { id, input });
  return data?.updateMessage ?? (errors?.[0] as GraphqlError);
}

async function refusal(query: string, variables: object): Promise<GraphqlError | undefined> {
  const { errors } = await gateway.graphql(query, variables);
  expect(errors).toHaveLength(1);
  return errors?.[0];
}

const refusedCreate = (input: object) =>
  refusal('mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { id } } }', {
    input,
  });
/** An object of so many levels. */
const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
const minimal = { message: 'Boil water.', channels: ['SMS'] };

describe('createMessage', () => {
  test('makes an OUTGOING, PENDING message with every default', async () => {
    const now = gateway.clock.now().toISOString();
    const { message, ignoredFields } = await create({
      message: 'Boil <b>all</b> water&nbsp;now',
      channels: ['SMS', 'MAIL', 'SMS'],
    });
    expect(ignoredFields).toEqual([]);
    expect(message).toMatchObject({
      ...{ version: 1, direction: 'OUTGOING', status: 'PENDING', type: 'ALERT', title: null },
      ...{
        message: 'Boil <b>all</b> water&nbsp;now',
        text: 'Boil all water\u00a0now',
        label: 'Boil all water\u00a0now',
      },
      ...{
        channels: ['SMS', 'MAIL'],
        recipientIds: [],
        parentId: null,
        contactId: null,
        additionalData: null,
      },
      ...{ repeats: false, schedule: null, sendAt: null, sentAt: null, createdAt: now, updatedAt: now },
    });
  });

  test('tells every problem of an input at once, and never the value', async () => {
    const error = await refusedCreate({
      ...{ message: ' ', title: 'secret'.repeat(50), channels: [], recipientIds: ['ok', 'bad\u0000'] },
      ...{ parentId: '999999', additionalData: ['secret'], sendAt: '2020-01-01T00:00:00Z', repeats: true },
    });
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
    const issues = error?.extensions['issues'] as { path: string[]; message: string }[];
    expect(issues.map(({ path }) => path.join('.')).sort()).toEqual(
      [
        'additionalData',
        'channels',
        'message',
        'parentId',
        'recipientIds.1',
        'repeats',
        'sendAt',
        'title',
      ].map(f => `input.${f}`),
    );
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  test('a reply takes what it leaves out from its parent, and null keeps it empty', async () => {
    const parent = await gateway.put({
      ...{ direction: 'INCOMING', status: 'RECEIVED', type: 'REPORT', channels: ['WHATSAPP'] },
      ...{
        contactId: 'contact-1',
        dataFeedId: 'feed-1',
        dataProviderId: 'provider-1',
        dataProviderMessageId: 'm-1',
      },
    });
    const taken = {
      type: 'REPORT',
      channels: ['WHATSAPP'],
      contactId: 'contact-1',
      dataFeedId: 'feed-1',
      dataProviderId: 'provider-1',
    };
    const reply = { message: 'On our way', parentId: String(parent) };
    expect((await create(reply)).message).toMatchObject({
      ...taken,
      parentId: String(parent),
      dataProviderMessageId: null,
    });
    const own = {
      type: 'COMMENT',
      channels: ['SMS'],
      contactId: null,
      dataFeedId: null,
      dataProviderId: 'provider-2',
    };
    expect((await create({ ...reply, ...own })).message).toMatchObject(own);
    expect((await create({ ...reply, type: null })).message).toMatchObject({ ...taken, type: 'ALERT' });
    expect((await refusedCreate({ ...reply, channels: null }))?.extensions['issues']).toMatchObject([
      { path: ['input', 'channels'] },
    ]);
  });

  test('a schedule makes it repeat, and is shown with what it means', async () => {
    const schedule = {
      start: '2026-03-02T09:00:00Z',
      timeZone: 'America/New_York',
      frequency: 'WEEKLY',
      byDay: ['MO', 'TH'],
    };
    const { message } = await create({ ...minimal, schedule });
    expect(message['repeats']).toBe(true);
    expect(message['schedule']).toEqual({
      ...{
        start: '2026-03-02T09:00:00.000Z',
        timeZone: 'America/New_York',
        frequency: 'WEEKLY',
        interval: 1,
        endType: 'NEVER',
      },
      ...{ count: null, until: null, byDay: ['MO', 'TH'], byMonth: [], byMonthDay: [], bySetPosition: null },
      rrule: 'DTSTART;TZID=America/New_York:20260302T040000\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH',
      nextOccurrence: '2026-03-02T09:00:00.000Z',
    });
  });

  test.each([
    [
      'an additionalData of more than 16 KiB',
      { additionalData: { text: 'x'.repeat(16_384) } },
      'additionalData',
    ],
    ['65,536 characters', { message: '😀'.repeat(65_536) }, 'message'],
    ['a title of 256 characters', { title: '😀'.repeat(256) }, 'title'],
    [
      'a schedule with sendAt',
      { schedule: { start: '2026-03-02T09:00:00Z', frequency: 'DAILY' }, sendAt: '2026-03-02T09:00:00Z' },
      'sendAt',
    ],
    [
      'a schedule with repeats: false',
      { schedule: { start: '2026-03-02T09:00:00Z', frequency: 'DAILY' }, repeats: false },
      'repeats',
    ],
    [
      'a schedule that matches no day',
      { schedule: { start: '2026-03-02T09:00:00Z', frequency: 'YEARLY', byMonth: [2], byMonthDay: [30] } },
      'schedule',
    ],
    ['a contact id of 65 characters', { contactId: 'x'.repeat(65) }, 'contactId'],
    ['an additionalData of 61 levels', { additionalData: nested(61) }, 'additionalData'],
    ['a lone surrogate', { title: '\ud800' }, 'title'],
  ])('refuses %s', async (_, wrong, field) => {
    const error = await refusedCreate({ ...minimal, ...wrong });
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
    expect(error?.extensions['issues']).toMatchObject([
      { path: expect.arrayContaining(['input', field]) as unknown },
    ]);
  });

  test('accepts the longest of everything', async () => {
    const { message } = await create({
      message: '😀'.repeat(65_535),
      title: 'ß'.repeat(255),
      channels: ['SMS'],
      contactId: 'x'.repeat(64),
    });
    expect([...String(message['message'])]).toHaveLength(65_535);
  });
});

describe('updateMessage', () => {
  test('leaves alone what is left out, and clears what is null', async () => {
    const { message } = await create({
      ...minimal,
      title: 'Water',
      contactId: 'c',
      postId: 'p',
      recipientIds: ['u'],
      additionalData: { b: 1, a: 2 },
    });
    const changed = (await update(message.id, {
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
    const { message } = await create(minimal);
    expect(await update(message.id, { [field]: null })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', field] }] },
    });
  });

  test('expectedVersion keeps two editors apart', async () => {
    const { message } = await create(minimal);
    expect(await update(message.id, { title: 'first', expectedVersion: 1 })).toMatchObject({
      message: { version: 2 },
    });
    expect(await update(message.id, { title: 'second', expectedVersion: 1 })).toMatchObject({
      extensions: { code: 'CONFLICT' },
    });
    expect(await update(message.id, { title: 'first', expectedVersion: 2 })).toMatchObject({
      message: { version: 2 },
    });
  });

  test('a schedule clears sendAt, replaces the former whole, and goes with repeats: false', async () => {
    const { message } = await create({ ...minimal, sendAt: '2026-05-01T00:00:00Z' });
    const weekly = { start: '2026-03-02T09:00:00Z', frequency: 'WEEKLY', byDay: ['MO'] };
    expect(await update(message.id, { schedule: weekly })).toMatchObject({
      message: { repeats: true, sendAt: null, version: 2 },
    });
    expect(await update(message.id, { schedule: weekly })).toMatchObject({ message: { version: 2 } });
    const daily = { start: '2026-03-02T09:00:00Z', frequency: 'DAILY' };
    expect(await update(message.id, { schedule: daily })).toMatchObject({
      message: { schedule: { byDay: [] }, version: 3 },
    });
    expect(await update(message.id, { status: 'SENT' })).toMatchObject({
      extensions: { code: 'INVALID_STATUS_TRANSITION' },
    });
    expect(await update(message.id, { repeats: false, sendAt: '2026-05-01T00:00:00Z' })).toMatchObject({
      message: { repeats: false, schedule: null, sendAt: '2026-05-01T00:00:00.000Z', version: 4 },
    });
    expect(await update(message.id, { repeats: true })).toMatchObject({
      extensions: { issues: [{ path: ['input', 'repeats'] }] },
    });
  });

  test('sentAt makes a pending message SENT, may be corrected, and is cleared by a return to PENDING', async () => {
    const { message } = await create(minimal);
    expect(await update(message.id, { sentAt: '2026-02-01T00:00:00Z' })).toMatchObject({
      message: { status: 'SENT' },
    });
    expect(await update(message.id, { sentAt: '2026-02-02T00:00:00Z' })).toMatchObject({
      message: { sentAt: '2026-02-02T00:00:00.000Z' },
    });
    const soon = new Date(gateway.clock.now().getTime() + 5 * 60_000);
    expect(await update(message.id, { sentAt: soon.toISOString() })).toMatchObject({
      message: { status: 'SENT' },
    });
    const late = new Date(soon.getTime() + 1);
    expect(await update(message.id, { sentAt: late.toISOString() })).toMatchObject({
      extensions: { issues: [{ path: ['input', 'sentAt'] }] },
    });
    expect(await update(message.id, { sentAt: null })).toMatchObject({
      extensions: { issues: [{ path: ['input', 'sentAt'] }] },
    });
  });

  test('a sendAt in the past is refused if it is new, and accepted if it stands there already', async () => {
    const { message } = await create({ ...minimal, sendAt: '2026-03-01T11:56:00Z' });
    gateway.clock.advance(60 * 60_000);
    expect(await update(message.id, { sendAt: '2026-03-01T11:56:00Z', title: 'x' })).toMatchObject({
      message: { title: 'x' },
    });
    expect(await update(message.id, { sendAt: '2026-03-01T11:57:00Z' })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test.each(['0', '-1', '007', '9007199254740992', 'seven', '', '1.0', '1e3'])(
    'the id %j names nothing',
    async id => {
      expect(await update(id, { title: 'x' })).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
      const { data } = await gateway.graphql('query ($id: ID!) { message(id: $id) { id } }', { id });
      expect(data).toEqual({ message: null });
    },
  );
});

describe('updateMessageStatus', () => {
  const query =
    'mutation ($id: ID!, $status: MessageStatus!, $v: Int) { updateMessageStatus(id: $id, status: $status, expectedVersion: $v) { message { status version sentAt } } }';

  test('lists what is allowed where it refuses', async () => {
    const { message } = await create(minimal);
    const error = await refusal(query, { id: message.id, status: 'RECEIVED' });
    expect(error).toMatchObject({
      extensions: {
        code: 'INVALID_STATUS_TRANSITION',
        allowed: ['SENT', 'FAILED', 'EXPIRED', 'CANCELLED', 'ARCHIVED'],
      },
    });
    expect(error?.message).toContain('SENT, FAILED, EXPIRED, CANCELLED, ARCHIVED');
    expect(await refusal(query, { id: '999999', status: 'SENT' })).toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
    expect(await refusal(query, { id: message.id, status: 'SENT', v: 9 })).toMatchObject({
      extensions: { code: 'CONFLICT' },
    });
  });

  test('sets sentAt when it becomes SENT', async () => {
    const { message } = await create(minimal);
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
    const { message } = await create(minimal);
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
    const { message } = await create(minimal);
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
    const error = await refusal(query, { resources: unreadable });
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
    const paths = (error?.extensions['issues'] as { path: string[] }[]).map(({ path }) => path.join('.'));
    expect(paths.sort()).toEqual([
      'resources.0.patch.colour',
      'resources.0.patch.sendAt',
      'resources.0.patch.status',
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeContacts } from '../support/contacts';
import { type Gateway, openGateway } from '../support/gateway';
import { create, MINIMAL, refusal } from '../support/mutations';

/** What a caller of createMessage sees, over HTTP; the rules themselves have their own tests. */
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const refusedCreate = (input: object) =>
  refusal(
    gateway,
    'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { id } } }',
    { input },
  );

/** An object of so many levels. */
const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });

describe('createMessage', () => {
  test('makes an OUTGOING, PENDING message with every default', async () => {
    const now = gateway.clock.now().toISOString();
    const { message, ignoredFields } = await create(gateway, {
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
    expect((await create(gateway, reply)).message).toMatchObject({
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
    expect((await create(gateway, { ...reply, ...own })).message).toMatchObject(own);
    expect((await create(gateway, { ...reply, type: null })).message).toMatchObject({
      ...taken,
      type: 'ALERT',
    });
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
    const { message } = await create(gateway, { ...MINIMAL, schedule });
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
    ['a contact that there is not', { contactId: 'nobody' }, 'contactId'],
    ['a contact id of 65 characters', { contactId: 'x'.repeat(65) }, 'contactId'],
    ['an additionalData of 61 levels', { additionalData: nested(61) }, 'additionalData'],
    ['a lone surrogate', { title: '\ud800' }, 'title'],
  ])('refuses %s', async (_, wrong, field) => {
    const error = await refusedCreate({ ...MINIMAL, ...wrong });
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
    expect(error?.extensions['issues']).toMatchObject([
      { path: expect.arrayContaining(['input', field]) as unknown },
    ]);
  });

  test('accepts the longest of everything', async () => {
    await makeContacts(gateway.database, ['x'.repeat(64)]);
    const { message } = await create(gateway, {
      message: '😀'.repeat(65_535),
      title: 'ß'.repeat(255),
      channels: ['SMS'],
      contactId: 'x'.repeat(64),
    });
    expect(Array.from(String(message['message']))).toHaveLength(65_535);
  });
});

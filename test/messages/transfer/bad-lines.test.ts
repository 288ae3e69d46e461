import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LEAST, openTransferStore, type TransferStore } from '../../support/transfer';

let store: TransferStore;
beforeAll(async () => {
  store = await openTransferStore();
});
afterAll(async () => {
  expect(await store.exportText()).toBe('');
  await store.close();
});

const RULE = { start: '2026-04-01T06:00:00Z', frequency: 'DAILY' } as const;
const OUT = { ...LEAST, direction: 'OUTGOING' } as const;
const INSTANT = 'must be an instant in ISO 8601 with an offset, such as 2026-03-01T08:30:00Z';
const ID = 'must be a whole number from 1 to 9007199254740991';

describe('a line is refused', () => {
  test.each<[string, unknown, string]>([
    ['that is no JSON', '{"message": "x"', 'is not valid JSON'],
    ['that is a list', '[]', 'must be a JSON object'],
    ['that is null', 'null', 'must be a JSON object'],
    ['that is a text', '"message"', 'must be a JSON object'],
    ['that says nothing', '{}', 'message: cannot be null; channels: must hold at least one channel'],
    ['with an unknown field', { ...LEAST, titel: 'x' }, '"titel" is not a field of a message'],
    ['with a field of another case', { ...LEAST, Title: 'x' }, '"Title" is not a field of a message'],
    [
      'with __proto__',
      '{"message":"x","channels":["SMS"],"__proto__":{"title":"y"}}',
      '"__proto__" is not a field of a message',
    ],
    ['with constructor', { ...LEAST, constructor: 1 }, '"constructor" is not a field of a message'],
    [
      'with a long unknown name',
      { ...LEAST, ['n'.repeat(99)]: 1 },
      `"${'n'.repeat(40)}…" is not a field of a message`,
    ],
    [
      'with an unknown name that a terminal would obey',
      { ...LEAST, '\u001b[2J': 1 },
      '"\ufffd[2J" is not a field of a message',
    ],

    ['with an id of 0', { ...LEAST, id: 0 }, `id: ${ID}`],
    ['with an id beyond 2^53−1', { ...LEAST, id: '9007199254740992' }, `id: ${ID}`],
    ['with an id that is no decimal number', { ...LEAST, id: '0x1' }, `id: ${ID}`],
    ['with an id with a fraction', { ...LEAST, id: 1.5 }, `id: ${ID}`],
    ['with an id with leading zeros', { ...LEAST, id: '01' }, `id: ${ID}`],
    ['with version 0', { ...LEAST, version: 0 }, 'version: must be a whole number from 1 to 2147483647'],
    [
      'with a version as text',
      { ...LEAST, version: '1' },
      'version: must be a whole number from 1 to 2147483647',
    ],
    [
      'with an unknown direction',
      { ...LEAST, direction: 'UP', status: 'SENT' },
      'direction: must be one of INCOMING, OUTGOING',
    ],
    [
      'with null for direction',
      { ...LEAST, direction: null },
      'direction: must be one of INCOMING, OUTGOING',
    ],
    [
      'with a status in small letters',
      { ...LEAST, status: 'received' },
      'status: must be one of PENDING, SENT, RECEIVED, EXPIRED, CANCELLED, FAILED, ARCHIVED',
    ],
    [
      'with a status of the other direction',
      { ...LEAST, status: 'SENT' },
      'status: must be one of RECEIVED, ARCHIVED for an INCOMING message',
    ],
    [
      'that is OUTGOING and RECEIVED',
      { ...OUT, status: 'RECEIVED' },
      'status: must be one of PENDING, SENT, EXPIRED, CANCELLED, FAILED, ARCHIVED for an OUTGOING message',
    ],
    [
      'with an unknown type',
      { ...LEAST, type: 'NOTE' },
      'type: must be one of REPORT, REVISION, COMMENT, ALERT',
    ],

    ['with a blank message', { ...LEAST, message: ' \n' }, 'message: must not be blank'],
    ['with a number as message', { ...LEAST, message: 7 }, 'message: must be a text'],
    ['with a list as title', { ...LEAST, title: ['x'] }, 'title: must be a text'],
    [
      'with a title too long',
      { ...LEAST, title: 'é'.repeat(256) },
      'title: must have at most 255 characters',
    ],
    [
      'with U+0000',
      { ...LEAST, message: 'a\u0000' },
      'message: must not hold control characters other than tab and newline',
    ],
    [
      'with a lone surrogate',
      '{"message":"\\ud800","channels":["SMS"]}',
      'message: must not hold half a character (a lone surrogate)',
    ],
    ['with a single channel', { ...LEAST, channels: 'SMS' }, 'channels: must be a list'],
    ['without channels', { message: 'x' }, 'channels: must hold at least one channel'],
    ['with null for channels', { ...LEAST, channels: null }, 'channels: cannot be null'],
    [
      'with an unknown channel',
      { ...LEAST, channels: ['SMS', 'FAX'] },
      'channels.1: must be one of BROADCAST, DATABASE, DISCORD_PRIVATE, DISCORD_PUBLIC, MAIL, SMS, WHATSAPP, TELEGRAM, OTHER',
    ],
    ['with a recipient that is no id', { ...LEAST, recipientIds: [true] }, 'recipientIds.0: must be a text'],
    ['with recipients as an object', { ...LEAST, recipientIds: { a: 1 } }, 'recipientIds: must be a list'],
    [
      'with an inexact number as reference',
      '{"message":"x","channels":["SMS"],"contactId":12345678901234567890}',
      'contactId: must be a text',
    ],
    [
      'with additional data that is a list',
      { ...LEAST, additionalData: [] },
      'additionalData: must be a JSON object',
    ],
    [
      'with too much additional data',
      { ...LEAST, additionalData: { x: 'x'.repeat(16_384) } },
      'additionalData: must be at most 16384 bytes of JSON',
    ],
    [
      'with additional data that is too deep',
      `{"message":"x","channels":["SMS"],"additionalData":{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
      'additionalData: must nest objects and lists at most 60 levels deep',
    ],

    [
      'with a date without an offset',
      { ...LEAST, createdAt: '2026-03-01T08:30:00' },
      `createdAt: ${INSTANT}`,
    ],
    [
      'with a date that is not in the calendar',
      { ...LEAST, updatedAt: '2026-02-30T00:00:00Z' },
      `updatedAt: ${INSTANT}`,
    ],
    ['with a number as date', { ...LEAST, sendAt: 1_772_354_000 }, `sendAt: ${INSTANT}`],
    ['with null for createdAt', { ...LEAST, createdAt: null }, `createdAt: ${INSTANT}`],
    [
      'that was sent more than 5 minutes from now',
      { ...OUT, sentAt: '2026-03-01T12:05:00.001Z' },
      'sentAt: must not lie more than 5 minutes in the future',
    ],
    [
      'that is SENT with null for sentAt',
      { ...OUT, status: 'SENT', sentAt: null },
      'sentAt: must be set on a message that is SENT',
    ],
    [
      'that is FAILED with sentAt',
      { ...OUT, status: 'FAILED', sentAt: '2026-03-01T00:00:00Z' },
      'sentAt: must be null on a message that is FAILED',
    ],

    [
      'that repeats without a schedule',
      { ...OUT, repeats: true },
      'repeats: cannot be true without a schedule: give one in `schedule`',
    ],
    [
      'that does not repeat, with a schedule',
      { ...OUT, repeats: false, schedule: RULE },
      'repeats: cannot be false when a schedule is given: a schedule makes it repeat',
    ],
    ['with repeats as text', { ...OUT, repeats: 'yes' }, 'repeats: must be true or false'],
    [
      'with sendAt and a schedule',
      { ...OUT, sendAt: '2026-04-01T00:00:00Z', schedule: RULE },
      'sendAt: cannot be given for a repeating message: its schedule says when it goes',
    ],
    [
      'that is INCOMING with a schedule',
      { ...LEAST, schedule: RULE },
      'schedule: belongs to OUTGOING messages only',
    ],
    [
      'that is SENT while it repeats',
      { ...OUT, status: 'SENT', schedule: RULE },
      'sentAt: must be null while occurrences of a repeating message are to come',
    ],
    [
      'with a schedule that is a text',
      { ...OUT, schedule: 'FREQ=DAILY', repeats: true },
      'schedule: must be a JSON object or null',
    ],
    [
      'with an empty schedule',
      { ...OUT, schedule: {} },
      'schedule.start: must be given; schedule.frequency: must be given',
    ],
    [
      'with an unknown field in its schedule',
      { ...OUT, schedule: { ...RULE, every: 2 } },
      'schedule: "every" is not a field of a schedule',
    ],
    [
      'with wrong JSON in its schedule',
      {
        ...OUT,
        repeats: true,
        schedule: { ...RULE, start: 'soon', interval: '2', byDay: 'MO', bySetPosition: '3' },
      },
      `schedule.start: ${INSTANT}; schedule.interval: must be a number; schedule.byDay: must be a list; schedule.bySetPosition: must be a number`,
    ],
    [
      'with a frequency that is none',
      { ...OUT, schedule: { ...RULE, frequency: 'HOURLY' } },
      'schedule.frequency: must be one of DAILY, WEEKLY, MONTHLY, YEARLY',
    ],
    [
      'with a wrong weekday',
      { ...OUT, schedule: { ...RULE, byDay: ['MO', 'XX'] } },
      'schedule.byDay.1: must be one of MO, TU, WE, TH, FR, SA, SU',
    ],
    [
      'that was SENT by a schedule in no time zone',
      { ...OUT, status: 'SENT', schedule: { ...RULE, timeZone: 'Mars/Olympus' } },
      'schedule.timeZone: must be UTC or a name of the IANA time zone database, spelled as there, for example Europe/Berlin',
    ],
    [
      'with a schedule that ends in two ways',
      { ...OUT, schedule: { ...RULE, endType: 'AFTER', count: 3, until: '2027-01-01T00:00:00Z' } },
      'schedule.until: cannot be given with the endType AFTER',
    ],

    [
      'with an unknown parent',
      { message: 'x', parentId: '77' },
      'parentId: names no message so far: a parent stands in the store, or before its replies',
    ],
    [
      'with itself as parent',
      { ...LEAST, id: 5, parentId: 5 },
      'parentId: names no message so far: a parent stands in the store, or before its replies',
    ],
    ['with a parent that is no id', { ...LEAST, parentId: 'five' }, `parentId: ${ID}`],
    [
      'for all its faults at once',
      { channels: [], sentAt: 'x', titel: 1, direction: 'UP', status: 'SENT' },
      `sentAt: ${INSTANT}; "titel" is not a field of a message; direction: must be one of INCOMING, OUTGOING; message: cannot be null; channels: must hold at least one channel`,
    ],
  ])('%s', async (_, line, reason) => {
    expect(await store.importLines(line)).toEqual({
      ...{ added: 0, skipped: 0, refused: 1, withoutIdentity: 0, refusals: [`line 1: ${reason}`] },
    });
  });

  test('with no more than twenty of its faults told', async () => {
    const names = Array.from({ length: 1_000 }, (_, n) => [`f${n}`, n]);
    const { refusals } = await store.importLines({ ...LEAST, ...(Object.fromEntries(names) as object) });
    expect(refusals[0]).toMatch(/^line 1: ("f\d+" is not a field of a message; ){20}and 980 more$/);
  });

  test('that is not UTF-8, or longer than 4 MiB, with the number that it has in the file', async () => {
    const { refusals } = await store.importBytes(
      Buffer.from('\ufeff\r\n{"message":"'),
      Buffer.from([0xe9]),
      Buffer.from('"}\n\n"'),
      ...Array.from({ length: 100 }, () => Buffer.alloc(50_000, 'x')),
      Buffer.from('"\n{}'),
    );
    expect(refusals).toEqual([
      'line 2: is not UTF-8',
      'line 4: is longer than 4194304 bytes',
      'line 5: message: cannot be null; channels: must hold at least one channel',
    ]);
  });
});

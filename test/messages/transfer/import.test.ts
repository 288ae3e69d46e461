import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { demoMessages } from '../../../src/demo/demo-messages';
import { loadDemo } from '../../../src/demo/load-demo';
import { ImportStopped } from '../../../src/messages/transfer/message.import';
import { type Database } from '../../../src/platform/database/database';
import { engineUnderTest } from '../../support/engine';
import { refuseRows } from '../../support/engine-words';
import { LEAST, openTransferStore, type TransferStore } from '../../support/transfer';

let store: TransferStore;
beforeEach(async () => {
  store = await openTransferStore();
});
afterEach(() => store.close());

const OUT = { ...LEAST, direction: 'OUTGOING' } as const;
const NOW = '2026-03-01T12:00:00.000Z';
const THEN = '2026-01-01T00:00:00.000Z';
const LATER = '2026-02-01T00:00:00.000Z';

describe('what a line leaves out', () => {
  test.each<[string, object, object]>([
    [
      'makes an INCOMING message that was received',
      LEAST,
      {
        direction: 'INCOMING',
        status: 'RECEIVED',
        type: 'REPORT',
        version: 1,
        createdAt: NOW,
        updatedAt: NOW,
        title: null,
        recipientIds: [],
        repeats: false,
        schedule: null,
        sendAt: null,
        sentAt: null,
        additionalData: null,
      },
    ],
    ['makes an OUTGOING message wait', OUT, { status: 'PENDING', type: 'ALERT', sentAt: null }],
    [
      'is SENT where an OUTGOING message has sentAt',
      { ...OUT, sentAt: THEN },
      { status: 'SENT', sentAt: THEN, createdAt: NOW },
    ],
    [
      'is sentAt, then that of the last change',
      { ...OUT, status: 'SENT', createdAt: THEN, updatedAt: LATER },
      { sentAt: LATER },
    ],
    [
      'is sentAt, then that of its making',
      { ...OUT, status: 'SENT', createdAt: THEN },
      { sentAt: THEN, updatedAt: THEN },
    ],
    ['is sentAt, then now', { ...OUT, status: 'SENT' }, { sentAt: NOW }],
    [
      'is the rest of a schedule',
      { ...OUT, schedule: { start: THEN, frequency: 'DAILY' } },
      {
        repeats: true,
        schedule: {
          start: THEN,
          timeZone: 'UTC',
          frequency: 'DAILY',
          interval: 1,
          endType: 'NEVER',
          count: null,
          until: null,
          byDay: [],
          byMonth: [],
          byMonthDay: [],
          bySetPosition: null,
        },
      },
    ],
    [
      'may be all that is derived',
      {
        ...OUT,
        text: 1,
        label: 2,
        parent: { id: 9 },
        replies: 4,
        __typename: 'Message',
        schedule: {
          start: THEN,
          frequency: 'DAILY',
          rrule: 1,
          nextOccurrence: 2,
          lastOccurrence: 3,
          occurrences: 4,
          __typename: 5,
        },
      },
      { repeats: true },
    ],
    [
      'may be told by null',
      {
        ...LEAST,
        id: null,
        title: null,
        recipientIds: null,
        parentId: null,
        schedule: null,
        sendAt: null,
        sentAt: null,
        contactId: null,
      },
      { id: '1', recipientIds: [], parentId: null, schedule: null },
    ],
    [
      'is cleaned away: repetitions, CRLF, forms of letters',
      { message: 'e\u0301\r\n', channels: ['SMS', 'MAIL', 'SMS'], recipientIds: [7, '7'], contactId: 12 },
      { message: 'é\n', channels: ['SMS', 'MAIL'], recipientIds: ['7'], contactId: '12' },
    ],
    [
      'lets what was planned lie anywhere in time',
      { ...OUT, sendAt: '1999-01-01T01:00:00+01:00' },
      { sendAt: '1999-01-01T00:00:00.000Z' },
    ],
    [
      'lets a repeating message be SENT when it is over',
      { ...OUT, status: 'SENT', schedule: { start: THEN, frequency: 'DAILY', endType: 'AFTER', count: 2 } },
      { status: 'SENT', sentAt: NOW },
    ],
  ])('%s', async (_, line, expected) => {
    expect(await store.importLines(line)).toMatchObject({ added: 1, refusals: [] });
    expect(await store.exported()).toEqual([expect.objectContaining(expected)]);
  });

  test('is taken from the parent where the line is a reply, in the same file or in the store', async () => {
    const parent = {
      id: 3,
      ...LEAST,
      channels: ['MAIL'],
      type: 'COMMENT',
      contactId: 'c',
      dataFeedId: 'f',
      dataProviderId: 'p',
    };
    const reply = { message: 'Thanks.', parentId: '3', direction: 'OUTGOING' };
    expect(await store.importLines(parent, reply)).toMatchObject({ added: 2 });
    expect(await store.importLines({ ...reply, contactId: null, dataProviderId: 'q' })).toMatchObject({
      added: 1,
    });
    const inherited = {
      type: 'COMMENT',
      channels: ['MAIL'],
      contactId: 'c',
      dataFeedId: 'f',
      dataProviderId: 'p',
    };
    expect(await store.exported()).toMatchObject([
      { id: '3' },
      { id: '4', parentId: '3', ...inherited },
      { id: '5', parentId: '3', ...inherited, contactId: null, dataProviderId: 'q' },
    ]);
  });
});

describe('an import', () => {
  test('adds lines without identity each time, and counts them', async () => {
    const half = { ...LEAST, dataProviderId: 'p' };
    expect(await store.importLines(LEAST, half, { ...LEAST, id: 9 })).toMatchObject({
      added: 3,
      withoutIdentity: 2,
    });
    expect(await store.importLines(LEAST, half, { ...LEAST, id: 9 })).toMatchObject({
      added: 2,
      skipped: 1,
      withoutIdentity: 2,
    });
  });

  test('gives new ids in the order of the lines, beyond all that were ever given', async () => {
    await store.importLines({ ...LEAST, id: 40 }, LEAST, { ...LEAST, id: 20 }, LEAST);
    await store.importLines(LEAST);
    expect((await store.exported()).map(({ id }) => id)).toEqual(['20', '40', '41', '42', '43']);
  });

  test('refuses what would have no id after the last one', async () => {
    expect(await store.importLines({ ...LEAST, id: '9007199254740991' }, LEAST)).toMatchObject({
      added: 1,
      refusals: ['line 2: no id is left for it: 9007199254740991 has been given'],
    });
  });

  test('refuses a reply whose parent was refused, or comes later, or has a greater id', async () => {
    const reply = { message: 'Thanks.' };
    expect(
      await store.importLines(
        { ...LEAST, id: 1, status: 'SENT' },
        { ...reply, id: 2, parentId: 1 },
        { ...reply, id: 4, parentId: 3 },
        { ...LEAST, id: 3 },
        { ...reply, id: 2, parentId: 3 },
      ),
    ).toMatchObject({
      added: 1,
      refusals: [
        'line 1: status: must be one of RECEIVED, ARCHIVED for an INCOMING message',
        'line 2: parentId: names no message so far: a parent stands in the store, or before its replies',
        'line 3: parentId: names no message so far: a parent stands in the store, or before its replies',
        'line 5: parentId: must be smaller than id: a parent stands before its replies',
      ],
    });
  });

  test('loses a bad line alone, even if only the store knows that it is bad', async () => {
    await refuseRows(store.database, 'insert', 'messages', `new.title = 'bad'`);
    const lines = Array.from({ length: 3_000 }, (_, n) => ({
      ...LEAST,
      id: n + 1,
      title: n === 1_234 || n === 2_999 ? 'bad' : 'good',
    }));
    const report = await store.importLines(...lines);
    expect(report).toMatchObject({ added: 2_998, refused: 2 });
    expect(report.refusals).toEqual([
      expect.stringMatching(/^line 1235: the store refuses it \(.*refused by a trigger of the test\)$/),
      expect.stringMatching(/^line 3000: the store refuses it/),
    ]);
    expect(await store.importLines(...lines.filter(({ title }) => title === 'good'))).toMatchObject({
      skipped: 2_998,
    });
  });

  test('stops where the store fails, says how far it came, and goes on when it is run again', async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => ({
      ...LEAST,
      id: n + 1,
      message: 'm'.repeat(500),
    }));
    const makeRoom = await fill(store.database);
    const stopped: unknown = await store.importLines(...lines).catch((error: unknown) => error);
    expect(stopped).toBeInstanceOf(ImportStopped);
    const { counts, cause } = stopped as ImportStopped;
    expect(cause).toMatchObject({ code: 'STORAGE_FULL' });
    expect(counts.added).toBeGreaterThan(0);
    expect(await store.store.extent()).toEqual({ count: counts.added, lastId: counts.added });

    await makeRoom();
    expect(await store.importLines(...lines)).toMatchObject({
      added: 5_000 - counts.added,
      skipped: counts.added,
    });
  });

  test('fills the demo, and leaves it alone the second time', async () => {
    await loadDemo(store.database, store.clock);
    await loadDemo(store.database, store.clock);
    const lines = (await store.exportText()).split('\n').filter(line => !line.includes('"record":"contact"'));
    expect(lines).toEqual([...demoMessages(store.clock.now()).map(line => JSON.stringify(line)), '']);
  });
});

/** Leaves room for some 2,000 messages of the test. @returns what makes room for all of them. */
async function fill(database: Database): Promise<() => Promise<unknown>> {
  if (engineUnderTest() === 'postgres') {
    await database.write(async ({ query }) => {
      await query(`create function fill() returns trigger language plpgsql as $$ begin
        raise exception using message = 'no space left on device', errcode = 'disk_full';
      end $$`);
      await query(
        'create trigger fill before insert on messages for each row when (new.id > 2000) execute function fill()',
      );
    });
    return () => database.write(({ query }) => query('drop trigger fill on messages'));
  }
  const [pages] = await database.read<{ page_count: number }>('pragma page_count');
  await database.write(({ query }) => query(`pragma max_page_count = ${(pages?.page_count ?? 0) + 1_200}`));
  return () => database.write(({ query }) => query('pragma max_page_count = 1000000'));
}

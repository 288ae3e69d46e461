import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LEAST, openTransferStore, type TransferStore } from '../../support/transfer';

let store: TransferStore;
beforeEach(async () => {
  store = await openTransferStore();
});
afterEach(() => store.close());

const OUT = { ...LEAST, direction: 'OUTGOING' } as const;
const THEN = '2026-01-01T00:00:00.000Z';
const LATER = '2026-02-01T00:00:00.000Z';

describe('a line whose message is there', () => {
  const STORED = {
    ...{
      id: 7,
      direction: 'OUTGOING',
      status: 'PENDING',
      type: 'ALERT',
      title: null,
      message: 'é',
      channels: ['SMS', 'MAIL'],
    },
    ...{
      recipientIds: ['a', 'b'],
      dataProviderId: 'p',
      dataProviderMessageId: 'x',
      additionalData: { b: 1, a: [2] },
    },
    ...{
      schedule: { start: THEN, frequency: 'WEEKLY', byDay: ['MO', 'TU'] },
      createdAt: THEN,
      updatedAt: THEN,
    },
  };
  const SAID = 'a message with this identity is in the store already, and differs in';

  test.each<[string, object]>([
    ['the same line', STORED],
    ['one that is known by the provider', { ...STORED, id: undefined }],
    ['one that says less', { id: '7', ...OUT, message: 'é', channels: ['SMS', 'MAIL'] }],
    [
      'one that writes the same in another way',
      {
        ...STORED,
        message: 'e\u0301',
        channels: ['SMS', 'MAIL', 'SMS'],
        recipientIds: ['a', 'b', 'a'],
        createdAt: '2026-01-01T01:00:00+01:00',
      },
    ],
    [
      'one with the defaults of its schedule',
      {
        ...STORED,
        schedule: { ...STORED.schedule, timeZone: 'UTC', interval: 1, byDay: ['TU', 'MO'], count: null },
      },
    ],
    ['one from an earlier time', { ...STORED, status: 'FAILED', version: 9, updatedAt: LATER }],
    [
      'one that had been sent',
      { ...OUT, id: 7, message: 'é', channels: ['SMS', 'MAIL'], status: 'SENT', sentAt: LATER },
    ],
  ])('is skipped: %s', async (_, line) => {
    await store.importLines(STORED);
    const before = await store.exportText();
    expect(await store.importLines(line)).toMatchObject({ added: 0, skipped: 1, refused: 0 });
    expect(await store.exportText()).toBe(before);
  });

  test.each<[string, object, string]>([
    ['other words', { ...STORED, title: 'x', message: 'y' }, `${SAID}: title, message`],
    ['the order of channels', { ...STORED, channels: ['MAIL', 'SMS'] }, `${SAID}: channels`],
    ['null for a value', { ...STORED, additionalData: null }, `${SAID}: additionalData`],
    ['the order of keys', { ...STORED, additionalData: { a: [2], b: 1 } }, `${SAID}: additionalData`],
    ['another rule', { ...STORED, schedule: { ...STORED.schedule, interval: 2 } }, `${SAID}: schedule`],
    ['no rule', { ...STORED, schedule: null }, `${SAID}: schedule`],
    [
      'the direction',
      { ...LEAST, id: 7, direction: 'INCOMING', message: 'é', channels: ['SMS', 'MAIL'] },
      `${SAID}: direction`,
    ],
    ['the date', { ...STORED, createdAt: LATER }, `${SAID}: createdAt`],
    ['the id of the provider', { ...STORED, dataProviderMessageId: 'z' }, `${SAID}: dataProviderMessageId`],
    [
      'the id',
      { ...STORED, id: 8 },
      'dataProviderMessageId: is in the store already, as that of a message with another id',
    ],
  ])('is refused for %s', async (_, line, reason) => {
    await store.importLines(STORED);
    const before = await store.exportText();
    expect(await store.importLines(line)).toMatchObject({ added: 0, refusals: [`line 1: ${reason}`] });
    expect(await store.exportText()).toBe(before);
  });

  test('is known even if it was made earlier in the same file', async () => {
    const keyed = { ...LEAST, dataProviderId: 'p', dataProviderMessageId: 'é' };
    expect(
      await store.importLines(STORED, STORED, { ...STORED, title: 'x' }, keyed, {
        ...keyed,
        dataProviderMessageId: 'e\u0301',
      }),
    ).toEqual({
      ...{ added: 2, skipped: 2, refused: 1, withoutIdentity: 0, refusals: [`line 3: ${SAID}: title`] },
    });
  });

  test('is known even if half of its key comes from its parent', async () => {
    const reply = { message: 'Thanks.', parentId: 7, dataProviderMessageId: 'r', direction: 'INCOMING' };
    expect(await store.importLines(STORED, reply, reply)).toMatchObject({
      added: 2,
      skipped: 1,
      withoutIdentity: 0,
    });
    expect(await store.importLines(reply)).toMatchObject({ added: 0, skipped: 1 });
  });
});

test('messages are known by ids of their provider as long as they may be, and as odd', async () => {
  // Of four bytes each and in no order, so that nothing makes them shorter.
  const long = Array.from({ length: 998 }, (_, place) =>
    String.fromCodePoint(0x20000 + ((place * 7_919) % 40_000)),
  );
  const ids = [long.join(''), [...long.slice(1), '\\'].join(''), '\\', '\\\\', '\\x00', '\\000', 'x00'];
  const lines = ids.map(id => ({
    ...{ ...LEAST, message: `Said under an id of ${id.length}` },
    ...{ dataProviderId: '\u{1f6b0}'.repeat(64), dataProviderMessageId: id },
  }));
  expect(await store.importLines(...lines)).toMatchObject({ added: ids.length, refusals: [] });
  expect(await store.importLines(...lines)).toMatchObject({ skipped: ids.length, refusals: [] });
});

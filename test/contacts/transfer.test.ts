import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LEAST, openTransferStore, type TransferStore } from '../support/transfer';

let store: TransferStore;
beforeEach(async () => {
  store = await openTransferStore();
});
afterEach(() => store.close());

const CREATED = '2030-01-01T00:00:00.000Z';
const LINE = {
  ...{ record: 'contact', id: 'amina', type: 'PHONE', address: '0700 000 001', key: '+254700000001' },
  ...{ name: 'Amina', userId: '7', canNotify: false, dataProviderId: 'sms', mergedInto: null },
  ...{ createdAt: CREATED, updatedAt: '2030-01-02T00:00:00.000Z' },
};

async function contactLines(): Promise<readonly unknown[]> {
  const text = await store.exportText();
  return text
    .split('\n')
    .filter(line => line.includes('"record":"contact"'))
    .map(line => JSON.parse(line) as unknown);
}

const nothing = {
  added: 0,
  skipped: 0,
  refused: 0,
  withoutIdentity: 0,
};

describe('the line of a contact', () => {
  test('makes the contact that it says, every field of it, and is skipped when it comes again', async () => {
    const message = { ...LEAST, record: 'message', id: 1, contactId: 'amina' };
    expect(await store.importLines(LINE, message)).toEqual({
      ...{ ...nothing, added: 1, contacts: { added: 1, skipped: 0 }, refusals: [] },
    });
    expect(await contactLines()).toEqual([LINE]);
    expect(
      await store.importLines(LINE, {
        record: 'contact',
        type: 'PHONE',
        address: '+254700000001',
        name: 'Amina',
      }),
    ).toMatchObject({
      ...{ contacts: { skipped: 1 }, refused: 1 },
      refusals: ['line 2: a contact with this identity is in the store already, and differs in: address'],
    });
    expect(await store.importLines({ record: 'contact', id: 'amina', type: 'PHONE' })).toMatchObject({
      contacts: { skipped: 1 },
    });
  });

  test('may say no more than a type', async () => {
    expect(await store.importLines({ record: 'contact', type: 'OTHER' })).toEqual({
      ...{ ...nothing, contacts: { added: 1, skipped: 0 }, withoutIdentity: 1, refusals: [] },
    });
    const now = store.clock.now().toISOString();
    expect(await contactLines()).toMatchObject([
      { type: 'OTHER', address: null, key: null, canNotify: true, createdAt: now, updatedAt: now },
    ]);
  });

  test('fills a contact that was made only for a message, even if that was in the same import', async () => {
    const createdAt = '2029-01-01T00:00:00.000Z';
    const message = { ...LEAST, id: 1, contactId: 'amina', createdAt };
    await store.importLines(message, { ...LEAST, contactId: 'juma' });
    expect(await contactLines()).toMatchObject([{ id: 'amina', createdAt, name: null }, { id: 'juma' }]);
    expect(await store.importLines(LINE, { ...LINE, id: 'juma', key: '+254700000002' })).toMatchObject({
      contacts: { added: 2 },
    });
    expect(await contactLines()).toMatchObject([LINE, { id: 'juma', key: '+254700000002' }]);
    const late = { ...LINE, id: 'late', key: '+254700000003' };
    expect(await store.importLines({ ...LEAST, contactId: 'late' }, late)).toMatchObject({
      contacts: { added: 1 },
    });
    expect(await store.importLines(late)).toMatchObject({ contacts: { skipped: 1 } });
  });

  test.each<[string, object, string]>([
    ['nothing of a type', { type: undefined }, 'type: cannot be null'],
    [
      'a type that there is not',
      { type: 'FAX' },
      'type: must be one of PHONE, EMAIL, WHATSAPP, TELEGRAM, DISCORD, OTHER',
    ],
    ['an address that is no text', { address: 7 }, 'address: must be a text'],
    ['a key of 321 characters', { key: 'x'.repeat(321) }, 'key: must have at most 320 characters'],
    ['a key with a tab', { key: 'a\tb' }, 'key: must not hold control characters, tabs or newlines'],
    [
      'a key in no normal form',
      { key: 'e\u0301' },
      'key: must be in Unicode NFC, without white space around it',
    ],
    ['a key without an address', { address: null }, 'key: must be left out without an address'],
    ['an id of 65 characters', { id: 'x'.repeat(65) }, 'id: must have at most 64 characters'],
    ['a field that there is not', { colour: 'red' }, '"colour" is not a field of a contact'],
    ['itself as what it is merged into', { mergedInto: 'amina' }, 'mergedInto: must be another contact'],
    [
      'the address of another',
      { id: 'other', type: 'OTHER', address: 'chat', key: 'chat' },
      'address: is in the store already, as that of a contact with another id',
    ],
    [
      'another name than that of the same id',
      { id: 'chat', type: 'OTHER', address: 'chat', key: 'chat', name: 'x', userId: 'y' },
      'a contact with this identity is in the store already, and differs in: name, userId, canNotify, dataProviderId, createdAt',
    ],
  ])('is refused for %s', async (_what, wrong, reason) => {
    await store.importLines({ record: 'contact', id: 'chat', type: 'OTHER', address: 'chat' });
    expect(await store.importLines({ ...LINE, ...wrong })).toEqual({
      ...{ ...nothing, refused: 1, refusals: [`line 1: ${reason}`] },
    });
  });

  test('never closes a circle of merges', async () => {
    await store.importLines({ ...LEAST, contactId: 'a' });
    const line = { record: 'contact', type: 'OTHER' };
    const b = { ...line, id: 'b', mergedInto: 'a' };
    expect(await store.importLines(b, { ...line, id: 'a', mergedInto: 'b' })).toMatchObject({
      ...{ contacts: { added: 1 }, refusals: ['line 2: mergedInto: is merged into this contact'] },
    });
  });

  test('is no message, and neither is a line of another record', async () => {
    expect(await store.importLines({ ...LEAST, record: 'audit' })).toMatchObject({
      refusals: ['line 1: record: must be "message" or "contact"'],
    });
  });
});

describe('the lines of contacts that are merged', () => {
  test('may be imported with lines in any order', async () => {
    const at = (id: string, mergedInto: string | null) => ({ ...LINE, id, key: id, address: id, mergedInto });
    const lines = [at('a', 'b'), at('b', 'c'), at('d', 'b'), at('c', null)];
    expect(await store.importLines(...lines)).toMatchObject({ refusals: [], contacts: { added: 4 } });
    expect(await contactLines()).toEqual([at('a', 'b'), at('b', 'c'), at('c', null), at('d', 'b')]);
  });

  test.each([
    ['in one import', 101],
    ['in several', 1],
  ])('makes at most 100 contacts one, %s', async (_what, size) => {
    const lines = Array.from({ length: 100 }, (_, index) => ({
      ...{
        record: 'contact',
        id: `m${index}`,
        type: 'OTHER',
        mergedInto: index === 0 ? 'root' : `m${index - 1}`,
      },
    }));
    const refusals: string[] = [];
    for (let from = 0; from < lines.length; from += size) {
      const { refusals: some } = await store.importLines(...lines.slice(from, from + size));
      refusals.push(...some.map(text => text.replace(/line \d+: /, '')));
    }
    expect(refusals).toEqual(['mergedInto: would make more than 100 contacts one']);
    expect(await contactLines()).toHaveLength(100);
  });

  test('looks no further than a circle that another program has made', async () => {
    const line = { record: 'contact', type: 'OTHER' };
    await store.importLines(
      { ...line, id: 'a' },
      { ...line, id: 'b', mergedInto: 'a' },
      { ...line, id: 'c' },
    );
    await store.database.write(({ query }) => query(`update contacts set merged_into = 'b' where id = 'a'`));
    expect(await store.importLines({ ...line, id: 'c', mergedInto: 'a' })).toMatchObject({ refusals: [] });
  });

  test('makes a bare contact of one whose own line never comes', async () => {
    await store.importLines({ record: 'contact', id: 'a', type: 'OTHER', mergedInto: 'nobody' });
    expect(await contactLines()).toMatchObject([
      { id: 'a', mergedInto: 'nobody' },
      { id: 'nobody', type: 'OTHER' },
    ]);
  });
});

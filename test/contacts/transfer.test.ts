import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contactKey } from '../../src/contacts/contact.key.rules';
import {
  CONTACT_TYPES,
  type ContactState,
  type ContactType,
  type Sender,
} from '../../src/contacts/contact.kinds';
import { bareContact } from '../../src/contacts/contact.rules';
import { ContactStore } from '../../src/contacts/contact.store';
import { type Database } from '../../src/platform/database/database';
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
      'somebody unknown as what it is merged into',
      { mergedInto: 'nobody' },
      'mergedInto: names no contact so far: it stands in the store, or before those that are merged into it',
    ],
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

describe('an export of contacts', () => {
  test('imported elsewhere makes the same contacts of whoever sent, however odd the sender', async () => {
    const sender = (
      type: ContactType,
      address: string,
      region: string | null = null,
      name = 'x',
    ): Sender => ({
      ...{ type, address, region, name, dataProviderId: 'p' },
    });
    const senders = [
      ...[
        'victim@example.org',
        'victim@example.org/evil',
        'victim@example.org?x',
        `a@${'b'.repeat(400)}.org`,
      ].map(address => sender('EMAIL', address)),
      ...['254007\u3000000001', '   ', '-', '(', '+254 0700 000 001', '12025550123#99'].map(address =>
        sender('PHONE', address),
      ),
      ...['4915123456789', '0151 23456780', '254700000002'].map(address => sender('PHONE', address, 'DE')),
      sender('TELEGRAM', `${'x'.repeat(319)} ${'y'.repeat(50)}`, null, `${'n'.repeat(254)} z`),
      ...['\u200b', ' ', `${'x'.repeat(255)}#${'0'.repeat(64)}`].map(address => sender('OTHER', address)),
    ];
    const origin = await openTransferStore();
    try {
      const now = new Date(CREATED);
      const ids = await origin.database.write(unit =>
        new ContactStore(origin.database).findOrCreate(unit, senders, now),
      );
      expect(new Set(ids).size).toBe(senders.length);
      const text = await origin.exportText();
      expect(await store.importBytes(Buffer.from(text))).toMatchObject({ refusals: [] });
      expect(await store.exportText()).toBe(text);
    } finally {
      await origin.close();
    }
  });

  test('imported into an empty store makes the same contacts, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(contacts(), async drawn => {
        const [origin, copy] = [await openTransferStore(), await openTransferStore()];
        try {
          await insert(origin.database, drawn);
          const text = await origin.exportText();
          expect(await copy.importBytes(Buffer.from(text))).toMatchObject({
            ...{ refusals: [] },
          });
          expect(await copy.exportText()).toBe(text);
          const again = await origin.importBytes(Buffer.from(text));
          expect(again.contacts?.skipped ?? 0).toBe(drawn.length);
          expect(await origin.exportText()).toBe(text);
        } finally {
          await origin.close();
          await copy.close();
        }
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  test('has every contact after the one that it is merged into, however many there are', async () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => String(1_200 - index));
    await insert(
      store.database,
      ids.map((id, index) => ({
        ...bareContact(id, new Date(CREATED)),
        mergedInto: index % 3 === 0 ? null : (ids[index - 1] ?? null),
      })),
    );
    const lines = (await contactLines()) as { id: string; mergedInto: string | null }[];
    expect(lines).toHaveLength(ids.length);
    const seen = new Set<string | null>([null]);
    for (const { id, mergedInto } of lines) {
      expect(seen.has(mergedInto)).toBe(true);
      seen.add(id);
    }
  });
});

function insert(database: Database, drawn: readonly ContactState[]): Promise<void> {
  return database.write(({ query }) => new ContactStore(database).insert(query, drawn));
}

/** Sound contacts, each perhaps merged into one before it. */
function contacts(): fc.Arbitrary<readonly ContactState[]> {
  const text = (maxLength: number): fc.Arbitrary<string> =>
    fc
      .string({ unit: fc.constantFrom(...Array.from('aZ1é😀"\\+@. ')), minLength: 1, maxLength })
      .map(drawn => `x${drawn}`);
  const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary);
  const instant = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
  const one = fc.record({
    ...{ type: fc.constantFrom(...CONTACT_TYPES), address: some(text(40)), name: some(text(40)) },
    ...{ userId: some(text(20)), canNotify: fc.boolean(), dataProviderId: some(text(10)) },
    ...{ createdAt: instant, updatedAt: instant, into: some(fc.nat()) },
  });
  return fc.array(one, { maxLength: 30 }).map(drawn =>
    drawn.map(({ into, ...given }, index) => {
      const address = given.address === null ? null : `${given.address}${index}`;
      const key = address === null ? null : contactKey(given.type, address);
      const mergedInto = into === null || index === 0 ? null : `id-${into % index}`;
      return { ...given, id: `id-${index}`, address, key, mergedInto };
    }),
  );
}

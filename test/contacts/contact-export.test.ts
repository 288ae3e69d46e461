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
import { exportContacts } from '../../src/contacts/transfer/contact.export';
import { type Database } from '../../src/platform/database/database';
import { openTransferStore, type TransferStore } from '../support/transfer';

let store: TransferStore;
beforeEach(async () => {
  store = await openTransferStore();
});
afterEach(() => store.close());

const CREATED = '2030-01-01T00:00:00.000Z';
async function contactLines(): Promise<readonly unknown[]> {
  const text = await store.exportText();
  return text
    .split('\n')
    .filter(line => line.includes('"record":"contact"'))
    .map(line => JSON.parse(line) as unknown);
}

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

  test('has every contact once in the order of ids, and makes the same merges elsewhere', async () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => String(1_200 - index));
    await insert(
      store.database,
      ids.map((id, index) => ({
        ...bareContact(id, new Date(CREATED)),
        updatedAt: new Date(index),
        mergedInto: index % 3 === 0 ? null : (ids[index - 1] ?? null),
      })),
    );
    const lines = (await contactLines()) as { id: string; mergedInto: string | null }[];
    expect(lines.map(({ id }) => id)).toEqual([...ids].sort());
    const text = await store.exportText();
    const copy = await openTransferStore();
    try {
      expect(await copy.importBytes(Buffer.from(text))).toMatchObject({ refusals: [] });
      expect(await copy.exportText()).toBe(text);
      expect(await copy.importBytes(Buffer.from(text))).toMatchObject({
        contacts: { added: 0, skipped: 1_200 },
      });
    } finally {
      await copy.close();
    }
  });

  test('loses and doubles nobody, even if contacts are merged and unmerged meanwhile', async () => {
    const contacts = new ContactStore(store.database);
    const ids = Array.from({ length: 1_200 }, (_, index) => `id-${String(index).padStart(4, '0')}`);
    await insert(
      store.database,
      ids.map(id => bareContact(id, new Date(CREATED))),
    );
    const merge = (id: string, mergedInto: string | null): Promise<void> =>
      store.database.write(({ query }) =>
        contacts.update(query, { ...bareContact(id, new Date(CREATED)), mergedInto }),
      );
    await merge('id-0003', 'id-1100');
    const written: string[] = [];
    for await (const { text } of exportContacts(contacts)) {
      written.push(text);
      await merge('id-0003', null);
      await merge('id-1150', 'id-0002');
    }
    const told = written
      .join('')
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { id: string }).id);
    expect(told).toEqual(ids);
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

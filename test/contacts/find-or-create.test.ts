import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Sender } from '../../src/contacts/contact.kinds';
import { ContactStore } from '../../src/contacts/contact.store';
import { type Database } from '../../src/platform/database/database';
import { newPlace, openDatabaseAt, type TestPlace } from '../support/engine';
import { countStatements } from '../support/watch';

const NOW = new Date('2030-06-01T12:00:00.000Z');
const LATER = new Date('2030-06-02T12:00:00.000Z');

function sender(given: Partial<Sender> = {}): Sender {
  return {
    ...{ type: 'PHONE', address: '0700 000 001', name: null, dataProviderId: 'sms', region: 'KE' },
    ...given,
  };
}

let place: TestPlace;
let database: Database;
let contacts: ContactStore;

beforeEach(async () => {
  place = await newPlace();
  database = await openDatabaseAt(place.databaseUrl);
  contacts = new ContactStore(database);
});
afterEach(async () => {
  await database.close();
  await place.remove();
});

const findOrCreate = (senders: readonly Sender[], now = NOW): Promise<readonly string[]> =>
  database.write(unit => contacts.findOrCreate(unit, senders, now));

const stored = (): Promise<readonly Record<string, unknown>[]> =>
  database.read(
    `select id, type, address, "key", name, data_provider_id, created_at, updated_at, search_text
      from contacts order by created_at, "key", type`,
  );

describe('whoever sends a message', () => {
  test('becomes a contact with the address as it was given, and the key that it comes to', async () => {
    const [id] = await findOrCreate([sender({ name: ' Amina ' })]);
    expect(await stored()).toEqual([
      {
        ...{ id, type: 'PHONE', address: '0700 000 001', key: '+254700000001', name: 'Amina' },
        ...{ data_provider_id: 'sms', created_at: NOW.getTime(), updated_at: NOW.getTime() },
        search_text: 'amina\u001f0700 000 001',
      },
    ]);
  });

  test('is the same contact in every way to write the address, and by whatever provider', async () => {
    const [first, again] = await findOrCreate([sender(), sender({ address: '+254700000001' })]);
    const [later] = await findOrCreate([sender({ address: '254 700000001', dataProviderId: 'other' })]);
    expect([again, later]).toEqual([first, first]);
    expect(await stored()).toHaveLength(1);
  });

  test('is another contact by another type, though the key is the same', async () => {
    const ids = await findOrCreate([sender(), sender({ type: 'WHATSAPP' }), sender({ type: 'OTHER' })]);
    expect(new Set(ids).size).toBe(3);
  });

  test('gives a contact without a name a name, and leaves one that it has alone', async () => {
    const [id] = await findOrCreate([sender()]);
    await findOrCreate([sender({ name: 'Amina', address: '+254 700 000 001' })], LATER);
    await findOrCreate([sender({ name: 'Somebody else' })], new Date('2030-06-03T12:00:00.000Z'));
    expect(await stored()).toMatchObject([
      {
        ...{ id, name: 'Amina', address: '0700 000 001', search_text: 'amina\u001f0700 000 001' },
        updated_at: LATER.getTime(),
      },
    ]);
  });

  test('has the first name that is told, even if several messages come at once', async () => {
    await findOrCreate([sender(), sender({ name: 'Amina' }), sender({ name: 'Juma' }), sender()]);
    expect(await stored()).toMatchObject([{ name: 'Amina' }]);
  });

  test('is taken whatever the service says: nothing is refused for its form', async () => {
    const odd = ['', '\u0000', '\ud800', 'x'.repeat(5_000), "'; drop table contacts; --", 'é', 'e\u0301'];
    const senders = odd.map(address => sender({ type: 'OTHER', address, name: address }));
    const ids = await findOrCreate(senders);
    expect(await findOrCreate(senders)).toEqual(ids);
    // The two ways to write é, and the three to write what cannot be shown.
    expect(new Set(ids).size).toBe(odd.length - 3);
  });

  test('is found in their order, however many they are, by the same few statements', async () => {
    const senders = Array.from({ length: 500 }, (_, index) =>
      sender({ type: 'OTHER', address: `chat ${String((index * 7) % 300)}` }),
    );
    const ids = await findOrCreate(senders);
    expect(new Set(ids).size).toBe(300);
    const counts = countStatements(database);
    expect(await findOrCreate(senders)).toEqual(ids);
    expect(counts.written).toBe(1);
  });

  test('is one contact, even if a hundred first messages arrive at once', async () => {
    const senders = Array.from({ length: 10 }, (_, index) => sender({ address: `+25470000000${index}` }));
    const turned = (index: number): readonly Sender[] => [
      ...senders.slice(index % 10),
      ...senders.slice(0, index % 10),
    ];
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => findOrCreate(turned(index))));
    expect(await stored()).toHaveLength(10);
    for (const [index, ids] of answers.entries()) {
      const [first = []] = answers;
      expect(ids).toEqual([...first.slice(index % 10), ...first.slice(0, index % 10)]);
    }
  });

  test('leaves no contact behind where the message is taken back', async () => {
    const failing = database.write(async unit => {
      await contacts.findOrCreate(unit, [sender()], NOW);
      throw new Error('The message is not stored.');
    });
    await expect(failing).rejects.toThrow('The message is not stored.');
    expect(await stored()).toEqual([]);
  });
});

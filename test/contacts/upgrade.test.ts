import { expect, test } from '@jest/globals';
import { type QueryRunner } from 'typeorm';
import { ContactStore } from '../../src/contacts/contact.store';
import { Message } from '../../src/messages/message.entity';
import { MessageStore } from '../../src/messages/message.store';
import { type Database } from '../../src/platform/database/database';
import { Contacts1763700600000 as SqliteContacts } from '../../src/platform/database/migrations/1763700600000-contacts';
import { Contacts1763700600000 as PostgresContacts } from '../../src/platform/database/postgres/migrations/1763700600000-contacts';
import { engineUnderTest, newPlace, openDatabaseAt } from '../support/engine';
import { incoming, outgoing } from '../support/store';

function takeBack(database: Database): Promise<void> {
  const migration = engineUnderTest() === 'sqlite' ? new SqliteContacts() : new PostgresContacts();
  return database.write(async ({ query }) => {
    await migration.down({ query } as unknown as QueryRunner);
    await query(`delete from migrations where name = 'Contacts1763700600000'`);
  });
}

const day = (date: number): Date => new Date(Date.UTC(2030, 0, date));

test('a store of a release before gets a bare contact for everybody whom its messages name', async () => {
  const place = await newPlace();
  const former = await openDatabaseAt(place.databaseUrl);
  await takeBack(former);
  const messages = [
    incoming({ contactId: 'amina', createdAt: day(3) }),
    outgoing({ contactId: 'amina', createdAt: day(2) }),
    outgoing({ contactId: 'it\'s "x"', createdAt: day(4) }),
    incoming({ contactId: null, createdAt: day(1) }),
  ].map(state => Message.of(state));
  await former.write(({ query }) => new MessageStore(former).insert(query, messages));
  await former.close();

  const database = await openDatabaseAt(place.databaseUrl);
  try {
    const contacts = await database.read('select * from contacts order by id');
    const bare = {
      ...{ type: 'OTHER', address: null, key: null, name: null, user_id: null, can_notify: 1 },
      ...{ data_provider_id: null, merged_into: null, search_text: '\u001f' },
    };
    expect(contacts).toEqual([
      { ...bare, id: 'amina', created_at: day(2).getTime(), updated_at: day(2).getTime() },
      { ...bare, id: 'it\'s "x"', created_at: day(4).getTime(), updated_at: day(4).getTime() },
    ]);
    const store = new MessageStore(database);
    const toNobody = Message.of(outgoing({ contactId: 'nobody' }));
    await expect(database.write(({ query }) => store.insert(query, [toNobody]))).rejects.toThrow(
      /there is no contact/,
    );
    const contact = await database.write(({ query }) =>
      new ContactStore(database).existing(query, ['amina']),
    );
    expect(contact).toEqual(new Set(['amina']));
  } finally {
    await database.close();
    await place.remove();
  }
});

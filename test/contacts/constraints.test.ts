import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Message } from '../../src/messages/message.entity';
import { MessageStore } from '../../src/messages/message.store';
import { type Database } from '../../src/platform/database/database';
import { makeContacts } from '../support/contacts';
import { newPlace, openDatabaseAt, type TestPlace } from '../support/engine';
import { outgoing } from '../support/store';

let place: TestPlace;
let database: Database;

beforeAll(async () => {
  place = await newPlace();
  database = await openDatabaseAt(place.databaseUrl);
  await makeContacts(database, ['a', 'b']);
  const store = new MessageStore(database);
  await database.write(({ query }) => store.insert(query, [Message.of(outgoing({ contactId: 'a' }))]));
  await run(`update contacts set address = '1', "key" = '1' where id = 'a'`);
});
afterAll(async () => {
  await database.close();
  await place.remove();
});

async function run(sql: string): Promise<void> {
  await database.write(({ query }) => query(sql));
}

const VALUES = '(id, type, address, "key", can_notify, created_at, updated_at, search_text)';

describe('the store refuses, whoever writes,', () => {
  test.each([
    ['to delete a contact', `delete from contacts where id = 'b'`],
    ['another id', `update contacts set id = 'c' where id = 'b'`],
    ['another time of creation', `update contacts set created_at = 1 where id = 'a'`],
    ['to merge a contact into nobody', `update contacts set merged_into = 'c' where id = 'b'`],
    ['to merge a contact into itself', `update contacts set merged_into = 'b' where id = 'b'`],
    ['a type that there is not', `update contacts set type = 'FAX' where id = 'b'`],
    ['an address without a key', `update contacts set address = '1' where id = 'b'`],
    ['the address of another', `update contacts set address = '1', "key" = '1' where id = 'b'`],
    [
      'a second contact with an id',
      `insert into contacts ${VALUES} values ('a', 'OTHER', '2', '2', 1, 1, 1, '')`,
    ],
    [
      'a second contact with an address',
      `insert into contacts ${VALUES} values ('c', 'OTHER', '1', '1', 1, 1, 1, '')`,
    ],
    [
      'an id without a character',
      `insert into contacts ${VALUES} values ('', 'OTHER', '3', '3', 1, 1, 1, '')`,
    ],
    ['a message to nobody', `update messages set contact_id = 'c'`],
  ])('%s', async (_what, sql) => {
    await expect(run(sql)).rejects.toThrow(
      /never|there is|constraint|CONSTRAINT|duplicate key|into one that there is/,
    );
  });

  test('but takes a message to another contact, and to none', async () => {
    await run(`update messages set contact_id = 'b'`);
    await run('update messages set contact_id = null');
  });
});

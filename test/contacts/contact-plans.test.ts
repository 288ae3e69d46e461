import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bareContact } from '../../src/contacts/contact.rules';
import { type ContactFilter } from '../../src/contacts/contact.filter';
import { type ContactListArguments, ContactPages } from '../../src/contacts/contact.pages';
import { ContactStore } from '../../src/contacts/contact.store';
import { type Statement, openStore, type TestStore } from '../support/store';

let store: TestStore;
let pages: ContactPages;
let statements: Statement[] = [];

beforeAll(async () => {
  store = await openStore();
  const { database } = store;
  pages = new ContactPages({
    ...database,
    readFresh: (sql, parameters = []) => {
      statements.push({ sql, parameters });
      return database.readFresh(sql, parameters);
    },
  });
  const contacts = Array.from({ length: 12_000 }, (_, index) => ({
    ...bareContact(`c${String(index)}`, new Date(index)),
    ...{ address: `chat ${String(index)}`, key: `chat ${String(index)}`, name: 'everybody' },
    userId: String(index % 600),
  }));
  await database.write(({ query }) => new ContactStore(database).insert(query, contacts));
}, 60_000);
afterAll(() => store.close());

/** The steps by which SQLite finds a page. */
async function planOf(args: ContactListArguments): Promise<string> {
  statements = [];
  await pages.list(args).nodes();
  const statement = statements.at(-1);
  if (statement === undefined) throw new Error('Nothing was read.');
  return (await store.plan(statement)).join('; ');
}

describe('a page of contacts', () => {
  test.each<['CREATED_AT' | 'UPDATED_AT' | 'ID', string]>([
    ['CREATED_AT', 'contacts_by_created'],
    ['UPDATED_AT', 'contacts_by_updated'],
    ['ID', 'sqlite_autoindex_contacts_1'],
  ])('is walked in the order %s, whatever is left out on the way', async (field, index) => {
    const filters: readonly ContactFilter[] = [
      {},
      { type: ['OTHER', 'PHONE'] },
      { canNotify: true },
      { dataProviderId: ['sms'] },
      { q: 'everybody' },
    ];
    for (const filter of filters) {
      const plan = await planOf({ filter, orderBy: { field, direction: 'DESC' } });
      expect(plan).toContain(index);
      // Of the page alone: its rows are put in order once more.
      expect(plan).toMatch(/LIST SUBQUERY/);
      expect(plan.split('TEMP B-TREE').length).toBeLessThanOrEqual(2);
    }
  });

  test.each<[string, ContactFilter, RegExp]>([
    ['a user', { userId: ['7'] }, /contacts_by_user \(user_id=\?/],
    ['users', { userId: ['7', '8'] }, /contacts_by_user \(user_id=\?/],
    ['an address', { address: ['chat 7'] }, /contacts_by_address.*contacts_key/],
    ['a rare text', { q: 'chat 77' }, /USING INTEGER PRIMARY KEY \(rowid=\?/],
  ])('is looked up by %s', async (_what, filter, found) => {
    expect(await planOf({ filter })).toMatch(found);
  });
});

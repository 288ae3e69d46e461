import { ContactStore } from '../../src/contacts/contact.store';
import { type Database } from '../../src/platform/database/database';

/** Makes contacts that messages of a test are to name, those of them that are not there. */
export async function makeContacts(
  database: Database,
  ids: readonly (string | null | undefined)[],
): Promise<void> {
  const named = [...new Set(ids)].filter(id => typeof id === 'string');
  if (named.length === 0) return;
  const store = new ContactStore(database);
  await database.write(({ query }) => store.makeBare(query, new Map(named.map(id => [id, MADE_AT]))));
}

const MADE_AT = new Date('2030-01-01T00:00:00.000Z');

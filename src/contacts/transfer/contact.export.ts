import { type ContactStore } from '../contact.store';
import { contactLineOf } from './contact.line.rules';

export interface ContactExportChunk {
  /** Whole lines, each with its line end. */
  readonly text: string;
  readonly contacts: number;
}

/** Contacts of one query. */
const CHUNK_CONTACTS = 500;

/**
 * Every contact as NDJSON in the order of ids, each once, as it is when its turn comes: a gateway may be writing meanwhile. One
 * may stand before the contact that it is merged into.
 */
export async function* exportContacts(store: ContactStore): AsyncGenerator<ContactExportChunk> {
  for (let after: string | null = null; ;) {
    const contacts = await store.findBeyond(after, CHUNK_CONTACTS);
    const last = contacts.at(-1);
    if (last === undefined) return;
    yield {
      text: contacts.map(contact => `${contactLineOf(contact)}\n`).join(''),
      contacts: contacts.length,
    };
    after = last.id;
  }
}

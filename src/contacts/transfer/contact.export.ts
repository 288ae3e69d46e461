import { chunksOf } from '../../platform/grouping';
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
 * Every contact as NDJSON, each after the one that it is merged into: first those that stand for themselves, in the order of
 * ids, then those merged into them, and so on. Of the merged ones, which are few, the ids are held.
 */
export async function* exportContacts(store: ContactStore): AsyncGenerator<ContactExportChunk> {
  for (let after: string | null = null; ;) {
    const contacts = await store.findUnmerged(after, CHUNK_CONTACTS);
    const last = contacts.at(-1);
    if (last === undefined) break;
    yield chunkOf(contacts.map(contactLineOf));
    after = last.id;
  }
  for (const ids of chunksOf(await store.mergedIds(), CHUNK_CONTACTS)) {
    const found = await store.findByIds(ids);
    yield chunkOf(ids.map(id => found.get(id)).flatMap(contact => (contact ? [contactLineOf(contact)] : [])));
  }
}

function chunkOf(lines: readonly string[]): ContactExportChunk {
  return { text: lines.map(line => `${line}\n`).join(''), contacts: lines.length };
}

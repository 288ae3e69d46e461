import { type JsonCell } from '../../platform/database/dialect';
import { type JsonMember, type JsonShape } from '../../platform/database/json-rows';
import { type AskedField } from '../../platform/server/asked-fields';

/** The fields of a message that its row alone answers. */
const CELLS: Readonly<Record<string, JsonCell | string>> = {
  __typename: '"Message"',
  id: { column: 'id', kind: 'key' },
  version: { column: 'version', kind: 'number' },
  direction: { column: 'direction', kind: 'word' },
  status: { column: 'status', kind: 'word' },
  type: { column: 'type', kind: 'word' },
  title: { column: 'title', kind: 'text' },
  message: { column: 'message', kind: 'text' },
  channels: { column: 'channels', kind: 'json' },
  recipientIds: { column: 'recipient_ids', kind: 'json' },
  parentId: { column: 'parent_id', kind: 'key', nullable: true },
  contactId: { column: 'contact_id', kind: 'text' },
  postId: { column: 'post_id', kind: 'text' },
  dataFeedId: { column: 'data_feed_id', kind: 'text' },
  dataProviderId: { column: 'data_provider_id', kind: 'text' },
  dataProviderMessageId: { column: 'data_provider_message_id', kind: 'text' },
  additionalData: { column: 'additional_data', kind: 'json', nullable: true },
  repeats: { column: 'schedule_id', kind: 'presence' },
  sendAt: { column: 'send_at', kind: 'instant', nullable: true },
  sentAt: { column: 'sent_at', kind: 'instant', nullable: true },
  createdAt: { column: 'created_at', kind: 'instant' },
  updatedAt: { column: 'updated_at', kind: 'instant' },
};

/** The kinds of cells that may be long. */
const LONG: ReadonlySet<string> = new Set(['text', 'json']);

/**
 * How to read what is asked of a message as JSON; null where some of it does not stand in its row, or where the store would
 * have to write many times what it holds: a text that is asked for under several names, or long names for each row.
 */
export function messageShape(asked: readonly AskedField[]): JsonShape | null {
  if (lengthOfNames(asked) > MAX_LENGTH_OF_NAMES) return null;
  const members: JsonMember[] = [];
  const long = new Set<string>();
  for (const { name, field } of asked) {
    const value = CELLS[field];
    if (value === undefined || long.has(field)) return null;
    if (typeof value !== 'string' && LONG.has(value.kind)) long.add(field);
    members.push({ name, value });
  }
  return { table: 'messages', members };
}

/** Characters of all names in an answer that is written: those of every field are some 200. */
export const MAX_LENGTH_OF_NAMES = 1_000;

/** Of these fields and all below them. */
export function lengthOfNames(asked: readonly AskedField[]): number {
  return asked.reduce((length, { name, asked: below }) => length + name.length + lengthOfNames(below), 0);
}

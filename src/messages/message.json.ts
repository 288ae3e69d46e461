import { type JsonCell } from '../platform/database/dialect';
import { type JsonMember, type JsonShape } from '../platform/database/json-rows';
import { type AskedField } from '../platform/server/asked-fields';

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

/** How to read what is asked of a message as JSON text; null where some of it does not stand in its row. */
export function messageShape(asked: readonly AskedField[]): JsonShape | null {
  const members: JsonMember[] = [];
  for (const { name, field } of asked) {
    const value = CELLS[field];
    if (value === undefined) return null;
    members.push({ name, value });
  }
  return { table: 'messages', members };
}

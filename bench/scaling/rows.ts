import { searchTextOf } from '../../src/messages/rules/search.rules';
import { type Sample } from '../samples';

/** What goes into each table, by the names of its columns. */
export interface Rows {
  readonly schedules: object[];
  readonly messages: object[];
  readonly audit_entries: object[];
}

/** So many messages come from one contact, on average, however many there are. */
const MESSAGES_PER_CONTACT = 150;

const CONTACTS_OF_SAMPLES = 5_000;
const USERS = 2_000;

/**
 * Adds a message of the benchmark with all that the store holds of it. Beside what it was made for, a large store has
 * more contacts, more who are addressed by name, and words that stand in few messages: the names of people and places.
 */
export function rowsOf(sample: Sample, { schedules, messages, audit_entries }: Rows): void {
  const { id, title, schedule } = sample;
  const message = `${sample.message} ${nameOf(id)} ${nameOf(id + 0.5)}, ${id % 9_973}`;
  if (schedule !== null) schedules.push(scheduleRow(id, sample.createdAt));
  messages.push({
    ...{ id, version: isNew(sample) ? 1 : 2, direction: sample.direction, status: sample.status },
    ...{ type: sample.type, title, message, channels: JSON.stringify(sample.channels) },
    ...{ recipient_ids: JSON.stringify(recipientsOf(sample)), parent_id: sample.parentId },
    ...{ contact_id: contactOf(sample), post_id: id % 40 === 0 ? `post-${id}` : null },
    ...{ data_feed_id: sample.dataFeedId, data_provider_id: sample.dataProviderId },
    data_provider_message_id: sample.dataProviderMessageId === null ? null : providerIdOf(id),
    additional_data: sample.additionalData === null ? null : JSON.stringify(sample.additionalData),
    ...{
      schedule_id: schedule === null ? null : id,
      send_at: instant(sample.sendAt),
      sent_at: instant(sample.sentAt),
    },
    ...{ created_at: instant(sample.createdAt), updated_at: instant(sample.updatedAt) },
    search_text: searchTextOf(title, message),
  });
  audit_entries.push(...auditRows(sample));
}

function isNew({ status }: Sample): boolean {
  return status === 'RECEIVED' || status === 'PENDING';
}

/** Incoming messages were imported, the others created through the API; what has moved on since was changed once. */
function auditRows(sample: Sample): readonly object[] {
  const { id, direction, status, createdAt, updatedAt } = sample;
  const entry = { message_id: id, version: 1, changes: '[]' };
  const byToken = { actor: 'TOKEN', token_id: 1 + (id % 5) };
  const first =
    direction === 'INCOMING'
      ? { ...entry, action: 'IMPORTED', actor: 'OPERATOR', token_id: null, request_id: null }
      : { ...entry, action: 'CREATED', ...byToken, request_id: uuidOf(id) };
  const created = { id: 2 * id - 1, at: instant(createdAt), ...first };
  if (isNew(sample)) return [created];
  const from = direction === 'INCOMING' ? 'RECEIVED' : 'PENDING';
  const changes = JSON.stringify([{ field: 'status', from, to: status }]);
  const changed = { ...entry, action: 'CHANGED', ...byToken, request_id: uuidOf(-id), version: 2, changes };
  return [created, { id: 2 * id, at: instant(updatedAt), ...changed }];
}

function scheduleRow(id: number, createdAt: string): object {
  const rule = { start: instant(createdAt), time_zone: 'Europe/Berlin', frequency: 'WEEKLY', interval: 1 };
  return { id, ...rule, end_type: 'NEVER', by_day: '["MO","TH"]', by_month: '[]', by_month_day: '[]' };
}

function contactOf({ id, contactId }: Sample): string | null {
  if (contactId === null) return null;
  const era = Math.floor(id / (CONTACTS_OF_SAMPLES * MESSAGES_PER_CONTACT));
  return `${contactId}-${era}`;
}

/** Nearly all outgoing messages name somebody: three in ten of the whole store. */
function recipientsOf({ id, direction, recipientIds }: Sample): readonly string[] {
  if (direction === 'INCOMING' || recipientIds.length > 0 || id % 8 === 0) return recipientIds;
  return Array.from(
    { length: 1 + (id % 5) },
    (_, index) => `user-${Math.floor(mixed(id + index * 0.1) * USERS)}`,
  );
}

/** As gateways of providers number them: without an order. */
function providerIdOf(id: number): string {
  return `${hex(id + 0.1)}${hex(id + 0.2)}-${id}`;
}

function uuidOf(id: number): string {
  const digits = [0.3, 0.4, 0.6, 0.7].map(part => hex(id + part)).join('');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-');
}

const SYLLABLES =
  'ba be bo da di do ka ke ko la le li lo ma mi mo na ne no ra ri ro sa se so ta ti to va vi wa we zu'.split(
    ' ',
  );

/** One of two million words, the same for the same number. */
function nameOf(seed: number): string {
  let rest = Math.floor(mixed(seed) * SYLLABLES.length ** 4);
  let word = '';
  for (let place = 0; place < 4; place += 1) {
    word += SYLLABLES[rest % SYLLABLES.length] ?? '';
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function hex(seed: number): string {
  return Math.floor(mixed(seed) * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

/** From 0, below 1: the same for the same number, and like chance from one number to the next. */
function mixed(seed: number): number {
  let bits = Math.imul(Math.round(seed * 10) ^ 0x9e3779b9, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

function instant(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}

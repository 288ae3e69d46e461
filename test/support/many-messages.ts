import {
  type MessageDirection,
  type MessageStatus,
  type MessageType,
} from '../../src/messages/message.kinds';
import { makeContacts } from './contacts';
import { type TestStore } from './store';

/** So many that a list of them is walked in its order: one less, and they would be looked up and sorted. */
export const MANY = 10_000;

/** What is looked for and found in all but a few. */
export const COMMON_WORD = 'everywhere';
/** In 20 messages of each kind. */
export const RARE_WORD = 'heronsgate';

export const YEAR = { gte: new Date('2030-01-01T00:00:00Z'), lt: new Date('2031-01-01T00:00:00Z') };
const YEAR_MS = YEAR.lt.getTime() - YEAR.gte.getTime();

interface Kind {
  readonly direction: MessageDirection;
  readonly status: MessageStatus;
  readonly type: MessageType;
  readonly repeats?: boolean;
  /** The time that it has besides those of its creation and its last change. */
  readonly time?: 'send_at' | 'sent_at';
}

/** Many of each: whatever a filter asks for that many messages share is met by one of these. */
const KINDS: readonly Kind[] = [
  { direction: 'INCOMING', status: 'RECEIVED', type: 'REPORT' },
  { direction: 'INCOMING', status: 'ARCHIVED', type: 'REPORT' },
  { direction: 'OUTGOING', status: 'SENT', type: 'ALERT', time: 'sent_at' },
  { direction: 'OUTGOING', status: 'PENDING', type: 'ALERT', time: 'send_at' },
  { direction: 'OUTGOING', status: 'PENDING', type: 'ALERT', repeats: true },
];

/**
 * Fills a store with many messages of a year of each kind, all of one feed and one provider and by SMS, twenty of each
 * contact and post and to each recipient, every second one a reply.
 */
export async function insertMany(store: TestStore): Promise<void> {
  await makeContacts(
    store.database,
    Array.from({ length: MANY / 20 }, (_, index) => `contact-${index}`),
  );
  for (const kind of KINDS) {
    // The statistics of PostgreSQL are to know what is there.
    await store.database.write(async ({ query, dialect }) => {
      if (kind.repeats === true) await query(schedulesSql(dialect.list('given')), [numbers()]);
      await query(messagesSql(store, kind), [numbers()]);
      for (const table of ['messages', 'message_recipients']) {
        if (dialect.gatherStatistics !== null) await query(dialect.gatherStatistics(table));
      }
    });
  }
}

function numbers(): string {
  return JSON.stringify(Array.from({ length: MANY }, (_, index) => index));
}

function schedulesSql(list: string): string {
  return `insert into schedules ("start", time_zone, frequency, "interval", end_type, by_day, by_month, by_month_day)
    select 0, 'UTC', 'DAILY', 1, 'NEVER', '[]', '[]', '[]' from ${list}`;
}

function messagesSql({ database: { dialect } }: TestStore, kind: Kind): string {
  const number = dialect.item('given', 'integer');
  const shared = `${number} % ${MANY / 20}`;
  // Not in the order of ids, so that no order of time is that of another.
  const at = `${YEAR.gte.getTime()} + ((${number} * 7919) % ${MANY}) * ${YEAR_MS / MANY}`;
  const text = `'${COMMON_WORD} ' || case when ${shared} = 0 then '${RARE_WORD}' else '' end`;
  const columns: Readonly<Record<string, string>> = {
    ...{ version: '1', direction: `'${kind.direction}'`, status: `'${kind.status}'`, type: `'${kind.type}'` },
    ...{ title: `'title ' || ${number}`, message: text, search_text: text, channels: `'["SMS"]'` },
    recipient_ids: kind.direction === 'OUTGOING' ? `'["recipient-' || (${shared}) || '"]'` : `'[]'`,
    contact_id: `'contact-' || (${shared})`,
    post_id: `'post-' || (${shared})`,
    ...{ data_feed_id: `'feed'`, data_provider_id: `'provider'` },
    ...(kind.repeats === true && { schedule_id: `${number} + 1` }),
    ...(kind.time !== undefined && { [kind.time]: at }),
    ...{ created_at: at, updated_at: `${at} + 1000 * (${number} % 100)` },
  };
  return `insert into messages (${Object.keys(columns).join(', ')})
    select ${Object.values(columns).join(', ')} from ${dialect.list('given')}`;
}

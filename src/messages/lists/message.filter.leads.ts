import { ALWAYS, type Clause, clause } from '../../platform/database/clause';
import { type Dialect } from '../../platform/database/dialect';
import {
  type ConditionField,
  conditionOn,
  isIndexed,
  type MessageFilter,
  searchedText,
} from './message.filter.fields';
import { isWalked, type MessageOrderField } from './message.order';

/** A condition by which the rows of a list may be looked up; whether that pays, only the store can tell. */
export interface Lead {
  readonly field: ConditionField;
  /** The part of the filter in which it stands. */
  readonly part: MessageFilter;
  /** What stands after `from` where rows are looked up by it. */
  readonly from: string;
  /** A select of one cell, which says what it leaves, up to a limit: how many, or as JSON text the ids. */
  readonly found: Clause;
}

/** Among the conditions of a filter the one that leaves fewest messages, and those few are looked up by it. */
export interface FoundLead extends Lead {
  /** Null where looking them up again is no more work than to name them. */
  readonly ids: readonly number[] | null;
}

/**
 * The conditions that may leave few rows, while walking the order would pass many before it meets one: those that have
 * an index, but not that of the order. An engine with statistics needs advice only where it walks an order: it cannot know
 * what that has to do with a condition, and yesterday's messages lie all together in any order of time. An engine
 * without takes what narrows a list unseen.
 * @param limit rows that are not few any more.
 */
export function leadsOf(
  dialect: Dialect,
  filter: MessageFilter,
  order: MessageOrderField | null,
  limit: number,
): readonly Lead[] {
  const walks = order !== null && isWalked(order);
  const isWeighed = dialect.hasStatistics ? walks && !isNarrowedForCertain(filter) : !isNarrow(filter);
  if (!isWeighed) return [];
  const fields = isNarrow(filter)
    ? MOSTLY_NARROW.map(field => ({ field, index: null, leads: () => true }))
    : LEADING;
  return [
    ...searchLead(dialect, leadingSearch(filter), limit),
    ...conjunction(filter).flatMap(part =>
      fields
        .filter(leading => leading.leads(part, order))
        .flatMap(leading => indexLead(dialect, part, leading, limit)),
    ),
  ];
}

/** The longest text by which the search index would find the rows of a list, and where it stands; null where none does. */
export function leadingSearch(filter: MessageFilter): MessageFilter | null {
  if (isNarrow(filter)) return null;
  return conjunction(filter).reduce<MessageFilter | null>(
    (longest, part) =>
      part.q && isIndexed(part.q) && part.q.length > (longest?.q ?? '').length ? part : longest,
    null,
  );
}

/** The parts that hold all together: the filter itself and, however deep, what stands in `and`. */
export function conjunction(filter: MessageFilter): readonly MessageFilter[] {
  return [filter, ...(filter.and ?? []).flatMap(conjunction)];
}

/** Whether one of the fields that few messages share a value of narrows the list; `or` does so where each of its parts does. */
export function isNarrow(filter: MessageFilter): boolean {
  return conjunction(filter).some(part => {
    const alternatives = part.or ?? [];
    return (
      NARROW.some(field => (part[field] ?? null) !== null) ||
      (alternatives.length > 0 && alternatives.every(isNarrow))
    );
  });
}

/** Whether the engine knows for certain how few rows are left: those of ids, or of one value that few messages share. */
function isNarrowedForCertain(filter: MessageFilter): boolean {
  return conjunction(filter).some(
    part => (part.id ?? null) !== null || NARROW.some(field => part[field]?.length === 1),
  );
}

/** Whether few messages share a value of the field. */
export function isNarrowing(field: ConditionField): boolean {
  return (NARROW as readonly ConditionField[]).includes(field);
}

/** Fields of which many messages share a value, with the index that has those in the order CREATED_AT. */
export const BROAD = [
  { field: 'dataFeedId', index: 'messages_by_data_feed' },
  { field: 'dataProviderId', index: 'messages_by_data_provider' },
  { field: 'status', index: 'messages_by_status' },
] as const;

/** Of these many values together may leave many messages, and an index of the messages can tell. */
const MOSTLY_NARROW = ['parentId', 'contactId', 'postId'] as const;

const NARROW = ['id', 'recipientId', 'parentId', 'contactId', 'postId'] as const;

function searchLead(dialect: Dialect, part: MessageFilter | null, limit: number): readonly Lead[] {
  const found = part?.q ? dialect.hits('messages', searchedText(part.q), limit) : null;
  return part === null || found === null ? [] : [{ field: 'q', part, from: 'messages', found }];
}

function indexLead(
  dialect: Dialect,
  part: MessageFilter,
  { field, index }: LeadingField,
  limit: number,
): readonly Lead[] {
  const value = part[field] ?? null;
  if (value === null) return [];
  const { sql, parameters } = conditionOn(field).clause(value, 'find', dialect);
  if (sql === ALWAYS.sql) return [];
  const from = index === null ? 'messages' : dialect.walked('messages', index);
  const few = `select 1 from ${from} where ${sql} limit ${limit}`;
  return [{ field, part, from, found: clause(`select count(*) from (${few}) as few`, ...parameters) }];
}

interface LeadingField {
  readonly field: ConditionField;
  /** Null where the engine finds it by itself. */
  readonly index: string | null;
  /** Whether the index holds what is asked for, and walking the order is not to walk the index itself. */
  readonly leads: (part: MessageFilter, order: MessageOrderField | null) => boolean;
}

const LEADING: readonly LeadingField[] = [
  // The index that keeps `schedule_id` unique goes by a name of SQLite's.
  { field: 'repeats', index: 'sqlite_autoindex_messages_1', leads: ({ repeats }) => repeats === true },
  { field: 'sendAt', index: 'messages_by_send_at', leads: ({ sendAt }) => sendAt?.isNull !== true },
  { field: 'sentAt', index: 'messages_by_sent_at', leads: ({ sentAt }) => sentAt?.isNull !== true },
  { field: 'createdAt', index: 'messages_by_created', leads: (_part, order) => order !== 'CREATED_AT' },
  { field: 'updatedAt', index: 'messages_by_updated', leads: (_part, order) => order !== 'UPDATED_AT' },
  ...BROAD.map(({ field, index }) => ({
    field,
    index,
    // The messages of one value lie in the index in the order of their creation.
    leads: (part: MessageFilter, order: MessageOrderField | null) =>
      order !== 'CREATED_AT' || part[field]?.length !== 1,
  })),
];

import { ALWAYS } from '../platform/database/clause';
import { type Dialect } from '../platform/database/dialect';
import {
  type ConditionField,
  conditionOn,
  isIndexed,
  type MessageFilter,
  type Use,
} from './message.filter.fields';
import { type MessageOrderField } from './message.order';

/** What a filter is compiled for. */
export interface FilterGoal {
  /** The order in which rows are listed; null where they are only counted. */
  readonly order: MessageOrderField | null;
  /** Whether so many messages hold the text searched for that walking the order meets some soon. Default: false. */
  readonly searchIsCommon?: boolean;
}

/** How the rows of a list are come by: what stands after `from`, and which conditions may use an index. */
export interface FilterPlan {
  readonly from: string;
  useOf(field: ConditionField, part: MessageFilter): Use;
}

/**
 * Chooses the way to the rows, because SQLite cannot: without statistics, which a store that is alive would outdate,
 * it takes every index for equally good. Yet a contact or a text narrows a list to a handful of messages, while
 * a status or a data provider may be that of half the store.
 *
 * - Where something narrows the list, its rows are looked up, and sorted; all other conditions only test them.
 * - Else a list in the order of an index is walked along it, named so that nothing else is tried: collecting and
 *   sorting a large part of the store for one page of it would take a thousand times longer.
 * - Any other list, and a count, reads all that the filter leaves anyway; the inbox has an index of its own.
 */
export function planFilter(
  dialect: Dialect,
  filter: MessageFilter,
  isInbox: boolean,
  goal: FilterGoal,
): FilterPlan {
  const search = goal.searchIsCommon === true ? null : leadingSearch(filter);
  const useOfSearch = ({ q }: MessageFilter): Use => (q === search ? 'find' : 'test');
  if (search !== null || isNarrow(filter)) {
    return {
      from: 'messages',
      useOf: (field, part) => (field === 'q' ? useOfSearch(part) : nestedUse(field)),
    };
  }
  return {
    from: walkSource(dialect, filter, isInbox, goal.order),
    useOf: (field, part) => (field === 'q' ? useOfSearch(part) : 'find'),
  };
}

/** Inside `or` and `not` what narrows may be looked up, and the rest only tests. */
export function nestedUse(field: ConditionField): Use {
  return field === 'q' || NARROW.includes(field) ? 'find' : 'test';
}

/** The text by which the search index would find the rows of a list; null where something else finds them. */
export function leadingSearch(filter: MessageFilter | null | undefined): string | null {
  if (!filter || isNarrow(filter)) return null;
  const searches = conjunction(filter).flatMap(({ q }) => (q && isIndexed(q) ? [q] : []));
  return searches.reduce<string | null>(
    (longest, q) => (q.length > (longest ?? '').length ? q : longest),
    null,
  );
}

/** Whether an index has the order. In any other, what is found is sorted, however it was found. */
export function isWalked(order: MessageOrderField): boolean {
  return order === 'ID' || order === 'CREATED_AT' || order === 'UPDATED_AT';
}

/** The parts that hold all together: the filter itself and, however deep, what stands in `and`. */
export function conjunction(filter: MessageFilter): readonly MessageFilter[] {
  return [filter, ...(filter.and ?? []).flatMap(conjunction)];
}

/** Fields of which few messages share a value. */
const NARROW: readonly ConditionField[] = ['id', 'recipientId', 'parentId', 'contactId', 'postId'];

/** Fields of which many messages share a value, with the index that has these in the order CREATED_AT. */
const BROAD = [
  ['dataFeedId', 'messages_by_data_feed'],
  ['dataProviderId', 'messages_by_data_provider'],
  ['status', 'messages_by_status'],
] as const;

/** Whether anything but a search narrows the list; `or` does so where each of its parts does. */
function isNarrow(filter: MessageFilter): boolean {
  return conjunction(filter).some(part => {
    const alternatives = part.or ?? [];
    return (
      NARROW.some(field => (part[field] ?? null) !== null) ||
      (alternatives.length > 0 && alternatives.every(isNarrow))
    );
  });
}

function walkSource(
  dialect: Dialect,
  filter: MessageFilter,
  isInbox: boolean,
  order: MessageOrderField | null,
): string {
  const walked = (index: string | null): string => dialect.walked('messages', index);
  if (order === 'ID') return walked(null);
  if (order === 'UPDATED_AT') {
    return walked(isInbox ? 'messages_inbox_by_updated' : 'messages_by_updated');
  }
  const index = BROAD.find(([field]) =>
    conjunction(filter).some(part => excludesSome(dialect, part, field)),
  )?.[1];
  if (order === 'CREATED_AT') {
    return walked(index ?? (isInbox ? 'messages_inbox_by_created' : 'messages_by_created'));
  }
  return isInbox && index === undefined ? walked('messages_inbox_by_created') : 'messages';
}

/** A condition that holds always, such as that of all statuses, does not stand in SQL and leads along no index. */
function excludesSome(dialect: Dialect, part: MessageFilter, field: ConditionField): boolean {
  const value = part[field] ?? null;
  return value !== null && conditionOn(field).clause(value, 'find', dialect) !== ALWAYS;
}

import { type Dialect } from '../../platform/database/dialect';
import { type ConditionField, type MessageFilter, type Use } from './message.filter.fields';
import {
  BROAD,
  conjunction,
  type FoundLead,
  isNarrow,
  isNarrowing,
  leadingSearch,
} from './message.filter.leads';
import { isWalked, type MessageOrderField } from './message.order';

/** What a filter is compiled for. */
export interface FilterGoal {
  /** The order in which rows are listed; null where they are only counted. */
  readonly order: MessageOrderField | null;
  /** Default: no condition is known to leave few rows. */
  readonly lead?: FoundLead | null;
}

/** How the rows of a list are come by: what stands after `from`, and which conditions may use an index. */
export interface FilterPlan {
  readonly from: string;
  /** Whether all rows are to be found before they are put in order, whatever an engine hopes to meet on its way. */
  readonly gathers: boolean;
  /** Whether so many rows are sorted, or tested by what an index has, that only their ids should be taken along at first. */
  readonly picksIds: boolean;
  /** The only messages that can meet the filter, where they are few and known. */
  readonly ids: readonly number[] | null;
  useOf(field: ConditionField, part: MessageFilter): Use;
}

/**
 * Chooses the way to the rows, because SQLite cannot: without statistics, which a store that is alive would outdate,
 * it takes every index for equally good. Yet a contact or a text narrows a list to a handful of messages, while
 * a status or a data provider may be that of half the store. PostgreSQL has statistics, but takes conditions and orders
 * for independent, and goes wrong by seconds where they are not.
 *
 * - Where something narrows the list, or a condition is known to leave few rows, these are looked up, and sorted; all other
 *   conditions only test them.
 * - Else a list in the order of an index is walked along it, named so that nothing else is tried: collecting and
 *   sorting a large part of the store for one page of it would take a thousand times longer.
 * - Any other list, and a count, reads all that the filter leaves anyway; the inbox has an index of its own.
 */
export function planFilter(
  dialect: Dialect,
  filter: MessageFilter,
  isInbox: boolean,
  { order, lead = null }: FilterGoal,
): FilterPlan {
  const sorts = order !== null && !isWalked(order);
  const gathers = lead !== null;
  if (isNarrow(filter)) {
    const useOf = (field: ConditionField): Use => (field === 'q' ? 'test' : nestedUse(field));
    return { from: 'messages', gathers, picksIds: gathers, ids: null, useOf };
  }
  if (lead !== null) {
    const { from, ids } = lead;
    const useOf = (field: ConditionField, part: MessageFilter): Use =>
      ids === null && field === lead.field && part === lead.part ? 'find' : 'test';
    return { from, gathers, picksIds: true, ids, useOf };
  }
  const search = sorts || order === null || dialect.hasStatistics ? leadingSearch(filter) : null;
  const picksIds = sorts || (dialect.readsRowsToTest && testsIndex(filter));
  if (search !== null) {
    const useOf = (field: ConditionField, part: MessageFilter): Use =>
      field === 'q' && part === search ? 'find' : 'test';
    return { from: 'messages', gathers, picksIds, ids: null, useOf };
  }
  const useOf = (field: ConditionField): Use => (field === 'q' ? 'test' : 'find');
  return { from: walkSource(dialect, filter, isInbox, order), gathers, picksIds, ids: null, useOf };
}

/** Inside `or` and `not` what narrows may be looked up, and the rest only tests. */
export function nestedUse(field: ConditionField): Use {
  return field === 'q' || isNarrowing(field) ? 'find' : 'test';
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
  const inbox = isInbox ? 'messages_inbox_by_created' : null;
  if (order === 'CREATED_AT') return walked(broadIndex(filter) ?? inbox ?? 'messages_by_created');
  return inbox === null ? 'messages' : walked(inbox);
}

/** The index that has all messages with the one value of a condition, in the order CREATED_AT. */
function broadIndex(filter: MessageFilter): string | undefined {
  const parts = conjunction(filter);
  return BROAD.find(({ field }) => parts.some(part => part[field]?.length === 1))?.index;
}

/** Whether a condition is on what the index of the inbox has beside its order, and no other index does. */
function testsIndex(filter: MessageFilter): boolean {
  return conjunction(filter).some(({ type, channel }) => (type ?? channel ?? null) !== null);
}

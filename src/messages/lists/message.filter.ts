import { allOf, ALWAYS, anyOf, type Clause, clause, notTrue } from '../../platform/database/clause';
import { type Dialect } from '../../platform/database/dialect';
import { MESSAGE_DIRECTIONS, MESSAGE_STATUSES } from '../message.kinds';
import {
  CONDITION_FIELDS,
  type ConditionField,
  conditionOn,
  type FilteredMessage,
  type MessageFilter,
  storable,
  type Use,
} from './message.filter.fields';
import { conjunction } from './message.filter.leads';
import { type FilterGoal, type FilterPlan, nestedUse, planFilter } from './message.filter.plan';

export { type FilteredMessage, type MessageFilter } from './message.filter.fields';
export { filterIssues } from './message.filter.limits';

/** A filter as SQL: what stands after `from`, which names an index where one must be walked, and after `where`. */
export interface FilterSql extends Pick<FilterPlan, 'from' | 'gathers' | 'picksIds'> {
  readonly where: Clause;
}

/** A filter that `filterIssues` has nothing to say about, its defaults included, in SQL. */
export function compileFilter(
  dialect: Dialect,
  filter: MessageFilter | null | undefined,
  goal: FilterGoal = { order: null },
): FilterSql {
  const given = filter ?? {};
  const defaults = defaultsFor(given);
  const plan = planFilter(dialect, given, isInbox(given, defaults), goal);
  const own = compilePart(dialect, given, (field, part) => plan.useOf(field, part));
  const { from, gathers, picksIds, ids } = plan;
  const known = ids === null ? ALWAYS : dialect.among('id', ids);
  const where = allOf([known, ...defaults.map(field => DEFAULTS[field].clause), own]);
  return { from, gathers, picksIds, where };
}

/** Whether a message meets a filter that was found to be right, its defaults included: the same as in the store. */
export function matchesFilter(filter: MessageFilter | null | undefined, message: FilteredMessage): boolean {
  const given = filter ?? {};
  return defaultsFor(given).every(field => DEFAULTS[field].matches(message)) && matchesPart(given, message);
}

/** The ids of contacts that stand anywhere in a filter, as they are stored. */
export function contactsIn(filter: MessageFilter): readonly string[] {
  const { contactId, and, or, not } = filter;
  const parts = [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])];
  return [...storable(contactId ?? []), ...parts.flatMap(contactsIn)];
}

/** The same filter with all the ids that a contact goes by in place of each. */
export function withContactGroups(filter: MessageFilter, groups: ContactGroups): MessageFilter {
  const { contactId, and, or, not } = filter;
  const inside = (part: MessageFilter): MessageFilter => withContactGroups(part, groups);
  return {
    ...filter,
    ...(contactId && { contactId: [...new Set(storable(contactId).flatMap(id => groups.get(id) ?? [id]))] }),
    ...(and && { and: and.map(inside) }),
    ...(or && { or: or.map(inside) }),
    ...(not && { not: inside(not) }),
  };
}

/** The filter for messages of these contacts alone: of either direction and any status unless it says so. */
export function amongContacts(filter: MessageFilter, ids: readonly string[]): MessageFilter {
  const { contactId } = filter;
  return {
    ...filter,
    contactId: contactId ? ids.filter(id => contactId.includes(id)) : ids,
    ...(standsIn(filter, 'direction') ? {} : { direction: MESSAGE_DIRECTIONS }),
    ...(standsIn(filter, 'status') ? {} : { status: MESSAGE_STATUSES }),
  };
}

/** All the ids that a contact goes by, by each of them. */
export type ContactGroups = ReadonlyMap<string, readonly string[]>;

/** What a list shows unless its filter says otherwise: the inbox. Its words are those of the inbox's partial indexes. */
const DEFAULTS = {
  direction: {
    clause: clause(`direction = 'INCOMING'`),
    matches: ({ direction }: FilteredMessage) => direction === 'INCOMING',
  },
  status: {
    clause: clause(`status <> 'ARCHIVED'`),
    matches: ({ status }: FilteredMessage) => status !== 'ARCHIVED',
  },
};

type DefaultField = keyof typeof DEFAULTS;

function defaultsFor(filter: MessageFilter): readonly DefaultField[] {
  if (isGiven(filter, 'id')) return [];
  return (['direction', 'status'] as const).filter(field => !standsIn(filter, field));
}

/** Whether the SQL of a filter says that of the inbox, word for word, and perhaps more. */
function isInbox(filter: MessageFilter, defaults: readonly DefaultField[]): boolean {
  if (!defaults.includes('status')) return false;
  if (defaults.includes('direction')) return true;
  return conjunction(filter).some(part => part.direction?.every(direction => direction === 'INCOMING'));
}

function standsIn(filter: MessageFilter, field: ConditionField): boolean {
  const parts = [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.not ? [filter.not] : [])];
  return isGiven(filter, field) || parts.some(part => standsIn(part, field));
}

function isGiven(filter: MessageFilter, field: ConditionField): boolean {
  return (filter[field] ?? null) !== null;
}

type ChooseUse = (field: ConditionField, part: MessageFilter) => Use;

function compilePart(dialect: Dialect, part: MessageFilter, useOf: ChooseUse): Clause {
  const { and, or, not } = part;
  return allOf([
    ...CONDITION_FIELDS.map(field => compileField(dialect, part, field, useOf)),
    ...(and ?? []).map(each => compilePart(dialect, each, useOf)),
    or ? anyOf(or.map(each => compilePart(dialect, each, nestedUse))) : ALWAYS,
    not ? notTrue(compilePart(dialect, not, nestedUse)) : ALWAYS,
  ]);
}

function compileField(
  dialect: Dialect,
  part: MessageFilter,
  field: ConditionField,
  useOf: ChooseUse,
): Clause {
  const value = part[field] ?? null;
  return value === null ? ALWAYS : conditionOn(field).clause(value, useOf(field, part), dialect);
}

function matchesPart(part: MessageFilter, message: FilteredMessage): boolean {
  const { and, or, not } = part;
  return (
    CONDITION_FIELDS.every(field => matchesField(part, field, message)) &&
    (and ?? []).every(each => matchesPart(each, message)) &&
    (!or || or.some(each => matchesPart(each, message))) &&
    !(not && matchesPart(not, message))
  );
}

function matchesField(part: MessageFilter, field: ConditionField, message: FilteredMessage): boolean {
  const value = part[field] ?? null;
  return value === null || conditionOn(field).matches(message, value);
}

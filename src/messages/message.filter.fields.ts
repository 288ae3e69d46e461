import { ALWAYS, allOf, anyOf, type Clause, clause, NEVER } from '../platform/database/clause';
import { MAX_DATA_FEED_ID_LENGTH } from './content.rules';
import { messageIdOf } from './message-id.rules';
import {
  MESSAGE_CHANNELS,
  MESSAGE_DIRECTIONS,
  MESSAGE_STATUSES,
  MESSAGE_TYPES,
  type MessageChannel,
  type MessageDirection,
  type MessageState,
  type MessageStatus,
  type MessageType,
} from './message.kinds';
import { searchTextOf } from './search.rules';
import { cleanText, foldCase, textIssue } from './text.rules';

type Given<T> = T | null | undefined;

/** Bounds of an instant, all of which hold; null is the same as leaving a bound out, no bound at all holds always. */
export interface DateTimeRange {
  readonly gt?: Given<Date>;
  readonly gte?: Given<Date>;
  readonly lt?: Given<Date>;
  readonly lte?: Given<Date>;
  readonly isNull?: Given<boolean>;
}

/** Which messages are asked for, as in the schema; null is the same as leaving a field out. */
export interface MessageFilter {
  readonly id?: Given<readonly string[]>;
  readonly q?: Given<string>;
  readonly type?: Given<readonly MessageType[]>;
  readonly direction?: Given<readonly MessageDirection[]>;
  readonly status?: Given<readonly MessageStatus[]>;
  readonly channel?: Given<readonly MessageChannel[]>;
  readonly recipientId?: Given<readonly string[]>;
  readonly parentId?: Given<readonly string[]>;
  readonly contactId?: Given<readonly string[]>;
  readonly postId?: Given<readonly string[]>;
  readonly dataFeedId?: Given<readonly string[]>;
  readonly dataProviderId?: Given<readonly string[]>;
  readonly repeats?: Given<boolean>;
  readonly sendAt?: Given<DateTimeRange>;
  readonly sentAt?: Given<DateTimeRange>;
  readonly createdAt?: Given<DateTimeRange>;
  readonly updatedAt?: Given<DateTimeRange>;
  readonly and?: Given<readonly MessageFilter[]>;
  readonly or?: Given<readonly MessageFilter[]>;
  readonly not?: Given<MessageFilter>;
}

/** A message as a filter sees it; the entity is one, however it was read. */
export type FilteredMessage = Omit<MessageState, 'schedule'> & {
  readonly id: number;
  readonly repeats: boolean;
};

export type ConditionField = Exclude<keyof MessageFilter, 'and' | 'or' | 'not'>;
type ConditionValue<F extends ConditionField> = NonNullable<MessageFilter[F]>;

/**
 * How a condition may be answered: `find` lets the engine look it up in an index, `test` only tests the rows that it
 * finds by other means. The answer is the same, the time is not (see `message.filter.plan.ts`).
 */
export type Use = 'find' | 'test';

/** One field of the filter, whole: what it means to the store, and what it means to a message in memory. */
export interface Condition<V> {
  clause(value: V, use: Use): Clause;
  matches(message: FilteredMessage, value: V): boolean;
}

/** A field that is missing here, or half of one, does not compile. */
const CONDITIONS: { readonly [F in ConditionField]: Condition<ConditionValue<F>> } = {
  id: messageIds('id', message => message.id),
  q: {
    clause: (value, use) => {
      const literal = clause('instr(search_text, ?) > 0', foldCase(cleanText(value)));
      if (use === 'test' || !isIndexed(value)) return literal;
      const hits = 'id in (select rowid from messages_search where messages_search match ?)';
      return allOf([clause(hits, searchPhrase(value)), literal]);
    },
    matches: (message, value) =>
      searchTextOf(message.title, message.message).includes(foldCase(cleanText(value))),
  },
  type: oneOf('type', MESSAGE_TYPES, message => message.type),
  direction: oneOf('direction', MESSAGE_DIRECTIONS, message => message.direction),
  status: oneOf('status', MESSAGE_STATUSES, message => message.status),
  channel: {
    // The column is a JSON list of names out of a closed table, none of which holds a quotation mark.
    clause: channels =>
      anyOf(listed(MESSAGE_CHANNELS, channels).map(channel => clause(`instr(channels, '"${channel}"') > 0`))),
    matches: (message, channels) => message.channels.some(channel => channels.includes(channel)),
  },
  recipientId: {
    clause: (ids, use) => {
      const named = amongTexts('recipient_id', ids);
      if (named === NEVER) return NEVER;
      const select = `select message_id from message_recipients where ${named.sql}`;
      return clause(`${column('id', use)} in (${select})`, ...named.parameters);
    },
    matches: (message, ids) => storable(ids).some(id => message.recipientIds.includes(id)),
  },
  parentId: messageIds('parent_id', message => message.parentId),
  contactId: texts('contact_id', message => message.contactId),
  postId: texts('post_id', message => message.postId),
  dataFeedId: texts('data_feed_id', message => message.dataFeedId),
  dataProviderId: texts('data_provider_id', message => message.dataProviderId),
  repeats: {
    clause: repeats => clause(repeats ? 'schedule_id is not null' : 'schedule_id is null'),
    matches: (message, repeats) => message.repeats === repeats,
  },
  sendAt: instant('send_at', message => message.sendAt),
  sentAt: instant('sent_at', message => message.sentAt),
  createdAt: instant('created_at', message => message.createdAt),
  updatedAt: instant('updated_at', message => message.updatedAt),
};

export const CONDITION_FIELDS = Object.keys(CONDITIONS) as readonly ConditionField[];

/** The condition of a field that is known at run time only; it takes the value of that field and no other. */
export function conditionOn(field: ConditionField): Condition<unknown> {
  return CONDITIONS[field];
}

/** Whether the search index can look a text up: it knows every three characters in a row, and nothing shorter. */
export function isIndexed(search: string): boolean {
  return Array.from(foldCase(cleanText(search))).length >= 3;
}

/** The text in the search index's own language, where quotation marks take everything else's meaning away. */
export function searchPhrase(search: string): string {
  return `"${foldCase(cleanText(search)).replaceAll('"', '""')}"`;
}

/** Unary plus says to SQLite: use no index for this column. */
function column(name: string, use: Use): string {
  return use === 'find' ? name : `+${name}`;
}

/** The values of a closed table that stand in a list. What goes into SQL is the table's text, never the caller's. */
function listed<T extends string>(known: readonly T[], values: readonly T[]): readonly T[] {
  return known.filter(value => values.includes(value));
}

function oneOf<T extends string>(
  name: string,
  known: readonly T[],
  read: (message: FilteredMessage) => T,
): Condition<readonly T[]> {
  return {
    clause: (values, use) => {
      const [first, ...others] = listed(known, values);
      if (first === undefined) return NEVER;
      if (others.length === known.length - 1) return ALWAYS;
      if (others.length === 0) return clause(`${column(name, use)} = '${first}'`);
      return clause(`${column(name, use)} in (${[first, ...others].map(value => `'${value}'`).join(', ')})`);
    },
    matches: (message, values) => values.includes(read(message)),
  };
}

function messageIds(
  name: string,
  read: (message: FilteredMessage) => number | null,
): Condition<readonly string[]> {
  const named = (ids: readonly string[]) => ids.map(messageIdOf).filter(id => id !== null);
  return {
    clause: (ids, use) => among(column(name, use), named(ids)),
    matches: (message, ids) => {
      const id = read(message);
      return id !== null && named(ids).includes(id);
    },
  };
}

function texts(
  name: string,
  read: (message: FilteredMessage) => string | null,
): Condition<readonly string[]> {
  return {
    clause: (values, use) => amongTexts(column(name, use), values),
    matches: (message, values) => {
      const value = read(message);
      return value !== null && storable(values).includes(value);
    },
  };
}

function amongTexts(expression: string, values: readonly string[]): Clause {
  return among(expression, storable(values));
}

/** The values that a message can have, in the form in which they are stored: others match nothing. */
function storable(values: readonly string[]): readonly string[] {
  return values
    .map(cleanText)
    .filter(value => textIssue(value, { max: MAX_DATA_FEED_ID_LENGTH, multiline: false }) === null);
}

/** A single value is compared, so that the index which finds it gives the order too. */
function among(expression: string, values: readonly (string | number)[]): Clause {
  const [first, ...others] = values;
  if (first === undefined) return NEVER;
  if (others.length === 0) return clause(`${expression} = ?`, first);
  return clause(`${expression} in (select value from json_each(?))`, JSON.stringify(values));
}

function instant(name: string, read: (message: FilteredMessage) => Date | null): Condition<DateTimeRange> {
  return {
    clause: (range, use) => {
      const bounds = BOUNDS.flatMap(({ bound, sign }) => {
        const limit = range[bound];
        return limit ? [clause(`${column(name, use)} ${sign} ?`, limit.getTime())] : [];
      });
      const isNull = range.isNull ?? null;
      if (isNull !== null) bounds.push(clause(`${column(name, use)} is ${isNull ? 'null' : 'not null'}`));
      return allOf(bounds);
    },
    matches: (message, range) => {
      const value = read(message);
      const isNull = range.isNull ?? null;
      if (isNull !== null && isNull !== (value === null)) return false;
      return BOUNDS.every(({ bound, holds }) => {
        const limit = range[bound];
        return !limit || (value !== null && holds(value.getTime(), limit.getTime()));
      });
    },
  };
}

const BOUNDS = [
  { bound: 'gt', sign: '>', holds: (a: number, b: number) => a > b },
  { bound: 'gte', sign: '>=', holds: (a: number, b: number) => a >= b },
  { bound: 'lt', sign: '<', holds: (a: number, b: number) => a < b },
  { bound: 'lte', sign: '<=', holds: (a: number, b: number) => a <= b },
] as const;

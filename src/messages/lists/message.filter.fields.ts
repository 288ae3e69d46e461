import { anyOf, type Clause, clause, NEVER } from '../../platform/database/clause';
import { type Dialect, MIN_INDEXED_LENGTH } from '../../platform/database/dialect';
import {
  amongNames,
  type DateTimeRange,
  isWithinRange,
  withinRange,
} from '../../platform/database/conditions';
import { MAX_DATA_FEED_ID_LENGTH } from '../rules/content.rules';
import { idOf } from '../../platform/id.rules';
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
} from '../message.kinds';
import { searchTextOf } from '../rules/search.rules';
import { cleanText, foldCase, textIssue } from '../../platform/text.rules';

type Given<T> = T | null | undefined;

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
  clause(value: V, use: Use, dialect: Dialect): Clause;
  matches(message: FilteredMessage, value: V): boolean;
}

/** A field that is missing here, or half of one, does not compile. */
const CONDITIONS: { readonly [F in ConditionField]: Condition<ConditionValue<F>> } = {
  id: messageIds('id', message => message.id),
  q: {
    clause: (value, use, dialect) =>
      dialect.holds('messages', 'search_text', searchedText(value), use === 'find'),
    matches: (message, value) => searchTextOf(message.title, message.message).includes(searchedText(value)),
  },
  type: oneOf('type', MESSAGE_TYPES, message => message.type),
  direction: oneOf('direction', MESSAGE_DIRECTIONS, message => message.direction),
  status: oneOf('status', MESSAGE_STATUSES, message => message.status),
  channel: {
    // The column is a JSON list of names out of a closed table, none of which holds a quotation mark.
    clause: channels =>
      anyOf(
        MESSAGE_CHANNELS.filter(channel => channels.includes(channel)).map(channel =>
          clause(`channels like '%"${channel}"%'`),
        ),
      ),
    matches: (message, channels) => message.channels.some(channel => channels.includes(channel)),
  },
  recipientId: {
    clause: (ids, use, dialect) => {
      const named = dialect.among('recipient_id', storable(ids));
      if (named === NEVER) return NEVER;
      const select = `select message_id from message_recipients where ${named.sql}`;
      return clause(`${column('id', use, dialect)} in (${select})`, ...named.parameters);
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
  return Array.from(searchedText(search)).length >= MIN_INDEXED_LENGTH;
}

/** What is looked for: as stored texts are cleaned, with the case folded. */
export function searchedText(search: string): string {
  return foldCase(cleanText(search));
}

function column(name: string, use: Use, dialect: Dialect): string {
  return use === 'find' ? name : dialect.unindexed(name);
}

function oneOf<T extends string>(
  name: string,
  known: readonly T[],
  read: (message: FilteredMessage) => T,
): Condition<readonly T[]> {
  return {
    clause: (values, use, dialect) => amongNames(column(name, use, dialect), known, values),
    matches: (message, values) => values.includes(read(message)),
  };
}

function messageIds(
  name: string,
  read: (message: FilteredMessage) => number | null,
): Condition<readonly string[]> {
  const named = (ids: readonly string[]) => ids.map(idOf).filter(id => id !== null);
  return {
    clause: (ids, use, dialect) => dialect.among(column(name, use, dialect), named(ids)),
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
    clause: (values, use, dialect) => dialect.among(column(name, use, dialect), storable(values)),
    matches: (message, values) => {
      const value = read(message);
      return value !== null && storable(values).includes(value);
    },
  };
}

/** The values that a message can have, in the form in which they are stored: others match nothing. */
export function storable(values: readonly string[]): readonly string[] {
  return values
    .map(cleanText)
    .filter(value => textIssue(value, { max: MAX_DATA_FEED_ID_LENGTH, multiline: false }) === null);
}

function instant(name: string, read: (message: FilteredMessage) => Date | null): Condition<DateTimeRange> {
  return {
    clause: (range, use, dialect) => withinRange(column(name, use, dialect), range),
    matches: (message, range) => isWithinRange(read(message), range),
  };
}

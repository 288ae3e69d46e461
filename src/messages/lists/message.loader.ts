import DataLoader from 'dataloader';
import { type AuditEntry } from '../../audit/audit.entity';
import { type AuditPageArguments, type AuditPages } from '../../audit/audit.pages';
import { type Connection } from '../../platform/database/page';
import { type PageArguments } from '../../platform/database/page-window';
import { type Schedule } from '../../schedules/schedule.entity';
import { ListLoader } from './list.loader';
import { type MessageProperty } from './asked-properties';
import { type Message } from '../message.entity';
import { type ListArguments, type MessagePages } from './message.pages';
import { type MessageReplies } from './message.replies';
import { type MessageStore } from '../message.store';

/**
 * What hangs on messages, gathered: however many messages ask for theirs at once, each kind of answer costs one
 * statement. A set remembers what it has read, so there is one for each request.
 */
export interface MessageLoaders {
  readonly message: DataLoader<number, Message | null>;
  readonly schedule: DataLoader<number, Schedule | null>;
  /** @throws Refusal BAD_USER_INPUT with every issue of the page arguments. */
  replies(parentId: number, args: PageArguments): Connection<Message>;
  /** @throws Refusal BAD_USER_INPUT with every issue of the page arguments. */
  history(messageId: number, args: AuditPageArguments): Connection<AuditEntry>;
  /** @throws Refusal BAD_USER_INPUT with every issue of the arguments. */
  messagesOf(
    contactId: string,
    args: ListArguments,
    asked: ReadonlySet<MessageProperty>,
  ): Connection<Message>;
  /** Forgets what has been read: a mutation calls it after it has written. */
  forget(): void;
}

export function createMessageLoaders(
  store: MessageStore,
  replies: MessageReplies,
  audit: AuditPages,
  pages: MessagePages,
): MessageLoaders {
  const message = new DataLoader<number, Message | null>(async ids => {
    const found = await store.findByIds(ids);
    return ids.map(id => found.get(id) ?? null);
  });
  const schedule = new DataLoader<number, Schedule | null>(async ids => {
    const found = await store.findSchedules(ids);
    return ids.map(id => found.get(id) ?? null);
  });
  const replyLists = new ListLoader({
    window: args => replies.window(args),
    keyOf: ({ value, id }) => [value, id],
    rows: (parentIds, window) => replies.rows(parentIds, window),
    hasRowsBehind: (edges, forward) => replies.areBehind(edges, forward),
    counts: parentIds => replies.counts(parentIds),
    cursorOf: (reply: Message) => replies.cursorOf(reply),
  });
  const histories = new ListLoader({
    window: args => audit.historyWindow(args),
    keyOf: ({ id }) => id,
    rows: (messageIds, window) => audit.histories(messageIds, window),
    hasRowsBehind: edges => audit.hasEntriesBehind(edges),
    counts: messageIds => audit.historyCounts(messageIds),
    cursorOf: (entry: AuditEntry) => audit.historyCursor(entry),
  });
  const byContact = new Map<string, Connection<Message>>();
  return {
    message,
    schedule,
    replies: (parentId, args) => replyLists.connection(parentId, args),
    history: (messageId, args) => histories.connection(messageId, args),
    // One contact stands in as many places as it has messages.
    messagesOf: (contactId, args, asked) => {
      const name = JSON.stringify([contactId, args, [...asked]]);
      const known = byContact.get(name) ?? pages.list(args, asked, contactId);
      byContact.set(name, known);
      return known;
    },
    forget: () => {
      byContact.clear();
      message.clearAll();
      schedule.clearAll();
      replyLists.forget();
      histories.forget();
    },
  };
}

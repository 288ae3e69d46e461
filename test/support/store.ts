import { AuditPages } from '../../src/audit/audit.pages';
import { Message } from '../../src/messages/message.entity';
import { type MessageState } from '../../src/messages/message.kinds';
import { MessagePages } from '../../src/messages/lists/message.pages';
import { MessageReplies } from '../../src/messages/lists/message.replies';
import { MessageStore } from '../../src/messages/message.store';
import { type Database } from '../../src/platform/database/database';
import { type SqlValue } from '../../src/platform/database/query';
import { makeContacts } from './contacts';
import { engineUnderTest, newPlace, openDatabaseAt } from './engine';

/** A statement as it was read from the store. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** A store of its own, filled past all rules, whose reads are recorded. */
export interface TestStore {
  readonly database: Database;
  readonly store: MessageStore;
  readonly pages: MessagePages;
  readonly replies: MessageReplies;
  readonly audit: AuditPages;
  /** Every statement read since the last look. */
  statements(): readonly Statement[];
  insert(states: readonly MessageState[]): Promise<readonly Message[]>;
  /** How SQLite would answer a statement, step by step; on that engine only. */
  plan(statement: Statement): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openStore(): Promise<TestStore> {
  const place = await newPlace();
  const real = await openDatabaseAt(place.databaseUrl);
  let read: Statement[] = [];
  const database: Database = {
    ...real,
    read: (sql, parameters = []) => {
      read.push({ sql, parameters });
      return real.read(sql, parameters);
    },
  };
  const store = new MessageStore(database);
  return {
    database,
    store,
    pages: new MessagePages(database, store),
    replies: new MessageReplies(database, store),
    audit: new AuditPages(database),
    statements: () => {
      const seen = read;
      read = [];
      return seen;
    },
    insert: async states => {
      const messages = states.map(state => Message.of(state));
      await makeContacts(
        real,
        states.map(({ contactId }) => contactId),
      );
      // One by one, because a message may reply to one of those before it.
      await real.write(async unit => {
        for (const message of messages) await store.insert(unit.query, [message]);
      });
      return messages;
    },
    plan: async ({ sql, parameters }) => {
      if (engineUnderTest() !== 'sqlite') throw new Error('Plans are compared on SQLite only.');
      const steps = await real.read<{ detail: string }>(`explain query plan ${sql}`, parameters);
      // That the rows are made into one text is the same for every list.
      return steps
        .map(step => step.detail)
        .filter(step => !/^(CO-ROUTINE|SCAN) \(subquery-\d+\)$/.test(step));
    },
    close: async () => {
      await real.close();
      await place.remove();
    },
  };
}

const DAY = new Date('2030-06-01T12:00:00.000Z');

/** A message that somebody sent in. */
export function incoming(given: Partial<MessageState> = {}): MessageState {
  return {
    direction: 'INCOMING',
    status: 'RECEIVED',
    type: 'REPORT',
    title: null,
    message: 'The river is over the bridge.',
    channels: ['SMS'],
    recipientIds: [],
    parentId: null,
    contactId: null,
    postId: null,
    dataFeedId: null,
    dataProviderId: null,
    dataProviderMessageId: null,
    additionalData: null,
    schedule: null,
    sendAt: null,
    sentAt: null,
    createdAt: DAY,
    updatedAt: DAY,
    version: 1,
    ...given,
  };
}

/** A message that waits to be sent. */
export function outgoing(given: Partial<MessageState> = {}): MessageState {
  return incoming({ direction: 'OUTGOING', status: 'PENDING', type: 'ALERT', ...given });
}

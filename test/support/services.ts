import { type Actor } from '../../src/audit/actor';
import { AuditGuard } from '../../src/audit/audit.guard';
import { ContactStore } from '../../src/contacts/contact.store';
import { MessageAttempts } from '../../src/messages/writes/message.attempts';
import { MessageBatches } from '../../src/messages/writes/message.batch';
import { Message } from '../../src/messages/message.entity';
import { ContactGuard } from '../../src/contacts/contact.guard';
import { MessageGuard } from '../../src/messages/writes/message.guard';
import { type MessageState } from '../../src/messages/message.kinds';
import { MessageService } from '../../src/messages/writes/message.service';
import { MessageStore } from '../../src/messages/message.store';
import { type Database } from '../../src/platform/database/database';
import { Deadline } from '../../src/platform/deadline';
import { Idempotency } from '../../src/platform/idempotency/idempotency';
import { TimeSlices } from '../../src/platform/time-slices';
import { FakeClock } from './clock';
import { makeContacts } from './contacts';
import { newPlace, openDatabaseAt } from './engine';
import { outgoing } from './store';

/** Whoever writes, in tests that do not ask who it was. */
export const CALLER: Actor = { kind: 'TOKEN', tokenId: 7, requestId: 'request-7' };

/** The services over a real store of their own, without HTTP and GraphQL. */
export interface Services extends DirectAccess {
  readonly clock: FakeClock;
  readonly database: Database;
  readonly store: MessageStore;
  readonly attempts: MessageAttempts;
  readonly service: MessageService;
  readonly batches: MessageBatches;
  close(): Promise<void>;
}

/** What tests do with the store past the services. */
export interface DirectAccess {
  /** Puts a message into the store as it is. */
  put(state: Partial<MessageState>): Promise<number>;
  /** The message as a fresh read from the store has it. */
  stored(id: number): Promise<Message>;
}

export async function openServices(): Promise<Services> {
  const place = await newPlace();
  const clock = new FakeClock();
  const guards = [new MessageGuard(clock), new ContactGuard(clock), new AuditGuard()];
  const database = await openDatabaseAt(place.databaseUrl, guards);
  const store = new MessageStore(database);
  const attempts = new MessageAttempts(
    store,
    new ContactStore(database),
    clock,
    new TimeSlices(Deadline.NONE),
  );
  const idempotency = new Idempotency(database, clock, new Set());
  return {
    ...directAccess(database, store, clock),
    clock,
    database,
    store,
    attempts,
    service: new MessageService(database, store, attempts, idempotency),
    batches: new MessageBatches(database, store, attempts, idempotency),
    close: async () => {
      await database.close();
      await place.remove();
    },
  };
}

export function directAccess(database: Database, store: MessageStore, clock: FakeClock): DirectAccess {
  return {
    put: async state => {
      const message = Message.of(outgoing({ createdAt: clock.now(), updatedAt: clock.now(), ...state }));
      await makeContacts(database, [message.contactId]);
      await database.write(unit => store.insert(unit.query, [message]));
      return message.id;
    },
    stored: async id => {
      const message = (await database.write(unit => store.findWhole([id], unit.query))).get(id);
      if (message === undefined) throw new Error(`There is no message ${id}.`);
      return message;
    },
  };
}

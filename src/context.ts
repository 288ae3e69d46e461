import { type Actor, actorOf } from './audit/actor';
import { AuditPages } from './audit/audit.pages';
import { OwnWrites } from './audit/own-writes';
import { type Viewer } from './auth/viewer';
import { createContactLoaders, type ContactLoaders } from './contacts/contact.loader';
import { ContactMerges } from './contacts/contact.merges';
import { ContactPages } from './contacts/contact.pages';
import { ContactService } from './contacts/contact.service';
import { ContactStore } from './contacts/contact.store';
import { MessageAttempts } from './messages/writes/message.attempts';
import { MessageBatches } from './messages/writes/message.batch';
import { type MessageContext } from './messages/api/message.context';
import { createMessageLoaders, type MessageLoaders } from './messages/lists/message.loader';
import { MessagePages } from './messages/lists/message.pages';
import { MessageReplies } from './messages/lists/message.replies';
import { MessageService } from './messages/writes/message.service';
import { MessageStore } from './messages/message.store';
import { type Allowance } from './platform/allowance';
import { type Clock } from './platform/clock';
import { type Database } from './platform/database/database';
import { LaggingReads } from './platform/database/lagging-reads';
import { Idempotency } from './platform/idempotency/idempotency';
import { type EdgeContext } from './platform/server/edge';
import { type ProviderContext } from './providers/api/provider.resolver';
import { FailurePages } from './providers/failures/failure.pages';
import { type DataProvider, dataProviders } from './providers/health/provider.health';
import { type ConfiguredProvider } from './providers/kind';
import { TimeSlices } from './platform/time-slices';

/** What all requests have in common. */
export interface Shared {
  readonly database: Database;
  readonly clock: Clock;
  /** Of `Idempotency`. */
  readonly runningKeys: Set<string>;
  /** Whether reads may come from replicas, unless that hides from callers what they wrote. */
  readonly hasReplicas: boolean;
  /** As the providers file sets them up. */
  readonly providers: readonly ConfiguredProvider[];
}

/**
 * What resolvers are handed with each request: the slices of all subjects together, over the store within what the request
 * may take. Each thing is made when it is first asked for: most requests need one or two.
 */
export class Context implements EdgeContext, MessageContext, ProviderContext {
  readonly clock: Clock;
  readonly allowance: Allowance;
  private readonly database: Database;
  private readonly made: { -readonly [Name in keyof MessageContext]?: MessageContext[Name] } = {};

  constructor(
    private readonly shared: Shared,
    readonly viewer: Viewer,
    /** What the log and an INTERNAL_SERVER_ERROR name the request by. */
    readonly requestId: string,
    allowance: Allowance,
  ) {
    this.clock = shared.clock;
    this.allowance = shared.hasReplicas ? { ...allowance, lagging: this.laggingReads() } : allowance;
    this.database = shared.database.within(this.allowance);
  }

  get actor(): Actor {
    return (this.made.actor ??= actorOf(this.viewer, this.requestId));
  }

  get slices(): TimeSlices {
    return (this.made.slices ??= new TimeSlices(this.allowance.deadline));
  }

  get store(): MessageStore {
    return (this.made.store ??= new MessageStore(this.database));
  }

  get pages(): MessagePages {
    return (this.made.pages ??= new MessagePages(this.database, this.store));
  }

  get audit(): AuditPages {
    return (this.made.audit ??= new AuditPages(this.database));
  }

  get contacts(): ContactService {
    return (this.made.contacts ??= new ContactService(
      this.database,
      this.contactStore,
      this.merges,
      this.clock,
      this.idempotency,
    ));
  }

  get contactPages(): ContactPages {
    return (this.made.contactPages ??= new ContactPages(this.database));
  }

  get contactLoaders(): ContactLoaders {
    return (this.made.contactLoaders ??= createContactLoaders(this.contactStore, this.merges, () =>
      this.made.loaders?.forget(),
    ));
  }

  get failures(): FailurePages {
    return new FailurePages(this.database);
  }

  dataProviders(): Promise<readonly DataProvider[]> {
    return dataProviders(this.database, this.shared.providers);
  }

  get loaders(): MessageLoaders {
    return (this.made.loaders ??= createMessageLoaders(
      this.store,
      new MessageReplies(this.database, this.store),
      this.audit,
      this.pages,
    ));
  }

  get messages(): MessageService {
    return (this.made.messages ??= new MessageService(
      this.database,
      this.store,
      this.attempts,
      this.idempotency,
    ));
  }

  get batches(): MessageBatches {
    return (this.made.batches ??= new MessageBatches(
      this.database,
      this.store,
      this.attempts,
      this.idempotency,
    ));
  }

  private get contactStore(): ContactStore {
    return new ContactStore(this.database);
  }

  private get merges(): ContactMerges {
    return new ContactMerges(this.database);
  }

  private get attempts(): MessageAttempts {
    return new MessageAttempts(this.store, this.contactStore, this.clock, this.slices);
  }

  private get idempotency(): Idempotency {
    return new Idempotency(this.database, this.clock, this.shared.runningKeys);
  }

  private laggingReads(): LaggingReads {
    return new LaggingReads(mark => new OwnWrites(this.database).areAfter(this.viewer, mark));
  }
}

import { type Logger } from 'pino';
import { type Delivery, type ItemResult, type Provider, type UnreadableItem } from './provider.kinds';

/** How we fetch messages from a service that does not call us. */
export interface MailboxKind<Options = unknown> {
  readonly name: string;
  /** A message as it was fetched, in bytes. Never throws for what they hold. */
  read(raw: Buffer, provider: Provider<Options>): Promise<Delivery | UnreadableItem>;
  /** Of such bytes those that are worth keeping for good; as a rule not what files hold, which stays with the service. */
  abridged(raw: Buffer): Buffer;
  /** Fetches from now on, and goes on by itself whatever happens to the connection. It throws nothing. */
  start(provider: Provider<Options>, sink: MailboxSink, log: Logger): RunningMailbox;
  /** Connects once and tells what is there; fetches nothing, changes nothing. It throws nothing. */
  check(provider: Provider<Options>, sink: Pick<MailboxSink, 'position'>): Promise<Findings>;
}

/** What a check has found: sentences for the operator, without addresses and secrets. */
export interface Findings {
  readonly works: boolean;
  readonly lines: readonly string[];
}

export interface RunningMailbox {
  /** Nothing is handed to the sink once this has resolved. */
  stop(): Promise<void>;
}

/**
 * Where a mailbox puts what it has fetched. Each call is one transaction with the position, so that after any end it goes
 * on behind what is stored. One that throws has stored nothing: a Refusal says that the store is away, for the mailbox
 * to come again later with the same.
 */
export interface MailboxSink {
  /** How far a place, such as a folder, has been read: what was stored last; null before. */
  position(place: string): Promise<string | null>;
  take(fetched: Fetched & { readonly delivery: Delivery }): Promise<ItemResult>;
  /** Keeps what cannot be read, for the operator to look at. @param fetched `why` is fit for a log. */
  keep(fetched: Fetched & { readonly why: string }): Promise<void>;
  /** Goes on behind what is no message, or is not to be looked at again. */
  pass(position: Position): Promise<void>;
}

export interface Fetched {
  /** As it was fetched. */
  readonly raw: Buffer;
  readonly position: Position;
}

export interface Position {
  /** 1 to 255 characters. */
  readonly place: string;
  /** 1 to 1,000 characters, of which only the kind knows the meaning. */
  readonly position: string;
}

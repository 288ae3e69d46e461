import { type ContactType } from '../contacts/contact.kinds';
import { type JsonObject, type MessageChannel, type MessageType } from '../messages/message.kinds';

/** A data provider as the providers file sets it up: one number, bot, mailbox or application that messages come by. */
export interface Provider<Options = unknown> {
  /** What addresses and messages know it by: 1 to 64 of `a-z`, `0-9`, `-` and `_`. */
  readonly id: string;
  readonly name: string;
  readonly channel: MessageChannel;
  /** Of its messages; null for what messages from people have anyway. */
  readonly type: MessageType | null;
  /** ISO 3166 country of phone numbers that are told without theirs; null where all are international. */
  readonly region: string | null;
  /** `dataFeedId` of its messages; null for the number or mailbox that each was sent to. */
  readonly feed: string | null;
  /** One, or two while one follows the other; none where it is said to be insecure. */
  readonly secrets: readonly string[];
  /** What its kind asks for beyond that. */
  readonly options: Options;
}

/** A request as it came in: nothing decoded, nothing dropped. */
export interface RawRequest {
  readonly method: string;
  /** The address that the service has called: PUBLIC_URL, and path and query as they were sent. */
  readonly url: string;
  /** Path segments behind the id of the provider, decoded; a secret may be one of them. */
  readonly rest: readonly string[];
  /** By names in small letters; a header that came several times has several values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

/** A file that came with a message; it stays with the service. */
export interface Media {
  readonly url: string;
  readonly contentType: string | null;
  /** Bytes. */
  readonly size: number | null;
  readonly name: string | null;
}

/** A message as the service tells it; what the rules for texts do not take is mended later, for all kinds alike. */
export interface Delivery {
  readonly sender: {
    readonly type: ContactType;
    /** As the service gives it: a number, a mail address, a chat id. */
    readonly address: string;
    readonly name: string | null;
  };
  /** The number or mailbox that it was sent to. */
  readonly recipient: string | null;
  /** Where the service says that it came by another one than the provider's. */
  readonly channel?: MessageChannel;
  readonly title: string | null;
  /** May be blank where there is media. */
  readonly text: string;
  readonly sentAt: Date | null;
  /** The service's own id of the message; null where it has none. */
  readonly providerMessageId: string | null;
  /** Whether the sender has made the id up, so that other messages may bear the same. */
  readonly isIdOfSender?: boolean;
  /** Ids, by this provider, of the messages that it may answer, the likeliest first. */
  readonly inReplyTo: readonly string[];
  readonly media: readonly Media[];
  /** What else the service says of it. */
  readonly additionalData: JsonObject;
}

/** What a request holds. */
export type Reading =
  /** Each for itself: one that cannot be read costs itself only, and is kept with the request. */
  | { readonly kind: 'messages'; readonly items: readonly (Delivery | UnreadableItem)[] }
  /** Nothing that a person has sent: a delivery report, an edit, a test of the address. Answered as a success. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** Right signature, wrong content: it is kept as it came, with the reason. */
  | { readonly kind: 'unreadable'; readonly why: string };

export interface UnreadableItem {
  /** Why, fit for a log: no text, no address. */
  readonly unreadable: string;
}

/** What came of a request, for the kind to say it in the service's own words. */
export type Outcome =
  /** Stored, now or before, or kept to be looked at: the service need not repeat it. */
  | { readonly kind: 'taken'; readonly results: readonly ItemResult[] }
  /** Nothing to store. */
  | { readonly kind: 'nothing' }
  /** Nobody knows who it is from. */
  | { readonly kind: 'unproven' }
  /** The store is away: the service is to send it again. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number };

/** Of each item, in the order of the reading; one for the whole of a request that is unreadable. */
export type ItemResult =
  | { readonly kind: 'stored' | 'known'; readonly messageId: number }
  | { readonly kind: 'kept'; readonly why: string };

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request to be made: for a test of the way that messages come by. */
export interface Sample {
  readonly method: 'POST' | 'GET';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a service calls us over HTTP. It is pure: all that it knows is handed to it. */
export interface HookKind<Options = unknown> {
  readonly name: string;
  /** Whether the proof holds for some time only. */
  readonly isTimed: boolean;
  /**
   * Proof that the request is the service's, by any of the secrets; compared in constant time.
   * @returns null where it is right, else why not, fit for a log: no secret, nothing of the caller's.
   */
  doubt(request: RawRequest, provider: Provider<Options>, now: Date): string | null;
  /** Never throws for what the body holds. */
  read(request: RawRequest, provider: Provider<Options>): Reading;
  reply(outcome: Outcome): Reply;
  /** A message as the service would send it to `base`, without proof: PUBLIC_URL, `/providers/` and the id. */
  sample(provider: Provider<Options>, base: string, now: Date): Sample;
  /** The same with proof by this secret. */
  prove(sample: Sample, secret: string, provider: Provider<Options>, now: Date): Sample;
}

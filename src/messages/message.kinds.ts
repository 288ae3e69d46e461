import { type ScheduleRule } from '../schedules/schedule.kinds';
import { type ScheduleInput } from '../schedules/schedule.rules';

export const MESSAGE_DIRECTIONS = ['INCOMING', 'OUTGOING'] as const;
export type MessageDirection = (typeof MESSAGE_DIRECTIONS)[number];

export const MESSAGE_STATUSES = [
  'PENDING',
  'SENT',
  'RECEIVED',
  'EXPIRED',
  'CANCELLED',
  'FAILED',
  'ARCHIVED',
] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export const MESSAGE_TYPES = ['REPORT', 'REVISION', 'COMMENT', 'ALERT'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

export const MESSAGE_CHANNELS = [
  'BROADCAST',
  'DATABASE',
  'DISCORD_PRIVATE',
  'DISCORD_PUBLIC',
  'MAIL',
  'SMS',
  'WHATSAPP',
  'TELEGRAM',
  'OTHER',
] as const;
export type MessageChannel = (typeof MESSAGE_CHANNELS)[number];

export const BATCH_ERROR_POLICIES = ['ATOMIC', 'PARTIAL'] as const;
export type BatchErrorPolicy = (typeof BATCH_ERROR_POLICIES)[number];

/** A JSON object, as stored in `additionalData`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What people write in a message, and what it is about. Absent texts and references are null, absent lists empty. */
export interface MessageContent {
  readonly message: string;
  readonly title: string | null;
  readonly type: MessageType;
  readonly channels: readonly MessageChannel[];
  readonly recipientIds: readonly string[];
  readonly contactId: string | null;
  readonly postId: string | null;
  readonly dataFeedId: string | null;
  readonly dataProviderId: string | null;
  readonly dataProviderMessageId: string | null;
  readonly additionalData: JsonObject | null;
}

/** Changes of one message that can be counted: the largest `Int` of GraphQL. */
export const MAX_VERSION = 2 ** 31 - 1;

/** A whole message as a plain value: what the rules speak about. */
export interface MessageState extends MessageContent {
  readonly direction: MessageDirection;
  readonly status: MessageStatus;
  readonly parentId: number | null;
  /** A message with a schedule is a repeating one; there is no other kind. */
  readonly schedule: ScheduleRule | null;
  readonly sendAt: Date | null;
  readonly sentAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

/** Every field may be left out (`undefined`), given as null, or given a value: three different things. */
type Given<T> = { readonly [F in keyof T]?: T[F] | null | undefined };

/** Content as a caller gives it, in part or whole. */
export type GivenContent = Given<MessageContent>;

/** What may be asked of an existing message; the fields of `UpdateMessageInput`. */
export interface MessagePatch extends Given<Omit<MessageContent, 'dataProviderMessageId'>> {
  readonly repeats?: boolean | null | undefined;
  readonly schedule?: ScheduleInput | null | undefined;
  readonly sendAt?: Date | null | undefined;
  readonly sentAt?: Date | null | undefined;
  readonly status?: MessageStatus | null | undefined;
  readonly expectedVersion?: number | null | undefined;
}

/** What a new message is made from; the fields of `CreateMessageInput`. */
export interface MessageDraft extends Given<Omit<MessageContent, 'dataProviderMessageId'>> {
  readonly parentId?: string | null | undefined;
  readonly repeats?: boolean | null | undefined;
  readonly schedule?: ScheduleInput | null | undefined;
  readonly sendAt?: Date | null | undefined;
}

/** Why a message refuses what was asked of it. `path` leads from the patch or draft to the field. */
export interface Objection {
  readonly code: 'BAD_USER_INPUT' | 'NOT_FOUND' | 'CONFLICT' | 'INVALID_STATUS_TRANSITION';
  readonly path: readonly string[];
  readonly message: string;
  /** With INVALID_STATUS_TRANSITION: the statuses that the message could take instead. */
  readonly allowed?: readonly MessageStatus[];
}

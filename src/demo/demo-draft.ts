import type {
  JsonObject,
  MessageChannel,
  MessageDirection,
  MessageStatus,
  MessageType,
} from '../messages/message.kinds';
import type { DemoRule } from './demo-schedule';

/** A length of time in days, hours and minutes: `12d 4h`, `35m`. */
export type Span =
  `${number}d` | `${number}h` | `${number}m` | `${number}d ${number}h` | `${number}h ${number}m`;

/** `12d 4h` lies that long before now; `+20m` that long after the message that is being answered. */
export type When = Span | `+${Span}`;

/** A sample message as the stories write it: times are relative, and what a reply inherits is left out. */
export interface Draft extends Details {
  readonly direction: MessageDirection;
  readonly when: When;
  readonly message: string;
  readonly channels?: readonly MessageChannel[];
  /** 17 stands for `contact-17`. */
  readonly contact?: number;
  readonly replies: readonly Draft[];
}

export interface Story {
  readonly feed: string;
  readonly drafts: readonly Draft[];
}

interface Details {
  readonly title?: string;
  readonly type?: MessageType;
  readonly status?: MessageStatus;
  /** 4 stands for `user-4`. */
  readonly to?: readonly number[];
  /** 2 stands for `post-2`. */
  readonly post?: number;
  readonly media?: readonly Attachment[];
  readonly data?: JsonObject;
  /** When it is due, counted from its creation. */
  readonly sendAfter?: Span;
  readonly every?: DemoRule;
}

interface Attachment {
  readonly url: string;
  readonly contentType: string;
  readonly size: number;
  readonly name: string;
}

/** What a person sent in; it has been received unless the details say otherwise. */
export function incoming(
  when: When,
  channel: MessageChannel,
  contact: number,
  message: string,
  details: Details = {},
): Draft {
  return { ...details, direction: 'INCOMING', when, channels: [channel], contact, message, replies: [] };
}

/** What the organisation sends of its own accord; it has been sent unless the details say otherwise. */
export function outgoing(
  when: When,
  channels: readonly MessageChannel[],
  message: string,
  details: Details & { readonly contact?: number } = {},
): Draft {
  return { ...details, direction: 'OUTGOING', when, channels, message, replies: [] };
}

/** The organisation's answer, to the same contact on the same channel. */
export function reply(when: When, message: string, details: Details = {}): Draft {
  return { type: 'COMMENT', ...details, direction: 'OUTGOING', when, message, replies: [] };
}

/** The same person's next word on the same channel. */
export function answer(when: When, message: string, details: Details = {}): Draft {
  return { type: 'COMMENT', ...details, direction: 'INCOMING', when, message, replies: [] };
}

/** A conversation: each message answers the one before it. */
export function thread(first: Draft, ...rest: readonly Draft[]): Draft {
  const [next, ...later] = rest;
  return next === undefined ? first : under(first, thread(next, ...later));
}

/** Several answers to one message. */
export function under(parent: Draft, ...replies: readonly Draft[]): Draft {
  return { ...parent, replies: [...parent.replies, ...replies] };
}

const CONTENT_TYPES = {
  jpg: 'image/jpeg',
  png: 'image/png',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
} as const;

type Extension = keyof typeof CONTENT_TYPES;

/** @param size in bytes */
export function attached(stem: string, extension: Extension, size: number): Attachment {
  const name = `${stem}.${extension}`;
  return { url: `https://media.example.org/demo/${name}`, contentType: CONTENT_TYPES[extension], size, name };
}

const MINUTES = { d: 24 * 60, h: 60, m: 1 } as const;

/** @returns minutes, whichever way they are counted */
export function minutesOf(when: When): number {
  return [...when.matchAll(/(\d+)([dhm])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * MINUTES[unit as keyof typeof MINUTES],
    0,
  );
}

import { isUtf8 } from 'node:buffer';
import { CONTACT_TYPES, type ContactType } from '../../../contacts/contact.kinds';
import { parseInstant } from '../../../platform/instant';
import { exactJson } from '../../json-body';
import {
  type Delivery,
  type Media,
  type Provider,
  type Reading,
  type UnreadableItem,
} from '../../provider.kinds';
import { SENDER_TYPES } from '../../sender.rules';

/** Messages of one request, as in a batch of the API. */
const MAX_MESSAGES = 500;

/** Ids that one message may answer. */
const MAX_ANSWERED = 20;

/** Files of one message. */
const MAX_MEDIA = 100;

/**
 * Reads a body: one message, or `{"messages": [...]}`.
 * @param requestId what the request is known by when it comes again, and so are those of its messages that have no id; null
 * where nobody has proven it.
 */
export function readMessages(body: Buffer, provider: Provider, requestId: string | null): Reading {
  const json = isUtf8(body) ? parsed(body.toString('utf8')) : undefined;
  if (!isObject(json)) return { kind: 'unreadable', why: 'the body is no JSON object in UTF-8' };
  if (!('messages' in json))
    return { kind: 'messages', items: [readMessage(json, provider, standInId(requestId, 0))] };
  const { messages } = json;
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > MAX_MESSAGES) {
    return { kind: 'unreadable', why: `messages: must be a list of 1 to ${MAX_MESSAGES} messages` };
  }
  const items = messages.map((message: unknown, index) =>
    readMessage(message, provider, standInId(requestId, index)),
  );
  return { kind: 'messages', items };
}

/** Of the message at that place in a request; in a form of its own, so that it is not taken for an id of the sender's. */
function standInId(requestId: string | null, index: number): string | null {
  return requestId === null ? null : `webhook:${index}:${requestId}`;
}

function readMessage(json: unknown, provider: Provider, standIn: string | null): Delivery | UnreadableItem {
  if (!isObject(json)) return { unreadable: 'must be a JSON object' };
  try {
    return deliveryOf(new Fields(json), provider, standIn);
  } catch (error) {
    if (error instanceof WrongField) return { unreadable: error.message };
    throw error;
  }
}

function deliveryOf(fields: Fields, { channel }: Provider, standIn: string | null): Delivery {
  const media = fields.list('media', MAX_MEDIA, readMedia);
  const text = fields.text('text') ?? fields.text('message');
  if (text === null && media.length === 0)
    throw new WrongField('text', 'must be a text, or there must be media');
  return {
    sender: fields.sender('from', SENDER_TYPES[channel]),
    recipient: fields.text('to'),
    title: fields.text('title'),
    text: text ?? '',
    sentAt: fields.instant('sentAt'),
    providerMessageId: fields.id('id') ?? standIn,
    inReplyTo: fields.ids('inReplyTo'),
    media,
    // What we have no name for is the sender's own, and not to be lost.
    additionalData: fields.restBeside('additionalData'),
  };
}

function readMedia(value: unknown): Media {
  const fields = isObject(value) ? new Fields(value) : null;
  const url = fields?.text('url') ?? '';
  if (fields === null || url === '') throw new WrongField('media', 'must hold objects with a url');
  const size = fields.take('size');
  return {
    url,
    contentType: fields.text('contentType'),
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null,
    name: fields.text('name'),
  };
}

/** The fields of a message, each looked at once. */
class Fields {
  private readonly taken = new Set<string>();

  constructor(private readonly json: Readonly<Record<string, unknown>>) {}

  /** Null where it is left out. */
  take(name: string): unknown {
    this.taken.add(name);
    return Object.hasOwn(this.json, name) ? (this.json[name] ?? null) : null;
  }

  text(name: string): string | null {
    const value = this.take(name);
    if (value !== null && typeof value !== 'string') throw new WrongField(name, 'must be a text');
    return value;
  }

  /** Ids that are numbers elsewhere are welcome. */
  id(name: string): string | null {
    return idOf(name, this.take(name));
  }

  ids(name: string): readonly string[] {
    const value = this.take(name);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list
      .slice(0, MAX_ANSWERED)
      .map(each => idOf(name, each))
      .filter(id => id !== null);
  }

  instant(name: string): Date | null {
    const value = this.take(name);
    const instant = parseInstant(value);
    if (value !== null && instant === null)
      throw new WrongField(name, 'must be an instant such as 2026-03-01T08:30:00Z');
    return instant;
  }

  list<T>(name: string, max: number, read: (item: unknown) => T): readonly T[] {
    const value = this.take(name);
    if (value === null) return [];
    if (!Array.isArray(value) || value.length > max)
      throw new WrongField(name, `must be a list of at most ${max}`);
    return value.map(read);
  }

  object(name: string): Readonly<Record<string, unknown>> {
    const value = this.take(name);
    if (value !== null && !isObject(value)) throw new WrongField(name, 'must be a JSON object');
    return value ?? {};
  }

  sender(name: string, usual: ContactType): Delivery['sender'] {
    const value = this.take(name);
    const given = new Fields(isObject(value) ? value : { address: value });
    const address = given.id('address') ?? '';
    if (address.trim() === '') throw new WrongField(name, 'must be the address of whoever has sent it');
    const type = given.take('type') ?? usual;
    if (!isContactType(type))
      throw new WrongField(`${name}.type`, `must be one of ${CONTACT_TYPES.join(', ')}`);
    return { type, address, name: given.text('name') };
  }

  /** What nobody has looked at, and the members of one field, which count more. */
  restBeside(name: string): Readonly<Record<string, unknown>> {
    const members = this.object(name);
    const rest = Object.entries(this.json).filter(([field]) => !this.taken.has(field));
    return { ...Object.fromEntries(rest), ...members };
  }
}

/** A field that cannot be read; the message names it, and never its value. */
class WrongField extends Error {
  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
  }
}

function idOf(name: string, value: unknown): string | null {
  if (value === null || value === '') return null;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string') throw new WrongField(name, 'must be a text');
  return value;
}

function isContactType(value: unknown): value is ContactType {
  return (CONTACT_TYPES as readonly unknown[]).includes(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return exactJson(text);
  } catch {
    return undefined;
  }
}

import { type Delivery, type Media, type UnreadableItem } from '../../provider.kinds';
import { type JsonObject } from '../../../messages/message.kinds';
import { addressIn, messageIds, ownMessageId, parseMailDate } from './email.headers.rules';
import { type Mail, type MailAddress, type MailPart } from './email.kinds';
import { type Stamp } from './stamp.rules';

/** What a mail is read with. */
export interface Reader {
  /** The address of the mailbox; null where each mail is to say where it went. */
  readonly address: string | null;
  /** What the server has said of it; null where nobody has asked. */
  readonly stamp: Stamp | null;
}

/** Of addresses and files that go beside the message: more are a list nobody reads, and must fit in 16 KiB. */
const MAX_ADDRESSES = 20;
const MAX_FILES = 50;
const MAX_NAME_LENGTH = 100;
const MAX_ADDRESS_LENGTH = 320;

/** A clock may be this far ahead of the server's before its `Date` is not believed. */
const MAX_AHEAD_MS = 5 * 60_000;

/** A mail as the message that it is to become. */
export function readDelivery(mail: Mail, reader: Reader): Delivery | UnreadableItem {
  const sender = senderOf(mail);
  if (sender === null) return { unreadable: 'It names no sender.' };
  const messageId = idOf(mail);
  const media = (reader.stamp?.leftOut ?? mail.parts)
    .slice(0, MAX_FILES)
    .map((part, index) => mediaOf(part, messageId, index));
  return {
    sender: { type: 'EMAIL', ...sender },
    recipient: recipientOf(mail, reader.address),
    title: mail.subject,
    text: textOf(mail, media.length > 0),
    sentAt: sentAtOf(mail, reader.stamp?.receivedAt ?? null),
    providerMessageId: messageId,
    isIdOfSender: true,
    inReplyTo: parentIds(mail),
    media,
    additionalData: besides(mail, reader.stamp),
  };
}

function idOf(mail: Mail): string | null {
  return ownMessageId(field(mail, 'message-id'));
}

/** In-Reply-To names the parent; References name the whole thread, the nearest last. */
function parentIds(mail: Mail): readonly string[] {
  const references = messageIds(field(mail, 'references')).toReversed();
  return [...new Set([...messageIds(field(mail, 'in-reply-to')), ...references])];
}

/** From may hold a bare name, as that of a mail server; the address that errors go to is one too. */
function senderOf(mail: Mail): { readonly address: string; readonly name: string | null } | null {
  const [writer] = mail.from;
  const named = [...mail.from, ...mail.sender, ...mail.replyTo].find(({ address }) => address !== '');
  const address = named?.address ?? addressIn(field(mail, 'return-path')) ?? writer?.name ?? '';
  if (address.trim() === '') return null;
  const name = (named ?? writer)?.name.trim() ?? '';
  return { address: address.trim(), name: name === '' || name === address ? null : name };
}

/** What the server has written on the envelope counts more than what the sender has written inside. */
function recipientOf(mail: Mail, own: string | null): string | null {
  return (
    own ??
    addressIn(field(mail, 'delivered-to')) ??
    addressIn(field(mail, 'x-original-to')) ??
    mail.to.find(({ address }) => address !== '')?.address ??
    null
  );
}

/** Where all words stand in the subject, they are the text as well. */
function textOf({ words, subject }: Mail, hasFiles: boolean): string {
  return words ?? (hasFiles ? '' : (subject ?? ''));
}

/** A mail that does not say, or whose clock is ahead, was sent when the server took it. */
function sentAtOf(mail: Mail, receivedAt: Date | null): Date | null {
  const said = parseMailDate(field(mail, 'date'));
  if (said === null || receivedAt === null) return said ?? receivedAt;
  return said.getTime() > receivedAt.getTime() + MAX_AHEAD_MS ? receivedAt : said;
}

/**
 * Where the file is, by RFC 2392: in this mail (`mid:`), by its own id where it has one. A mail without an id leaves the
 * file's own (`cid:`), or what stands for it.
 */
function mediaOf(part: MailPart, messageId: string | null, index: number): Media {
  const own = part.contentId === null ? null : urlWord(part.contentId);
  const mail = messageId === null ? null : urlWord(messageId.slice(1, -1));
  const url =
    mail === null ? `cid:${own ?? part.mark ?? index + 1}` : `mid:${mail}${own === null ? '' : `/${own}`}`;
  return { url, contentType: part.contentType, size: part.size, name: short(part.name) };
}

/** Slashes and percent signs of an id must not be taken for those of the URL. */
function urlWord(id: string): string {
  return encodeURIComponent(id.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('%40', '@');
}

/** What else the mail says, in few words; what it does not say is left out. */
function besides(mail: Mail, stamp: Stamp | null): JsonObject {
  const isCut = stamp !== null && stamp.leftOut !== null;
  const files = (stamp?.leftOut ?? mail.parts).length;
  const said: Record<string, unknown> = {
    replyTo: addresses(mail.replyTo),
    to: addresses(mail.to),
    cc: addresses(mail.cc),
    autoSubmitted: autoSubmitted(mail),
    report: mail.reportType,
    listId: short(/<([^<>]*)>/.exec(field(mail, 'list-id'))?.[1] ?? null),
    cut: isCut ? { size: stamp.size } : null,
    files: files > MAX_FILES ? files : null,
  };
  return Object.fromEntries(
    Object.entries(said).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function addresses(list: readonly MailAddress[]): readonly string[] {
  return list
    .map(({ address }) => address)
    .filter(address => address !== '' && address.length <= MAX_ADDRESS_LENGTH)
    .slice(0, MAX_ADDRESSES);
}

/**
 * Written by a machine: the word of RFC 3834 (`auto-replied`, `auto-generated`), also where only the form of the mail
 * says so, as of a report about a mail that could not be delivered. Null where a person wrote.
 */
function autoSubmitted(mail: Mail): string | null {
  const word = /^\s*([a-z-]{1,40})/i.exec(field(mail, 'auto-submitted'))?.[1]?.toLowerCase();
  if (word !== undefined) return word === 'no' ? null : word;
  const isReport = mail.contentType === 'multipart/report';
  // RFC 5321: what answers by itself has an empty return path, so that nothing answers it in turn.
  return isReport || /^\s*<\s*>/.test(field(mail, 'return-path')) ? 'auto-generated' : null;
}

function short(name: string | null): string | null {
  return name === null || name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH - 1)}…`;
}

/** The topmost field of the name, on one line; empty where there is none. */
function field(mail: Mail, name: string): string {
  return mail.fields.get(name)?.[0] ?? '';
}

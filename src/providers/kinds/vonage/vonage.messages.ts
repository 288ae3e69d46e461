import { looseObject, type infer as Infer } from 'zod';
import { type ContactType } from '../../../contacts/contact.kinds';
import { type MessageChannel } from '../../../messages/message.kinds';
import { otherFields } from '../../additional-data';
import {
  fieldsOf,
  maybeId,
  maybeNumber,
  maybeText,
  misfit,
  someText,
  writtenText,
} from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import { type Media, type Reading } from '../../provider.kinds';
import { offsetTime } from '../../service-times';
import { locationText } from '../../shared-things';

/** The fields that hold a file, by their names. */
const MEDIA_FIELDS = ['image', 'audio', 'video', 'file', 'vcard', 'sticker'] as const;

const file = looseObject({ url: someText, name: maybeText, caption: maybeText }).nullish().catch(null);

const inboundMessage = looseObject({
  channel: maybeText,
  message_uuid: maybeId,
  from: someText,
  to: maybeText,
  timestamp: maybeText,
  message_type: maybeText,
  text: writtenText,
  image: file,
  audio: file,
  video: file,
  file: file,
  vcard: file,
  sticker: file,
  location: looseObject({ lat: maybeNumber, long: maybeNumber, name: maybeText, address: maybeText })
    .nullish()
    .catch(null),
  reply: looseObject({ title: maybeText }).nullish().catch(null),
  button: looseObject({ text: maybeText }).nullish().catch(null),
  reaction: looseObject({ emoji: maybeText }).nullish().catch(null),
  profile: looseObject({ name: maybeText }).nullish().catch(null),
  context: looseObject({ message_uuid: maybeId }).nullish().catch(null),
});

type InboundMessage = Infer<typeof inboundMessage>;

const KNOWN = [
  ...['message_uuid', 'from', 'to', 'timestamp', 'text', 'profile'],
  ...['image', 'audio', 'video', 'file', 'vcard', 'sticker'],
];

/** Contact type and channel by Vonage's word for the channel; without a row here, they are OTHER. */
const ORIGINS: ReadonlyMap<string, { readonly type: ContactType; readonly channel?: MessageChannel }> =
  new Map([
    ['sms', { type: 'PHONE' }],
    ['mms', { type: 'PHONE' }],
    ['rcs', { type: 'PHONE', channel: 'OTHER' }],
    ['whatsapp', { type: 'WHATSAPP', channel: 'WHATSAPP' }],
  ]);

/** A message of the Messages API, version 1. */
export function readMessage(json: unknown): Reading {
  const status = looseObject({ status: someText, message_uuid: someText }).safeParse(json);
  if (status.success) return { kind: 'nothing', why: 'the status of a message that went out' };
  const { data, error } = inboundMessage.safeParse(json);
  if (error !== undefined) return { kind: 'unreadable', why: misfit(error) };
  const { type, ...channel } = ORIGINS.get(data.channel ?? 'sms') ?? { type: 'OTHER', channel: 'OTHER' };
  const answered = data.context?.message_uuid ?? null;
  const sentAt = offsetTime(data.timestamp);
  const delivery = plainDelivery({
    sender: { type, address: data.from, name: data.profile?.name ?? null },
    recipient: data.to,
    ...channel,
    text: data.text.trim() === '' ? textOf(data) : data.text,
    sentAt,
    providerMessageId: data.message_uuid,
    inReplyTo: answered === null ? [] : [answered],
    media: media(data),
    additionalData: otherFields(fieldsOf(json), KNOWN, { ...data, timestamp: sentAt }),
  });
  return { kind: 'messages', items: [delivery] };
}

/** What a message without a text says in another way. */
function textOf(message: InboundMessage): string {
  const captions = MEDIA_FIELDS.map(name => message[name]?.caption ?? null);
  const { location, reply, button, reaction } = message;
  const place = location ? locationText(location.lat, location.long, [location.name, location.address]) : '';
  const said = [...captions, reply?.title, button?.text, reaction?.emoji, place];
  return said.find(text => typeof text === 'string' && text !== '') ?? '';
}

function media(message: InboundMessage): readonly Media[] {
  return MEDIA_FIELDS.flatMap(name => {
    const file = message[name];
    return file ? [{ url: file.url, contentType: null, size: null, name: file.name }] : [];
  });
}

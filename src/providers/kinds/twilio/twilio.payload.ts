import { z } from 'zod';
import { type ContactType } from '../../../contacts/contact.kinds';
import { type JsonObject, type MessageChannel } from '../../../messages/message.kinds';
import { otherFields } from '../../additional-data';
import { Fields } from '../../fields';
import { maybeText, misfit, someText, writtenText } from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import { type Media, type Reading } from '../../provider.kinds';
import { locationText } from '../../shared-things';

/** Of an incoming message; what a status callback tells is the way of one that went out. */
const INCOMING_STATUSES = ['received', 'receiving'];

/** Fields that have a place of their own, or say the same again. */
const KNOWN = [
  ...['From', 'To', 'Body', 'MessageSid', 'SmsMessageSid', 'SmsSid', 'ProfileName'],
  ...['OriginalRepliedMessageSid', 'NumMedia', 'SmsStatus', 'MessageStatus', 'AccountSid', 'ApiVersion'],
];

/** Beside a text, a place is told with the rest. */
const PLACE = ['Latitude', 'Longitude', 'Address', 'Label'];

/** A sid of a message, in what is signed followed by a name: of one length, so that nothing else can be made of it. */
const SID = /^[a-z]{2}[0-9a-f]{32}$/i;
const sid = z.string().regex(SID).nullish();

/** The proof runs names and values together; a sid in a name is one that was taken away from its field. */
const WITH_SID = /[a-z]{2}[0-9a-f]{32}/i;

const twilioMessage = z.looseObject({
  From: someText,
  To: maybeText,
  Body: writtenText,
  MessageSid: sid,
  SmsMessageSid: sid,
  SmsSid: sid,
  ProfileName: maybeText,
  OriginalRepliedMessageSid: maybeText,
  Latitude: maybeText,
  Longitude: maybeText,
  Address: maybeText,
  Label: maybeText,
});

export function readTwilio(fields: Fields): Reading {
  const status = fields.only('MessageStatus') ?? fields.only('SmsStatus');
  if (status !== null && !INCOMING_STATUSES.includes(status.toLowerCase())) {
    return { kind: 'nothing', why: 'the status of a message that went out' };
  }
  const { data, error } = twilioMessage.safeParse(fields.toObject());
  if (error !== undefined) return { kind: 'unreadable', why: misfit(error) };
  const messageSid = data.MessageSid ?? data.SmsMessageSid ?? data.SmsSid;
  if (!messageSid) return { kind: 'unreadable', why: 'there is no MessageSid' };
  if (fields.entries.some(([name]) => WITH_SID.test(name))) {
    return { kind: 'unreadable', why: 'the name of a field holds a sid' };
  }
  const { type, channel, address } = origin(data.From);
  const isText = data.Body.trim() !== '';
  const delivery = plainDelivery({
    sender: { type, address, name: data.ProfileName },
    recipient: data.To === null ? null : origin(data.To).address,
    ...(channel !== null && { channel }),
    text: isText ? data.Body : locationText(data.Latitude, data.Longitude, [data.Label, data.Address]),
    providerMessageId: messageSid,
    inReplyTo: data.OriginalRepliedMessageSid === null ? [] : [data.OriginalRepliedMessageSid],
    media: media(fields),
    additionalData: otherFields(withoutMedia(fields), isText ? KNOWN : [...KNOWN, ...PLACE], data),
  });
  return { kind: 'messages', items: [delivery] };
}

interface Origin {
  readonly type: ContactType;
  /** Null where it is the provider's. */
  readonly channel: MessageChannel | null;
  readonly address: string;
}

/** Numbers of other channels than SMS have its name in front: `whatsapp:+15550100`. */
function origin(text: string): Origin {
  const [prefix = '', behind = ''] = text.split(/(?<=^[a-z]+):/i);
  const address = behind.trim() === '' ? text : behind;
  switch (prefix.toLowerCase()) {
    case 'whatsapp':
      return { type: 'WHATSAPP', channel: 'WHATSAPP', address };
    case 'rcs':
      return { type: 'PHONE', channel: 'OTHER', address };
    case 'messenger':
      return { type: 'OTHER', channel: 'OTHER', address: text };
    default:
      return { type: 'PHONE', channel: null, address: text };
  }
}

const MEDIA_URL = /^MediaUrl(\d{1,3})$/;

/** By the fields that are there: `NumMedia` only counts them. */
function media(fields: Fields): readonly Media[] {
  return fields.entries.flatMap(([name, url]) => {
    const number = MEDIA_URL.exec(name)?.[1];
    if (number === undefined || url === '') return [];
    return [{ url, contentType: fields.only(`MediaContentType${number}`), size: null, name: null }];
  });
}

function withoutMedia(fields: Fields): JsonObject {
  return new Fields(
    fields.entries.filter(([name]) => !/^Media(Url|ContentType)\d{1,3}$/.test(name)),
  ).toObject();
}

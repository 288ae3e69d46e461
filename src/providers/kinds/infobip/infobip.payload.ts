import { array, looseObject, unknown, type infer as Infer } from 'zod';
import { type MessageChannel } from '../../../messages/message.kinds';
import { otherFields } from '../../additional-data';
import { fieldsOf, maybeId, maybeText, misfit, someText, writtenText } from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import { type Delivery, type Reading, type UnreadableItem } from '../../provider.kinds';
import { offsetTime } from '../../service-times';
import { type Content, readMms, readWhatsApp } from './infobip.content';

/** Of one call; Infobip sends far fewer. */
const MAX_RESULTS = 1000;

const envelope = looseObject({ results: array(unknown()).max(MAX_RESULTS) });

/** What only reports of messages that went out have: when they were done with, or seen. */
const REPORT_FIELDS = ['doneAt', 'seenAt', 'status', 'error'];

const result = looseObject({
  from: someText,
  to: maybeText,
  messageId: maybeId,
  pairedMessageId: maybeId,
  receivedAt: maybeText,
  integrationType: maybeText,
  text: writtenText,
  message: unknown().optional(),
  contact: looseObject({ name: maybeText }).nullish().catch(null),
});

type Result = Infer<typeof result>;

const KNOWN = [
  ...['from', 'to', 'messageId', 'pairedMessageId', 'receivedAt', 'text', 'cleanText', 'message', 'contact'],
  ...['integrationType'],
];

export function readResults(json: unknown, channel: MessageChannel): Reading {
  const { data, error } = envelope.safeParse(json);
  if (error !== undefined) return { kind: 'unreadable', why: misfit(error) };
  const items = data.results.filter(item => !isReport(item)).map(item => readResult(item, channel));
  return items.length === 0
    ? { kind: 'nothing', why: 'reports of messages that went out' }
    : { kind: 'messages', items };
}

function isReport(item: unknown): boolean {
  const fields = fieldsOf(item);
  if ('text' in fields || 'message' in fields) return false;
  return REPORT_FIELDS.some(name => name in fields);
}

function readResult(item: unknown, usual: MessageChannel): Delivery | UnreadableItem {
  const { data, error } = result.safeParse(item);
  if (error !== undefined) return { unreadable: misfit(error) };
  const isWhatsApp = data.integrationType?.toUpperCase() === 'WHATSAPP' || usual === 'WHATSAPP';
  const sentAt = offsetTime(data.receivedAt);
  const content = contentOf(data);
  return plainDelivery({
    sender: { type: isWhatsApp ? 'WHATSAPP' : 'PHONE', address: data.from, name: data.contact?.name ?? null },
    recipient: data.to,
    ...(isWhatsApp && { channel: 'WHATSAPP' }),
    text: content.text,
    sentAt,
    providerMessageId: data.messageId,
    inReplyTo: [content.answers, data.pairedMessageId].filter(id => id !== null),
    media: content.media,
    additionalData: {
      ...otherFields(fieldsOf(item), KNOWN, { ...data, receivedAt: sentAt }),
      ...content.more,
    },
  });
}

/** An SMS has a text; an MMS, a list of parts; a WhatsApp message, one part of a type. */
function contentOf({ text, message }: Result): Content {
  if (Array.isArray(message)) return readMms(message);
  if (typeof message === 'object' && message !== null) return readWhatsApp(message);
  return { text, media: [], answers: null, more: {} };
}

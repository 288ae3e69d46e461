import { looseObject } from 'zod';
import { otherFields } from '../../additional-data';
import { Fields } from '../../fields';
import { flatJsonFields } from '../../flat-json';
import { maybeId, maybeText, misfit, someText, writtenText } from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import { type RawRequest, type Reading } from '../../provider.kinds';
import { bodyText, isJson, queryText } from '../../raw-request';
import { utcTime } from '../../service-times';

const inboundSms = looseObject({
  msisdn: someText,
  to: maybeText,
  messageId: maybeId,
  text: writtenText,
  data: maybeText,
  type: maybeText,
  'message-timestamp': maybeText,
});

const KNOWN = ['msisdn', 'to', 'messageId', 'text', 'message-timestamp', 'timestamp', 'api-key'];

/**
 * A message of the SMS API. A long one comes in parts, each a message of its own: `concat-ref`, `concat-part` and
 * `concat-total` tell.
 */
export function readSms(fields: Fields): Reading {
  if (fields.has('status') || fields.has('err-code')) return { kind: 'nothing', why: 'a delivery receipt' };
  const { data, error } = inboundSms.safeParse(fields.toObject());
  if (error !== undefined) return { kind: 'unreadable', why: misfit(error) };
  const sentAt = utcTime(data['message-timestamp']);
  const delivery = plainDelivery({
    sender: { type: 'PHONE', address: data.msisdn, name: null },
    recipient: data.to,
    text: data.text,
    sentAt,
    providerMessageId: data.messageId,
    additionalData: otherFields(fields.toObject(), KNOWN, { ...data, 'message-timestamp': sentAt }),
  });
  return { kind: 'messages', items: [delivery] };
}

/** The fields, as the account's settings have them sent: in the address, as a form or as JSON. */
export function smsFields(request: RawRequest): Fields | null {
  if (request.method === 'GET') return Fields.parse(queryText(request));
  return isJson(request) ? flatJsonFields(request) : Fields.parse(bodyText(request));
}

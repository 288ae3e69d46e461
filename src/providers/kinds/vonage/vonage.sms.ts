import { looseObject } from 'zod';
import { otherFields } from '../../additional-data';
import { Fields } from '../../fields';
import { readJson } from '../../json-body';
import { maybeText, misfit, someText, writtenText } from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import { type RawRequest, type Reading } from '../../provider.kinds';
import { bodyText, isJson, queryText } from '../../raw-request';
import { utcTime } from '../../service-times';

const inboundSms = looseObject({
  msisdn: someText,
  to: maybeText,
  messageId: maybeText,
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
  if (!isJson(request)) return Fields.parse(bodyText(request));
  const json = readJson(request);
  const object = 'value' in json ? looseObject({}).safeParse(json.value).data : undefined;
  return object === undefined ? null : flat(object);
}

function flat(object: Readonly<Record<string, unknown>>): Fields | null {
  const entries = Object.entries(object).map(([name, value]) => [name, textOf(value)] as const);
  return entries.every((entry): entry is readonly [string, string] => entry[1] !== null)
    ? Fields.of(entries)
    : null;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

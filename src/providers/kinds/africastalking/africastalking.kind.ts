import { looseObject, strictObject } from 'zod';
import { otherFields } from '../../additional-data';
import { Fields } from '../../fields';
import { type RegisteredHook } from '../../kind';
import { pathSecretDoubt, withPathSecret } from '../../path-secret';
import { maybeId, maybeText, misfit, someText, writtenText } from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import { type Provider, type RawRequest, type Reading, type Sample } from '../../provider.kinds';
import { bodyText, FORM } from '../../raw-request';
import { bareReply } from '../../replies';
import { offsetTime, utcTime } from '../../service-times';

/**
 * SMS by Africa's Talking. It signs nothing: the secret is in the address.
 *
 * Source: Africa's Talking's documentation, "SMS Notifications" (Incoming messages, Delivery reports).
 */
export const africastalking: RegisteredHook = {
  channel: 'SMS',
  options: strictObject({}),
  minSecretLength: 16,
  proves: 'sender',
  methods: ['POST'],
  needsPublicUrl: false,
  hook: {
    name: 'africastalking',
    isTimed: false,
    doubt: pathSecretDoubt,
    read,
    reply: bareReply,
    sample,
    prove: withPathSecret,
  },
};

const incomingMessage = looseObject({
  from: someText,
  to: maybeText,
  text: writtenText,
  date: maybeText,
  id: maybeId,
});

const KNOWN = ['from', 'to', 'text', 'date', 'id'];

function read(request: RawRequest): Reading {
  const fields = Fields.parse(bodyText(request));
  if (fields === null) return { kind: 'unreadable', why: 'the form has too many fields' };
  const report = fields.has('from') ? null : reportOf(fields);
  if (report !== null) return { kind: 'nothing', why: report };
  const { data, error } = incomingMessage.safeParse(fields.toObject());
  if (error !== undefined) return { kind: 'unreadable', why: misfit(error) };
  // With its zone, or without and in UTC.
  const sentAt = offsetTime(data.date) ?? utcTime(data.date);
  const delivery = plainDelivery({
    sender: { type: 'PHONE', address: data.from, name: null },
    recipient: data.to,
    text: data.text,
    sentAt,
    providerMessageId: data.id,
    additionalData: otherFields(fields.toObject(), KNOWN, { ...data, date: sentAt }),
  });
  return { kind: 'messages', items: [delivery] };
}

/** The other notifications of the service, which may be sent to the same address. */
function reportOf(fields: Fields): string | null {
  if (fields.has('status')) return 'a delivery report';
  if (fields.has('updateType')) return 'a subscription that began or ended';
  return fields.has('phoneNumber') && fields.has('senderId') ? 'somebody wants no more bulk messages' : null;
}

function sample(_provider: Provider, base: string, now: Date): Sample {
  const fields = new URLSearchParams({
    from: '+254700000001',
    to: '40404',
    text: 'A test of the way that messages come by.',
    date: now.toISOString(),
    id: `test-${now.getTime()}`,
  });
  return { method: 'POST', url: base, headers: { 'content-type': FORM }, body: fields.toString() };
}

import { looseObject, strictObject } from 'zod';
import { otherFields } from '../../additional-data';
import { Fields } from '../../fields';
import { type RegisteredHook } from '../../kind';
import { maybeId, maybeText, misfit, someText, writtenText } from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import {
  type Outcome,
  type Provider,
  type RawRequest,
  type Reading,
  type Reply,
  type Sample,
} from '../../provider.kinds';
import { bodyText, FORM, isJson, queryText } from '../../raw-request';
import { statusReply } from '../../replies';
import { asRequest, withFields } from '../../sample-fields';
import { sameText, someFits } from '../../secrets';
import { unixTime } from '../../service-times';

/**
 * SMS by an Android phone with the app SMSSync of Ushahidi. The secret is the one that is set in the app, which sends
 * it as a field.
 *
 * Source: SMSSync's website, "Developers".
 */
export const smssync: RegisteredHook = {
  channel: 'SMS',
  options: strictObject({}),
  // Chosen in the app, often before there was a gateway.
  minSecretLength: 8,
  proves: 'sender',
  methods: ['POST', 'GET'],
  needsPublicUrl: false,
  hook: { name: 'smssync', isTimed: false, doubt, read, reply, sample, prove },
};

const message = looseObject({
  from: someText,
  message: writtenText,
  message_id: maybeId,
  sent_to: maybeText,
  sent_timestamp: maybeText,
});

const KNOWN = ['from', 'message', 'message_id', 'sent_to', 'sent_timestamp', 'secret'];

/** Beside a message the secret is in the form, beside a question in the query. */
function doubt(request: RawRequest, provider: Provider): string | null {
  const given = allFields(request)?.only('secret') ?? null;
  if (given === null) return 'there is not exactly one field "secret"';
  return someFits(provider.secrets, secret => sameText(given, secret))
    ? null
    : 'the field "secret" holds another';
}

function read(request: RawRequest): Reading {
  const fields = allFields(request);
  if (fields === null) return { kind: 'unreadable', why: 'the form has too many fields' };
  if (!fields.has('from') && (request.method === 'GET' || fields.has('task'))) {
    return { kind: 'nothing', why: 'the app asks what it is to send, or tells what it has sent' };
  }
  const { data, error } = message.safeParse(fields.toObject());
  if (error !== undefined) return { kind: 'unreadable', why: misfit(error) };
  const sentAt = unixTime(data.sent_timestamp);
  const delivery = plainDelivery({
    sender: { type: 'PHONE', address: data.from, name: null },
    recipient: data.sent_to,
    text: data.message,
    sentAt,
    providerMessageId: messageId(data.message_id, data.sent_timestamp),
    additionalData: otherFields(fields.toObject(), KNOWN, { ...data, sent_timestamp: sentAt }),
  });
  return { kind: 'messages', items: [delivery] };
}

/**
 * New versions make an id for each message. Old ones give the number of its row in the phone's inbox, which another
 * message takes over when the inbox is emptied: only with the time is it one message's.
 */
function messageId(id: string | null, timestamp: string | null): string | null {
  return id !== null && timestamp !== null && /^\d+$/.test(id) ? `${id}@${timestamp}` : id;
}

/** What the app has to hear before it takes a message for delivered. */
function reply(outcome: Outcome): Reply {
  return statusReply(outcome, 'application/json; charset=utf-8', problem => {
    const payload = { success: problem === null, error: problem };
    return JSON.stringify(outcome.kind === 'nothing' ? NOTHING_TO_DO : { payload });
  });
}

/** Fits every question of the app: there is nothing to send, and no message whose fate is asked for. */
const NOTHING_TO_DO = {
  payload: { success: true, error: null, task: 'send', messages: [] },
  message_uuids: [],
};

/** Of query and form together; a JSON body, by which the app tells what it has sent, holds none. */
function allFields(request: RawRequest): Fields | null {
  const query = Fields.parse(queryText(request));
  const form = request.method === 'POST' && !isJson(request) ? Fields.parse(bodyText(request)) : Fields.none;
  return query === null || form === null ? null : new Fields([...query.entries, ...form.entries]);
}

function sample(_provider: Provider, base: string, now: Date): Sample {
  const fields = new URLSearchParams({
    from: '+254700000001',
    message: 'A test of the way that messages come by.',
    message_id: `test-${now.getTime()}`,
    sent_to: '+254700000099',
    device_id: 'test',
    sent_timestamp: String(now.getTime()),
  });
  return { method: 'POST', url: base, headers: { 'content-type': FORM }, body: fields.toString() };
}

/** Beside JSON, which has no place for it, the app puts the secret in the address. */
function prove(sample: Sample, secret: string): Sample {
  const isInAddress = sample.method === 'GET' || isJson(asRequest(sample));
  const proven = withFields(isInAddress ? { ...sample, method: 'GET' } : sample, [['secret', secret]]);
  return { ...proven, method: sample.method };
}

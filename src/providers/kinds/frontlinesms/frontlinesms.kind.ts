import { createHash } from 'node:crypto';
import { looseObject, strictObject } from 'zod';
import { otherFields } from '../../additional-data';
import { Fields } from '../../fields';
import { flatJsonFields } from '../../flat-json';
import { type RegisteredHook } from '../../kind';
import { pathSecretDoubt } from '../../path-secret';
import { maybeId, maybeText, misfit, someText, writtenText } from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import { type Provider, type RawRequest, type Reading, type Sample } from '../../provider.kinds';
import { bodyText, FORM, isJson, queryText } from '../../raw-request';
import { statusReply } from '../../replies';
import { withFields } from '../../sample-fields';
import { sameText, someFits } from '../../secrets';
import { offsetTime, unixTime } from '../../service-times';

/**
 * SMS by FrontlineSMS or FrontlineCloud, whose web connections send what one tells them to, under names that one
 * chooses; the names here are those of its connection to Ushahidi's platform. The secret is a field, or in the
 * address.
 *
 * Sources: FrontlineSMS' "Web Connection" activity and its parameters; Ushahidi's data source "FrontlineSMS".
 */
export const frontlinesms: RegisteredHook = {
  channel: 'SMS',
  options: strictObject({}),
  minSecretLength: 16,
  proves: 'sender',
  methods: ['POST', 'GET'],
  needsPublicUrl: false,
  hook: {
    name: 'frontlinesms',
    isTimed: false,
    doubt,
    read,
    reply: outcome =>
      statusReply(outcome, 'application/json; charset=utf-8', problem =>
        JSON.stringify({ payload: { success: problem === null, error: problem } }),
      ),
    sample,
    prove,
  },
};

const message = looseObject({
  from: someText,
  message: writtenText,
  to: maybeText,
  name: maybeText,
  timestamp: maybeText,
  id: maybeId,
});

const KNOWN = ['from', 'message', 'to', 'name', 'timestamp', 'id', 'secret'];

/** What the ready-made connection to older Ushahidi servers calls the same. */
const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ['s', 'from'],
  ['m', 'message'],
  ['key', 'secret'],
]);

function doubt(request: RawRequest, provider: Provider): string | null {
  if (request.rest.length > 0) return pathSecretDoubt(request, provider);
  const given = sentFields(request)?.only('secret') ?? null;
  if (given === null) return 'there is no secret in the address, and not exactly one field for it';
  return someFits(provider.secrets, secret => sameText(given, secret)) ? null : 'the secret is another';
}

function read(request: RawRequest): Reading {
  const fields = sentFields(request);
  if (fields === null)
    return { kind: 'unreadable', why: 'the body is neither a form nor a flat JSON object' };
  const { data, error } = message.safeParse(fields.toObject());
  if (error !== undefined) return { kind: 'unreadable', why: misfit(error) };
  const sentAt = offsetTime(data.timestamp) ?? unixTime(data.timestamp);
  const delivery = plainDelivery({
    sender: { type: 'PHONE', address: data.from, name: data.name === data.from ? null : data.name },
    recipient: data.to,
    text: data.message,
    sentAt,
    providerMessageId:
      data.id ?? (sentAt === null ? oddlyTimedId(data.timestamp, data.from, data.message) : null),
    additionalData: otherFields(fields.toObject(), KNOWN, { ...data, timestamp: sentAt }),
  });
  return { kind: 'messages', items: [delivery] };
}

/** A time in words of its own is no instant, yet tells two messages of the same text apart. */
function oddlyTimedId(timestamp: string | null, from: string, text: string): string | null {
  if (timestamp === null) return null;
  const hash = createHash('sha256').update(JSON.stringify([timestamp, from, text]));
  return `sha256:${hash.digest('hex')}`;
}

/** What was sent, wherever it stood, under the newer names. */
function sentFields(request: RawRequest): Fields | null {
  const query = Fields.parse(queryText(request));
  const body = request.method === 'POST' ? bodyFields(request) : Fields.none;
  if (query === null || body === null) return null;
  return new Fields(
    [...query.entries, ...body.entries].map(([name, value]) => [OLD_NAMES.get(name) ?? name, value]),
  );
}

function bodyFields(request: RawRequest): Fields | null {
  return isJson(request) ? flatJsonFields(request) : Fields.parse(bodyText(request));
}

function sample(_provider: Provider, base: string, now: Date): Sample {
  const fields = new URLSearchParams({
    from: '+254700000001',
    message: 'A test of the way that messages come by.',
    timestamp: now.toISOString(),
  });
  return { method: 'POST', url: base, headers: { 'content-type': FORM }, body: fields.toString() };
}

function prove(sample: Sample, secret: string): Sample {
  return withFields(sample, [['secret', secret]]);
}

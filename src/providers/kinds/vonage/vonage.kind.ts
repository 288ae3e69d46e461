import { createHash, randomUUID } from 'node:crypto';
import { enum as oneOf, strictObject, type infer as Infer } from 'zod';
import { type Fields } from '../../fields';
import { readJson } from '../../json-body';
import { type RegisteredHook } from '../../kind';
import { type Provider, type RawRequest, type Reading, type Sample } from '../../provider.kinds';
import { authorization, FORM } from '../../raw-request';
import { bareReply } from '../../replies';
import { asRequest, withFields } from '../../sample-fields';
import { sameText } from '../../secrets';
import { provenClaims, signedToken } from '../../signed-token';
import { readMessage } from './vonage.messages';
import { readSms, smsFields } from './vonage.sms';
import { SIGNATURE_METHODS, smsSignature, smsSignatureDoubt } from './vonage.signature';

/** How long a proof holds, in seconds; one of the SMS API may as well come from that far in the future. */
const TOLERANCE_SECONDS = 300;

const options = strictObject({
  /** `jwt` is the Messages API's; the others are what the account's settings name for the SMS API. */
  signature: oneOf(['jwt', ...SIGNATURE_METHODS], {
    error: `must be one of jwt, ${SIGNATURE_METHODS.join(', ')}`,
  }).default('jwt'),
});

type Options = Infer<typeof options>;

/**
 * SMS, MMS, WhatsApp and more by Vonage, either by its Messages API (JSON, with a token) or by its SMS API (with a
 * signature among the fields). The secret is the account's signature secret.
 *
 * Sources: Vonage's documentation, "Messages API: Inbound Message Webhook", "Signed webhooks", "Inbound SMS" and
 * "Signing messages".
 */
export const vonage: RegisteredHook = {
  channel: 'SMS',
  options,
  minSecretLength: 1,
  proves: 'request',
  methods: ['POST', 'GET'],
  needsPublicUrl: false,
  hook: { name: 'vonage', isTimed: true, doubt, read, reply: bareReply, sample, prove },
};

function doubt(request: RawRequest, { secrets, options }: Provider<Options>, now: Date): string | null {
  if (options.signature === 'jwt') return tokenDoubt(request, secrets, now);
  const fields = smsFields(request);
  if (fields === null) return NO_FIELDS;
  return smsSignatureDoubt(fields, options.signature, secrets, now, TOLERANCE_SECONDS);
}

function tokenDoubt(request: RawRequest, secrets: readonly string[], now: Date): string | null {
  const token = authorization(request, 'Bearer');
  if (token === null) return 'there is not exactly one Authorization header with a bearer token';
  const demands = { issuer: 'Vonage', maxAgeSeconds: TOLERANCE_SECONDS };
  const claims = provenClaims(token, secrets, demands, now);
  if (claims === null) return 'the token is not right for this time and signature secret';
  const hash: unknown = claims['payload_hash'];
  const isWhole = typeof hash === 'string' && sameText(hash.toLowerCase(), sha256(request.body));
  return isWhole ? null : 'the body is not the one whose hash is in the token';
}

function read(request: RawRequest, { options }: Provider<Options>): Reading {
  if (options.signature === 'jwt') {
    const json = readJson(request);
    return 'value' in json ? readMessage(json.value) : { kind: 'unreadable', why: json.unreadable };
  }
  const fields: Fields | null = smsFields(request);
  return fields === null ? { kind: 'unreadable', why: NO_FIELDS } : readSms(fields);
}

const NO_FIELDS = 'the request is neither a form nor a flat JSON object, or has too many fields';

function sample({ options }: Provider<Options>, base: string, now: Date): Sample {
  const text = 'A test of the way that messages come by.';
  if (options.signature === 'jwt') {
    const body = JSON.stringify({
      channel: 'sms',
      message_uuid: randomUUID(),
      to: '15550100199',
      from: '15550100100',
      timestamp: now.toISOString(),
      message_type: 'text',
      text,
    });
    return { method: 'POST', url: base, headers: { 'content-type': 'application/json' }, body };
  }
  const fields = new URLSearchParams({
    msisdn: '15550100100',
    to: '15550100199',
    messageId: randomUUID(),
    text,
    type: 'text',
    'message-timestamp': now.toISOString().slice(0, 19).replace('T', ' '),
  });
  return { method: 'POST', url: base, headers: { 'content-type': FORM }, body: fields.toString() };
}

function prove(sample: Sample, secret: string, { options }: Provider<Options>, now: Date): Sample {
  const issued = Math.floor(now.getTime() / 1000);
  const { signature } = options;
  if (signature === 'jwt') {
    const claims = { iat: issued, jti: randomUUID(), iss: 'Vonage', payload_hash: sha256(sample.body) };
    const authorization = `Bearer ${signedToken(claims, secret)}`;
    return { ...sample, headers: { ...sample.headers, authorization } };
  }
  const timed = withFields(sample, [
    ['timestamp', String(issued)],
    ['nonce', randomUUID()],
  ]);
  const signed = smsFields(asRequest(timed))?.entries ?? [];
  return withFields(timed, [['sig', smsSignature(signed, signature, secret)]]);
}

function sha256(body: Buffer | string): string {
  return createHash('sha256').update(body).digest('hex');
}

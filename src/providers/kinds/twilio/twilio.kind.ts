import { strictObject } from 'zod';
import { Fields } from '../../fields';
import { type RegisteredHook } from '../../kind';
import { type Provider, type RawRequest, type Reading, type Sample } from '../../provider.kinds';
import { bodyText, FORM, isJson, onlyHeader, queryText } from '../../raw-request';
import { statusReply } from '../../replies';
import { sameText, someFits } from '../../secrets';
import { readTwilio } from './twilio.payload';
import { bodyHashFits, signedFields, signedForms, twilioSignature } from './twilio.signature';

/**
 * SMS, MMS and WhatsApp messages by Twilio. The secret is the account's auth token. The proof covers the address as
 * Twilio knows it, so PUBLIC_URL must be that address.
 *
 * Sources: Twilio's documentation, "Twilio's request to your incoming message Webhook URL" and "Webhooks Security".
 */
export const twilio: RegisteredHook = {
  channel: 'SMS',
  options: strictObject({}),
  minSecretLength: 1,
  proves: 'request',
  methods: ['POST', 'GET'],
  needsPublicUrl: true,
  hook: {
    name: 'twilio',
    isTimed: false,
    doubt,
    read,
    /** TwiML that says nothing: whoever wrote gets no answer from here. */
    reply: outcome => statusReply(outcome, 'text/xml', () => '<Response></Response>'),
    sample,
    prove,
  },
};

function doubt(request: RawRequest, provider: Provider): string | null {
  const given = onlyHeader(request, 'x-twilio-signature');
  if (given === null) return 'there is not exactly one X-Twilio-Signature header';
  const hashFits = bodyHashFits(request.url, request.body);
  if (hashFits === false) return 'the body is not the one whose hash is in the address';
  // Only a form that came in the body is signed behind the address.
  const form = hashFits === null && request.method === 'POST' ? Fields.parse(bodyText(request)) : Fields.none;
  if (form === null) return TOO_MANY;
  const fields = signedFields(form);
  const urls = signedForms(request.url);
  const isRight = someFits(provider.secrets, secret =>
    someFits(urls, url => sameText(given, twilioSignature(secret, url, fields))),
  );
  return isRight ? null : 'the signature is not right for this address, body and auth token';
}

function read(request: RawRequest): Reading {
  if (isJson(request)) return { kind: 'unreadable', why: 'the body is JSON, and messages come as forms' };
  const fields = Fields.parse(request.method === 'POST' ? bodyText(request) : queryText(request));
  return fields === null ? { kind: 'unreadable', why: TOO_MANY } : readTwilio(fields);
}

const TOO_MANY = 'the form has too many fields';

function sample(_provider: Provider, base: string, now: Date): Sample {
  const fields = new URLSearchParams({
    MessageSid: `SM${now.getTime().toString(16).padStart(32, '0')}`,
    From: '+15550100100',
    To: '+15550100199',
    Body: 'A test of the way that messages come by.',
    NumMedia: '0',
    SmsStatus: 'received',
  });
  return { method: 'POST', url: base, headers: { 'content-type': FORM }, body: fields.toString() };
}

function prove(sample: Sample, secret: string): Sample {
  const form = sample.method === 'POST' ? Fields.parse(sample.body) : null;
  const signature = twilioSignature(secret, sample.url, signedFields(form ?? Fields.none));
  return { ...sample, headers: { ...sample.headers, 'x-twilio-signature': signature } };
}

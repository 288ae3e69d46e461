import { enum as oneOf, strictObject, type infer as Infer } from 'zod';
import { readJson } from '../../json-body';
import { type RegisteredHook } from '../../kind';
import { pathSecretDoubt, withPathSecret } from '../../path-secret';
import { type Provider, type RawRequest, type Reading, type Sample } from '../../provider.kinds';
import { authorization } from '../../raw-request';
import { bareReply } from '../../replies';
import { sameText, someFits } from '../../secrets';
import { readResults } from './infobip.payload';

const options = strictObject({
  /** Where the secret is: in the address, or as `user:password` in the header for Basic authorization. */
  proof: oneOf(['path', 'basic'], { error: 'must be path or basic' }).default('path'),
});

type Options = Infer<typeof options>;

/**
 * SMS, MMS and WhatsApp messages by Infobip, several in one call. It signs nothing by itself: the secret is in the
 * address, or is what Infobip is told to authorize itself with.
 *
 * Sources: Infobip's API reference, "Receive inbound SMS messages", "Receive inbound MMS messages" and "Receive
 * WhatsApp inbound messages".
 */
export const infobip: RegisteredHook = {
  channel: 'SMS',
  options,
  minSecretLength: 16,
  proves: 'sender',
  methods: ['POST'],
  needsPublicUrl: false,
  hook: { name: 'infobip', isTimed: false, doubt, read, reply: bareReply, sample, prove },
};

function doubt(request: RawRequest, provider: Provider<Options>): string | null {
  if (provider.options.proof === 'path') return pathSecretDoubt(request, provider);
  const given = authorization(request, 'Basic');
  if (given === null) return 'there is not exactly one Authorization header with user and password';
  const isRight = someFits(provider.secrets, secret => sameText(given, base64(secret)));
  return isRight ? null : 'user and password are others';
}

function read(request: RawRequest, provider: Provider<Options>): Reading {
  const json = readJson(request);
  return 'value' in json
    ? readResults(json.value, provider.channel)
    : { kind: 'unreadable', why: json.unreadable };
}

function sample(_provider: Provider<Options>, base: string, now: Date): Sample {
  const result = {
    messageId: `test-${now.getTime()}`,
    from: '254700000001',
    to: '254700000099',
    text: 'A test of the way that messages come by.',
    receivedAt: now.toISOString().replace('Z', '+0000'),
    smsCount: 1,
  };
  const body = JSON.stringify({ results: [result], messageCount: 1, pendingMessageCount: 0 });
  return { method: 'POST', url: base, headers: { 'content-type': 'application/json' }, body };
}

function prove(sample: Sample, secret: string, { options }: Provider<Options>): Sample {
  if (options.proof === 'path') return withPathSecret(sample, secret);
  return { ...sample, headers: { ...sample.headers, authorization: `Basic ${base64(secret)}` } };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

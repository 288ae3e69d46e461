import { randomUUID } from 'node:crypto';
import { strictObject } from 'zod';
import { type RegisteredHook } from '../../kind';
import {
  type ItemResult,
  type Outcome,
  type Provider,
  type RawRequest,
  type Reading,
  type Reply,
  type Sample,
} from '../../provider.kinds';
import { readMessages } from './generic.read';
import { secretProblem, sign, signatureDoubt, webhookId } from './standard-webhooks';

/** Programs of one's own, and whatever else can sign JSON by Standard Webhooks. */
export const generic: RegisteredHook = {
  channel: 'OTHER',
  options: strictObject({}),
  minSecretLength: 16,
  secretProblem,
  proves: 'request',
  methods: ['POST'],
  needsPublicUrl: false,
  hook: {
    name: 'generic',
    isTimed: true,
    doubt: (request, { secrets }, now) => signatureDoubt(request, secrets, now),
    read,
    reply,
    sample: (_provider, base, now): Sample => ({
      method: 'POST',
      url: base,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        id: randomUUID(),
        from: '+15550100100',
        to: '+15550100199',
        text: 'A test of the way that messages come by.',
        sentAt: now.toISOString(),
      }),
    }),
    prove(sample, secret, _provider, now): Sample {
      const id = `msg_${randomUUID()}`;
      const timestamp = String(Math.floor(now.getTime() / 1_000));
      const signature = sign(secret, id, timestamp, Buffer.from(sample.body));
      const proof = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
      return { ...sample, headers: { ...sample.headers, ...proof } };
    },
  },
};

/** Where nobody signs, `webhook-id` is anybody's, and no sign of sameness. */
function read(request: RawRequest, provider: Provider): Reading {
  const requestId = provider.secrets.length === 0 ? null : webhookId(request);
  return readMessages(request.body, provider, requestId);
}

function reply(outcome: Outcome): Reply {
  switch (outcome.kind) {
    case 'taken': {
      const isWhole = outcome.results.every(({ kind }) => kind !== 'kept');
      return answer(isWhole ? 200 : 422, { results: outcome.results.map(resultOf) });
    }
    case 'nothing':
      return answer(200, { results: [] });
    case 'unproven':
      return answer(401, problem('UNAUTHENTICATED', 'The signature is not valid.'));
    case 'unavailable':
      return answer(503, problem('DATABASE_UNAVAILABLE', 'The store is away; send it again later.'), {
        'retry-after': String(outcome.retryAfterSeconds),
      });
  }
}

function resultOf(result: ItemResult, index: number): object {
  return result.kind === 'kept'
    ? { index, status: 'kept', reason: result.why }
    : { index, status: result.kind, id: String(result.messageId) };
}

function problem(code: string, message: string): object {
  return { errors: [{ message, extensions: { code } }] };
}

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

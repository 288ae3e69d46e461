import { randomUUID } from 'node:crypto';
import { strictObject } from 'zod';
import { readJson } from '../../json-body';
import { type RegisteredHook } from '../../kind';
import { type Provider, type RawRequest, type Reading, type Sample } from '../../provider.kinds';
import { authorization } from '../../raw-request';
import { bareReply } from '../../replies';
import { provenClaims, signedToken } from '../../signed-token';
import { readEvent } from './httpsms.payload';

/** Who httpSMS says it is, also where it runs on a server of one's own. */
const ISSUER = 'api.httpsms.com';

/** How long the tokens of httpSMS hold, in seconds, before and after they are made. */
const TOKEN_LIFE_SECONDS = 600;

/**
 * SMS by an Android phone with the app of httpSMS. The secret is the signing key of its webhook. Its token speaks of
 * the address and of the time, and not of the body: what keeps the body from being changed is HTTPS.
 *
 * Sources: httpSMS' documentation, "Webhooks: Introduction" and "Webhooks: Events"; the claims are those of its open
 * server.
 */
export const httpsms: RegisteredHook = {
  channel: 'SMS',
  options: strictObject({}),
  minSecretLength: 1,
  proves: 'sender',
  methods: ['POST'],
  needsPublicUrl: true,
  hook: { name: 'httpsms', isTimed: true, doubt, read, reply: bareReply, sample, prove },
};

function doubt(request: RawRequest, provider: Provider, now: Date): string | null {
  const token = authorization(request, 'Bearer');
  if (token === null) return 'there is not exactly one Authorization header with a bearer token';
  const demands = { issuer: ISSUER, audience: request.url, maxAgeSeconds: null };
  const claims = provenClaims(token, provider.secrets, demands, now);
  return claims === null ? 'the token is not right for this address, time and signing key' : null;
}

function read(request: RawRequest): Reading {
  const json = readJson(request);
  return 'value' in json ? readEvent(json.value) : { kind: 'unreadable', why: json.unreadable };
}

function sample(_provider: Provider, base: string, now: Date): Sample {
  const event = {
    specversion: '1.0',
    id: randomUUID(),
    source: '/v1/messages/receive',
    type: 'message.phone.received',
    datacontenttype: 'application/json',
    time: now.toISOString(),
    data: {
      message_id: randomUUID(),
      owner: '+15550100199',
      contact: '+15550100100',
      timestamp: now.toISOString(),
      content: 'A test of the way that messages come by.',
      sim: 'DEFAULT',
    },
  };
  const headers = { 'content-type': 'application/json', 'x-event-type': event.type };
  return { method: 'POST', url: base, headers, body: JSON.stringify(event) };
}

function prove(sample: Sample, secret: string, _provider: Provider, now: Date): Sample {
  const issued = Math.floor(now.getTime() / 1000);
  const token = signedToken(
    {
      aud: sample.url,
      iss: ISSUER,
      iat: issued,
      nbf: issued - TOKEN_LIFE_SECONDS,
      exp: issued + TOKEN_LIFE_SECONDS,
    },
    secret,
  );
  return { ...sample, headers: { ...sample.headers, authorization: `Bearer ${token}` } };
}

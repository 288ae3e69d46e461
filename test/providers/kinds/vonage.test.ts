import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { AlgorithmTypes, Auth } from '@vonage/auth';
import { tokenGenerate, verifySignature } from '@vonage/jwt';
import fc from 'fast-check';
import { sign } from 'jsonwebtoken';
import { vonage } from '../../../src/providers/kinds/vonage/vonage.kind';
import { type SignatureMethod } from '../../../src/providers/kinds/vonage/vonage.signature';
import { type RawRequest } from '../../../src/providers/provider.kinds';
import { BASE, NOW, providerOf, requestOf, SECRETS } from './requests';

const { hook } = vonage;
const SECRET = SECRETS[1];
const SECONDS = NOW.getTime() / 1000;
const BODY = JSON.stringify({ message_uuid: '1', from: '15550100100', text: 'Hello' });

describe('a hook of the Messages API', () => {
  const provider = providerOf(vonage);

  test("has a token that Vonage's own library takes", () => {
    const now = new Date();
    const proven = hook.prove(hook.sample(provider, BASE, now), SECRET, provider, now);
    const token = proven.headers['authorization']?.replace('Bearer ', '') ?? '';
    expect(verifySignature(token, SECRET)).toBe(true);
    expect(verifySignature(token, SECRETS[0])).toBe(false);
  });

  test.each([
    ['its time five minutes ago', { iat: SECONDS - 300 }, null],
    ['its time over five minutes ago', { iat: SECONDS - 301 }, /token/],
    ['its time a minute from now', { iat: SECONDS + 60 }, null],
    ['its time over a minute from now', { iat: SECONDS + 61 }, /token/],
    ['no time', { iat: undefined }, /token/],
    ['a time that is none', { iat: String(SECONDS) }, /token/],
    ['an end that has passed', { exp: SECONDS - 100 }, /token/],
    ['another issuer', { iss: 'Example' }, /token/],
    ['no issuer', { iss: undefined }, /token/],
    ['no hash', { payload_hash: undefined }, /hash/],
    ['the hash of another body', { payload_hash: sha256(`${BODY} `) }, /hash/],
    ['the hash in capitals', { payload_hash: sha256(BODY).toUpperCase() }, null],
    ['a hash that is no text', { payload_hash: [sha256(BODY)] }, /hash/],
  ])('with %s is judged so', (_, claims, expected) => {
    const doubt = hook.doubt(withToken(token(claims)), provider, NOW);
    if (expected === null) expect(doubt).toBeNull();
    else expect(doubt).toMatch(expected);
  });

  test('is not taken by another algorithm, whichever the token names', () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const ofApplication = tokenGenerate('an-application', privateKey, { issued_at: SECONDS, iss: 'Vonage' });
    const unsigned = `${[{ alg: 'none' }, claimsWith({})].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
    for (const other of [ofApplication, unsigned, token({}, 'HS512')]) {
      expect(hook.doubt(withToken(other), provider, NOW)).toMatch(/token/);
    }
  });

  test('is not taken for one of the SMS API, nor the other way round', () => {
    const sms = providerOf(vonage, { signature: 'sha256' });
    const bySms = hook.prove(hook.sample(sms, BASE, NOW), SECRET, sms, NOW);
    expect(hook.doubt(requestOf(bySms), provider, NOW)).not.toBeNull();
    expect(hook.doubt(withToken(token({})), sms, NOW)).not.toBeNull();
  });
});

describe('a hook of the SMS API', () => {
  const METHODS: readonly (readonly [SignatureMethod, AlgorithmTypes])[] = [
    ['md5hash', AlgorithmTypes.md5hash],
    ['md5', AlgorithmTypes.md5hmac],
    ['sha1', AlgorithmTypes.sha1hmac],
    ['sha256', AlgorithmTypes.sha256hmac],
    ['sha512', AlgorithmTypes.sha512hmac],
  ];
  const fields = {
    msisdn: '15550100100',
    to: '15550100199',
    messageId: '0A',
    text: 'a=1 & b=2 – ümlaut_',
    'message-timestamp': '2026-03-01 12:00:00',
    timestamp: String(SECONDS),
  };

  test.each(METHODS)("signed by %s in Vonage's own library is taken", async (method, algorithm) => {
    const provider = providerOf(vonage, { signature: method });
    const auth = new Auth({ apiKey: 'abcd1234', signature: { secret: SECRET, algorithm } });
    const signed: Record<string, string> = {
      ...(await auth.createSignatureHash({ ...fields, api_key: 'abcd1234' })),
    };
    expect(hook.doubt(form(signed), provider, NOW)).toBeNull();
    expect(hook.doubt(form({ ...signed, text: 'other' }), provider, NOW)).toMatch(/signature/);
  });

  // printf '%s' '&a=1_2_3&msisdn=15550100100&timestamp=1772366400' with the secret behind it, into md5sum; or without,
  // into openssl dgst -sha256 -hmac.
  test.each([
    ['md5hash', '325147d70742ae987017553d86856743'],
    ['sha256', '75FA8008B5F4118FC2954C7DDF63CA7169FBA25E9598D5B11E15C1748BC8FAD7'],
  ])('signed by %s with other tools, as it is documented, is taken', (signature, sig) => {
    const signed = { msisdn: '15550100100', a: '1&2=3', timestamp: '1772366400', sig };
    expect(hook.doubt(form(signed), providerOf(vonage, { signature }), NOW)).toBeNull();
    expect(
      hook.doubt(form({ ...signed, a: '1&2=4' }), providerOf(vonage, { signature }), NOW),
    ).not.toBeNull();
  });

  test.each(['a&text', 'a=b'])(
    'is refused if a field has the name %j, which could be several fields',
    name => {
      const provider = providerOf(vonage, { signature: 'sha256' });
      const body = new URLSearchParams({ [name]: 'x', msisdn: '15550100100' }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const proven = hook.prove({ method: 'POST', url: BASE, headers, body }, SECRET, provider, NOW);
      expect(hook.doubt(requestOf(proven), provider, NOW)).toMatch(/several fields/);
    },
  );

  test('of every text and every other field is signed so that it is taken, in the address, as form or as JSON', () => {
    const anyFields = fc.dictionary(
      fc.string({ minLength: 1, unit: 'grapheme' }).filter(name => !/[&=]/.test(name)),
      fc.string({ unit: 'grapheme' }),
      {
        noNullPrototype: true,
      },
    );
    const anyMethod = fc.constantFrom(...METHODS.map(([method]) => method));
    fc.assert(
      fc.property(anyFields, anyMethod, fc.constantFrom('GET', 'form', 'json'), (more, signature, way) => {
        const provider = providerOf(vonage, { signature });
        const ours = ['sig', 'timestamp', 'nonce'];
        const others = Object.entries(more).filter(([name]) => !ours.includes(name));
        const all = { ...Object.fromEntries(others), msisdn: '15550100100' };
        const query = new URLSearchParams(all).toString();
        const sample = {
          method: way === 'GET' ? 'GET' : 'POST',
          url: way === 'GET' ? `${BASE}?${query}` : BASE,
          headers: {
            'content-type': way === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
          },
          body: way === 'GET' ? '' : way === 'form' ? query : JSON.stringify(all),
        } as const;
        const proven = hook.prove(sample, SECRET, provider, NOW);
        expect(hook.doubt(requestOf(proven), provider, NOW)).toBeNull();
      }),
    );
  });
});

function claimsWith(claims: object): object {
  return { iat: SECONDS, jti: '1', iss: 'Vonage', api_key: 'a', payload_hash: sha256(BODY), ...claims };
}

function token(claims: object, algorithm: 'HS256' | 'HS512' = 'HS256'): string {
  const all = JSON.parse(JSON.stringify(claimsWith(claims))) as Record<string, unknown>;
  // As text, so that the library neither checks nor completes what it signs.
  return sign(JSON.stringify(all), SECRET, { algorithm });
}

function withToken(value: string): RawRequest {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${value}` };
  return requestOf({ method: 'POST', url: BASE, headers, body: BODY });
}

function form(fields: Record<string, string>): RawRequest {
  return requestOf({ method: 'POST', url: BASE, headers: {}, body: new URLSearchParams(fields).toString() });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

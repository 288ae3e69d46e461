import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import twilioLibrary from 'twilio';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { twilio } from '../../../src/providers/kinds/twilio/twilio.kind';
import { type RawRequest, type Sample } from '../../../src/providers/provider.kinds';
import { BASE, NOW, providerOf, requestOf, SECRETS } from './requests';

const { hook } = twilio;
const provider = providerOf(twilio);
const TOKEN = SECRETS[1];

const SID = `SM${'0'.repeat(31)}1`;

type Form = Readonly<Record<string, string | string[]>>;

/** Names as Twilio has them and others; values of every character that a form can carry. */
const anyForm: fc.Arbitrary<Form> = fc.dictionary(
  fc.oneof(fc.constantFrom('Body', 'From', 'To', 'MediaUrl0'), fc.string({ minLength: 1, unit: 'grapheme' })),
  fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 4 }),
  ),
  { noNullPrototype: true },
);

describe("Twilio's own library", () => {
  test('signs every form as we expect it, fields that come several times among them', () => {
    fc.assert(
      fc.property(anyForm, form => {
        const signature = getExpectedTwilioSignature(TOKEN, BASE, form);
        expect(hook.doubt(signed(form, signature), provider, NOW)).toBeNull();
      }),
    );
  });

  test('takes every form that we sign', () => {
    fc.assert(
      fc.property(anyForm, form => {
        const sample: Sample = { method: 'POST', url: BASE, headers: {}, body: bodyOf(form) };
        const proven = hook.prove(sample, TOKEN, provider, NOW);
        const signature = proven.headers['x-twilio-signature'] ?? '';
        expect(twilioLibrary.validateRequest(TOKEN, signature, BASE, form)).toBe(true);
      }),
    );
  });

  test.each([
    [
      'without its port',
      'https://gateway.example.org/providers/p',
      'https://gateway.example.org/providers/p',
    ],
    [
      'with the usual port',
      'https://gateway.example.org:443/providers/p',
      'https://gateway.example.org/providers/p',
    ],
    [
      'without an odd port',
      'https://gateway.example.org/providers/p',
      'https://gateway.example.org:8443/providers/p',
    ],
    [
      'with the usual port of HTTP',
      'http://gateway.example.org:80/providers/p',
      'http://gateway.example.org/providers/p',
    ],
    ['of IPv6 with a port', 'https://[2001:db8::1]:443/p', 'https://[2001:db8::1]/p'],
    ['with a name in it', 'https://twilio@gateway.example.org:443/p', 'https://twilio@gateway.example.org/p'],
    ["with a ' in the query", "https://gateway.example.org/p?a='b'", "https://gateway.example.org/p?a='b'"],
    [
      "with an escaped ' in the query",
      'https://gateway.example.org/p?a=%27b%27',
      "https://gateway.example.org/p?a='b'",
    ],
    [
      'with a space written otherwise',
      'https://gateway.example.org/p?a=b%20c',
      'https://gateway.example.org/p?a=b+c',
    ],
    ['with the secret of a query', 'https://gateway.example.org/p?x=1', 'https://gateway.example.org/p?x=2'],
    ['of another host', 'https://gateway.example.net/p', 'https://gateway.example.org/p'],
    ['by HTTP', 'http://gateway.example.org/p', 'https://gateway.example.org/p'],
    ['of another path', 'https://gateway.example.org/p/', 'https://gateway.example.org/p'],
  ])('and we take the same addresses: signed %s', (_, signedUrl, url) => {
    const form = { Body: 'Hello', From: '+15550100100' };
    const signature = getExpectedTwilioSignature(TOKEN, signedUrl, form);
    const isTaken = hook.doubt(signed(form, signature, url), provider, NOW) === null;
    expect(isTaken).toBe(twilioLibrary.validateRequest(TOKEN, signature, url, form));
  });

  test('signs a body that is no form by its hash in the address', () => {
    const body = JSON.stringify({ a: 1 });
    const url = `${BASE}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    const signature = getExpectedTwilioSignature(TOKEN, url, {});
    const request = (text: string): RawRequest =>
      requestOf({ method: 'POST', url, headers: { 'x-twilio-signature': signature }, body: text });
    expect(twilioLibrary.validateRequestWithBody(TOKEN, signature, url, body)).toBe(true);
    expect(hook.doubt(request(body), provider, NOW)).toBeNull();
    expect(twilioLibrary.validateRequestWithBody(TOKEN, signature, url, `${body} `)).toBe(false);
    expect(hook.doubt(request(`${body} `), provider, NOW)).toMatch(/hash/);
    expect(hook.read(request(body), provider)).toMatchObject({ kind: 'unreadable' });
  });

  test('signs the address alone where Twilio calls by GET', () => {
    const url = `${BASE}?From=%2B15550100100&Body=Hello+you`;
    const headers = { 'x-twilio-signature': getExpectedTwilioSignature(TOKEN, url, {}) };
    expect(hook.doubt(requestOf({ method: 'GET', url, headers, body: '' }), provider, NOW)).toBeNull();
    const other = url.replace('Hello', 'hello');
    expect(hook.doubt(requestOf({ method: 'GET', url: other, headers, body: '' }), provider, NOW)).toMatch(
      /signature/,
    );
  });
});

describe('a form', () => {
  test('of more fields than any service sends is refused before it is sorted', () => {
    const body = 'a=1&'.repeat(200_000);
    const request = requestOf({ method: 'POST', url: BASE, headers: { 'x-twilio-signature': 'x' }, body });
    expect(hook.doubt(request, provider, NOW)).toBe('the form has too many fields');
  });

  test.each([
    ['has no sid', { MessageSid: undefined }],
    ['has a sid that goes on with other letters', { MessageSid: `${SID}NumMedia0` }],
    ['has one wrong sid of several', { SmsSid: `${SID}0` }],
    ['has a name with a sid in it', { [`SmsSid${SID}NumMedia`]: '0' }],
  ])('that %s is kept, as its fields may have been parted elsewhere', (_, change) => {
    const form = { From: '+15550100100', Body: 'x', MessageSid: SID, ...change };
    const fields = Object.entries(form).filter(([, value]) => value !== undefined);
    expect(hook.read(signed(Object.fromEntries(fields) as Form, ''), provider).kind).toBe('unreadable');
  });

  test('whose sender is nothing but a prefix keeps it as the address', () => {
    expect(hook.read(signed({ From: 'whatsapp:', Body: 'x', MessageSid: SID }, ''), provider)).toMatchObject({
      items: [{ sender: { type: 'WHATSAPP', address: 'whatsapp:' } }],
    });
  });
});

function signed(form: Form, signature: string, url = BASE): RawRequest {
  return requestOf({ method: 'POST', url, headers: { 'x-twilio-signature': signature }, body: bodyOf(form) });
}

function bodyOf(form: Form): string {
  const entries = Object.entries(form).flatMap(([name, values]) =>
    [values].flat().map(value => [name, value]),
  );
  return new URLSearchParams(entries as [string, string][]).toString();
}

import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { generic } from '../../src/providers/kinds/generic/generic';
import { type Provider } from '../../src/providers/provider.kinds';
import { rawRequestOf } from './contract/requests';

const PLAIN = 'a-secret-of-ours-for-tests';
const KEYED = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const NOW = new Date();
const BODY = '{"from":"+15550100100","text":"Grüße 😀"}';

describe('Standard Webhooks', () => {
  test.each([
    ['plain text', PLAIN, new Webhook(PLAIN, { format: 'raw' })],
    ['base64', KEYED, new Webhook(KEYED)],
  ])('of a secret in %s are signed and understood as by the official library', (_, secret, official) => {
    const ours = generic.hook.prove(sample(), secret, provider(secret), NOW);
    expect(official.verify(ours.body, ours.headers)).toEqual(JSON.parse(BODY));
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(NOW.getTime() / 1_000)),
      'webhook-signature': official.sign('msg_1', NOW, BODY),
    };
    expect(generic.hook.doubt(rawRequestOf({ ...sample(), headers }), provider(secret), NOW)).toBeNull();
  });

  test.each([
    ['one of several signatures is right', (right: string) => `v1,AAAA v1a,xyz ${right} v2,zzz`, true],
    ['no version is told', (right: string) => right.slice(3), false],
    ['another version is told', (right: string) => right.replace('v1,', 'v2,'), false],
    ['the signature stands in a list of another kind', (right: string) => `v1,AAAA,${right}`, false],
    [
      'base64 is written for URLs',
      (right: string) => right.replaceAll('+', '-').replaceAll('/', '_').replace('=', ''),
      false,
    ],
    [
      'there are more than anybody needs before it',
      (right: string) => `${'v1,AAAA '.repeat(8)}${right}`,
      false,
    ],
  ])('are looked at with care where %s', (_, change, isRight) => {
    const { headers, ...rest } = generic.hook.prove(sample(), PLAIN, provider(PLAIN), NOW);
    const signature = change(headers['webhook-signature'] ?? '');
    const request = rawRequestOf({ ...rest, headers: { ...headers, 'webhook-signature': signature } });
    expect(generic.hook.doubt(request, provider(PLAIN), NOW) === null).toBe(isRight);
  });

  test.each([-301, -300, 300, 301])('are good for five minutes before and after: %d s', seconds => {
    const request = rawRequestOf(generic.hook.prove(sample(), PLAIN, provider(PLAIN), NOW));
    const at = new Date(Math.floor(NOW.getTime() / 1_000) * 1_000 + seconds * 1_000);
    expect(generic.hook.doubt(request, provider(PLAIN), at) === null).toBe(Math.abs(seconds) <= 300);
  });

  test.each(['+1772366400', '1772366400.0', ' 1772366400', '0x69a42e80', '1e9', ''])(
    'tell their time in plain seconds, not as %j',
    time => {
      const { headers, ...rest } = generic.hook.prove(sample(), PLAIN, provider(PLAIN), NOW);
      const request = rawRequestOf({ ...rest, headers: { ...headers, 'webhook-timestamp': time } });
      expect(generic.hook.doubt(request, provider(PLAIN), NOW)).toEqual(expect.any(String));
    },
  );
});

test('a kind of ours answers a whole request that cannot be read with 422, and a store that is away with 503', () => {
  expect(
    generic.hook.reply({ kind: 'taken', results: [{ kind: 'kept', why: 'from: must be there' }] }),
  ).toMatchObject({
    status: 422,
    body: '{"results":[{"index":0,"status":"kept","reason":"from: must be there"}]}',
  });
  expect(generic.hook.reply({ kind: 'unavailable', retryAfterSeconds: 5 })).toMatchObject({
    status: 503,
    headers: { 'retry-after': '5' },
  });
});

function sample() {
  return {
    method: 'POST',
    url: 'https://gateway.example.org/providers/app',
    headers: {},
    body: BODY,
  } as const;
}

function provider(secret: string): Provider {
  return {
    ...{ id: 'app', name: 'App', channel: 'OTHER', type: null, region: null, feed: null, options: {} },
    secrets: [secret],
  };
}

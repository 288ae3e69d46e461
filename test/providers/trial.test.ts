import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type RegisteredHook } from '../../src/providers/kind';
import { generic } from '../../src/providers/kinds/generic/generic';
import { type HookKind, type Sample } from '../../src/providers/provider.kinds';
import { likelyAddresses } from '../../src/providers/trial/likely-addresses.rules';
import { tryProvider } from '../../src/providers/trial/trial';
import { type Gateway, openGateway } from '../support/gateway';
import { countOf } from './contract/scene';
import { genericProviders, SECRET } from './generic-client';

/** As the gateway behind a proxy takes itself to be called, while it listens elsewhere. */
const BELIEVED = 'https://127.0.0.1';

const [ward, desk, shut] = genericProviders([
  { id: 'ward' },
  { id: 'desk', secret: [`${SECRET}-new`, SECRET] },
  { id: 'shut' },
]);
/** Signs the address that it calls, as some services do. */
const signing: HookKind = {
  ...generic.hook,
  doubt: ({ url, headers }) =>
    headers.get('x-signature')?.[0] === signatureOf(url) ? null : 'another address',
  prove: (sample): Sample => ({
    ...sample,
    headers: { ...sample.headers, 'x-signature': signatureOf(sample.url) },
  }),
};

let gateway: Gateway;
let other: Server;
let base: string;
let elsewhere: string;
beforeAll(async () => {
  if (ward === undefined || desk === undefined) throw new Error('There is no provider.');
  const kind: RegisteredHook = { ...generic, hook: signing };
  gateway = await openGateway({ PUBLIC_URL: BELIEVED }, undefined, [
    ward,
    { ...desk, provider: { ...desk.provider, secrets: [SECRET] } },
    { ...ward, kind, provider: { ...ward.provider, id: 'signed' } },
  ]);
  base = gateway.url.replace('/graphql', '');
  other = createServer((request, response) => {
    if (request.url?.startsWith('/moved') === true)
      response.writeHead(301, { location: `https://gateway.example.org/${SECRET}` }).end();
    else response.writeHead(404).end('no such page');
  });
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
});
afterAll(async () => {
  other.close();
  await gateway.close();
});

describe('a trial of a provider', () => {
  test('says that a message would have come, and leaves nothing behind', async () => {
    const { works, lines } = await attempt({});
    expect([works, lines.at(-1)]).toEqual([
      true,
      'The gateway would have stored 1 message; it was a test, so nothing was.',
    ]);
    for (const table of ['messages', 'contacts', 'audit_entries', 'provider_counters'])
      expect([table, await countOf(gateway, table)]).toEqual([table, 0]);
  });

  test('finds the address that a gateway behind a proxy takes itself to have', async () => {
    const { works, lines } = await attempt({ id: 'signed', hook: signing });
    expect(works).toBe(false);
    expect(lines.join(' ')).toContain(
      `a signature over ${BELIEVED}: that is what it believes PUBLIC_URL to be`,
    );
  });

  test('finds that only the second secret is taken', async () => {
    const { lines } = await attempt({ id: 'desk', secrets: desk?.provider.secrets ?? [] });
    expect(lines.join(' ')).toContain('takes the second secret of the file');
  });

  test.each<[string, () => Parameters<typeof attempt>[0], RegExp]>([
    [
      'another secret',
      () => ({ secrets: ['another-secret-of-ours'] }),
      /answered 401.*does not take the proof/,
    ],
    [
      'a provider that the gateway does not know',
      () => ({ id: 'nobody' }),
      /No provider of this id is found there/,
    ],
    [
      'a name that nobody has',
      () => ({ publicUrl: 'http://gateway.invalid' }),
      /DNS: no address is known for gateway\.invalid/,
    ],
    [
      'a port where nobody listens',
      () => ({ publicUrl: 'http://127.0.0.1:2' }),
      /refused: nobody listens at 127\.0\.0\.1:2/,
    ],
    [
      'TLS where there is none',
      () => ({ publicUrl: base.replace('http', 'https') }),
      /TLS: no trusted connection/,
    ],
    ['an address of another program', () => ({ publicUrl: elsewhere }), /Something else answers there/],
    [
      'a redirect',
      () => ({ publicUrl: `${elsewhere}/moved` }),
      /redirect to https:\/\/gateway\.example\.org\/\[removed\]/,
    ],
  ])('says what is wrong with %s, and no secret', async (_, given, told) => {
    const { works, lines } = await attempt(given());
    expect(works).toBe(false);
    expect(lines.join(' ')).toMatch(told);
    expect(lines.join(' ')).not.toContain(SECRET);
  });
});

test.each([
  [
    'https://gateway.example.org/desk',
    [
      'http://gateway.example.org/desk',
      'https://gateway.example.org',
      'https://gateway.example.org:443/desk',
    ],
  ],
  [
    'http://gateway.example.org:8080',
    ['https://gateway.example.org:8080', 'http://gateway.example.org', 'http://localhost:4000'],
  ],
])('likely addresses of %s are tried, each once and never itself', (publicUrl, some) => {
  const addresses = likelyAddresses(publicUrl, { host: '127.0.0.1', port: 4_000 });
  expect(addresses).toEqual(expect.arrayContaining(some));
  expect(addresses).not.toContain(publicUrl);
  expect(new Set(addresses).size).toBe(addresses.length);
  expect(addresses.length).toBeLessThanOrEqual(20);
});

interface Attempted {
  readonly id?: string;
  readonly hook?: HookKind;
  readonly publicUrl?: string;
  readonly secrets?: readonly string[];
}

function attempt({ id = 'ward', hook = generic.hook, publicUrl = base, secrets = [SECRET] }: Attempted) {
  if (shut === undefined) throw new Error('There is no provider.');
  return tryProvider({
    ...{ hook, publicUrl, now: () => gateway.clock.now() },
    provider: { ...shut.provider, id, secrets },
    listening: { host: '127.0.0.1', port: Number(new URL(base).port) },
  });
}

function signatureOf(url: string): string {
  return createHmac('sha256', SECRET).update(url).digest('hex');
}

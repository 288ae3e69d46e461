import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkProviders } from '../../src/providers/setup/providers-file';
import { generic } from '../../src/providers/kinds/generic/generic';
import { type Gateway, openGateway } from '../support/gateway';

const SECRET = 'a-secret-of-ours-for-tests';
const [provider] = checkProviders(
  `providers: [{ id: app, kind: generic, secret: ${SECRET}, channel: SMS }]`,
  null,
  {},
);

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({}, undefined, provider === undefined ? [] : [provider]);
});
afterAll(() => gateway.close());

describe('the intake', () => {
  test('stores a message with its contact', async () => {
    const answer = await deliver({ id: 'm1', from: '+254700000001', text: 'Hello' });
    expect(await answer.json()).toEqual({ results: [{ index: 0, status: 'stored', id: '1' }] });
  });
});

async function deliver(body: unknown): Promise<Response> {
  if (provider === undefined) throw new Error('none');
  const base = gateway.url.replace('/graphql', '/providers/app');
  const sample = {
    method: 'POST',
    url: base,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  } as const;
  const { url, ...init } = generic.hook.prove(sample, SECRET, provider.provider, gateway.clock.now());
  return fetch(url, init);
}

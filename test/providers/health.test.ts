import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { newPlace, type TestPlace } from '../support/engine';
import { type Gateway, openGateway } from '../support/gateway';
import { deliver, genericProviders } from './generic-client';

const QUERY = '{ dataProviders { id kind name channel enabled lastReceivedAt received duplicates refused } }';
const PROVIDERS = genericProviders([
  { id: 'ward', name: 'The ward', channel: 'SMS' },
  { id: 'shut', enabled: false },
]);

let place: TestPlace;
let gateway: Gateway;
beforeEach(async () => {
  place = await newPlace();
  gateway = await openGateway({}, place.databaseUrl, PROVIDERS);
});
afterEach(async () => {
  await gateway.close();
  await place.remove();
});

test('providers are listed in the order of the file, and nothing has come yet', async () => {
  const none = { lastReceivedAt: null, received: 0, duplicates: 0, refused: 0 };
  expect((await gateway.graphql(QUERY)).data).toEqual({
    dataProviders: [
      { id: 'ward', kind: 'generic', name: 'The ward', channel: 'SMS', enabled: true, ...none },
      { id: 'shut', kind: 'generic', name: 'shut', channel: 'OTHER', enabled: false, ...none },
    ],
  });
});

test('counts of several gateways, one after the other, add up, and are written when one stops', async () => {
  for (const round of [1, 2]) {
    await deliver(gateway, 'ward', {
      messages: [1, 2].map(id => ({ id: `${round}-${id}`, from: '+15550100100', text: 'Hi' })),
    });
    await deliver(gateway, 'ward', { id: `${round}-1`, from: '+15550100100', text: 'Hi' });
    const url = gateway.url.replace('/graphql', '/providers/ward');
    await Promise.all(Array.from({ length: 20 }, () => fetch(url, { method: 'POST', body: '{}' })));
    gateway.clock.advance(1_000);
    await gateway.close();
    gateway = await openGateway({}, place.databaseUrl, PROVIDERS);
  }
  const { data } = await gateway.graphql<{ dataProviders: unknown[] }>(QUERY);
  expect(data?.dataProviders[0]).toMatchObject({
    ...{ received: 4, duplicates: 2, refused: 40 },
    lastReceivedAt: '2026-03-01T12:00:00.000Z',
  });
});

test('a flood of forgeries writes nothing by itself', async () => {
  const before = gateway.written();
  const url = gateway.url.replace('/graphql', '/providers/ward');
  const forgeries = Array.from({ length: 50 }, () => fetch(url, { method: 'POST', body: '{}' }));
  expect(new Set((await Promise.all(forgeries)).map(({ status }) => status))).toEqual(new Set([401]));
  // At most what a second or two of it are gathered to.
  expect(gateway.written() - before).toBeLessThanOrEqual(3);
});

test('a token without the scope providers:read sees neither providers nor failures', async () => {
  const { token } = await gateway.tokens.create({ name: 'x', scopes: ['messages:list'], expiresAt: null });
  for (const query of [QUERY, '{ intakeFailures { totalCount } }']) {
    const { errors } = await gateway.graphql(query, {}, `Bearer ${token}`);
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  }
});

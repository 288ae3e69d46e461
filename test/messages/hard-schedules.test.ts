import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../support/gateway';

/** A date that every calendar lacks is looked for until the year 9999. */
const NEVER = {
  start: '2026-01-01T00:00:00Z',
  timeZone: 'America/New_York',
  frequency: 'DAILY',
  interval: 773,
  byMonth: [2],
  byMonthDay: [30],
};
const BATCH = `mutation ($inputs: [CreateMessageInput!]!) {
  batchCreateMessages(inputs: $inputs, errorPolicy: PARTIAL) { failed }
}`;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

test('Five hundred schedules that are hard to judge keep nobody else from reading or writing', async () => {
  const inputs = Array.from({ length: 500 }, (_, index) => ({
    message: `Number ${index}`,
    channels: ['SMS'],
    schedule: { ...NEVER, interval: 1_000 - index },
  }));
  const hard = gateway.graphql<{ batchCreateMessages: { failed: number } }>(BATCH, { inputs });
  const others = await Promise.all([
    gateway.graphql('{ messages { totalCount } }'),
    gateway.graphql(
      'mutation { createMessage(input: { message: "Hello.", channels: SMS }) { message { id } } }',
    ),
  ]);
  const { status, data, errors } = await hard;
  expect(others.map(answer => answer.errors)).toEqual([undefined, undefined]);
  // A machine may be quick enough to judge them all.
  expect([200, 503]).toContain(status);
  expect(data?.batchCreateMessages.failed ?? errors?.[0]?.extensions.code).toEqual(
    status === 200 ? 500 : 'TIMEOUT',
  );
  const stored = await gateway.graphql<{ messages: { totalCount: number } }>(
    '{ messages(filter: { q: "Number", direction: OUTGOING }) { totalCount } }',
  );
  expect(stored.data?.messages.totalCount).toBe(0);
});

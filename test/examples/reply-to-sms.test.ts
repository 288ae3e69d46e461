import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ReplyToSmsMutation } from '../../examples/client/generated';
import { twilio } from '../../src/providers/kinds/twilio/twilio.kind';
import { PUBLIC_URL, SECRET, send, setUp, storedBy } from '../providers/contract/scene';
import { type Gateway, openGateway } from '../support/gateway';
import { readExample, tokenWith } from './examples';

/** The example, from the SMS itself on. */
const hotline = setUp({ id: 'hotline', kind: 'twilio', secret: SECRET });

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({ PUBLIC_URL }, undefined, [hotline]);
});
afterAll(() => gateway.close());

test('An SMS that came in is answered to the number that it came from', async () => {
  const { provider } = hotline;
  const now = gateway.clock.now();
  const { hook } = twilio;
  const sample = hook.sample(provider, `${PUBLIC_URL}/providers/hotline`, now);
  expect((await send(gateway, hook.prove(sample, SECRET, provider, now))).status).toBe(200);
  const [sms] = await storedBy(gateway, 'hotline');
  const { operation, variables, scopes } = readExample('reply-to-sms');
  const { data } = await gateway.graphql<ReplyToSmsMutation>(
    operation,
    { ...variables, parentId: sms?.id },
    `Bearer ${await tokenWith(gateway, scopes)}`,
  );
  expect(data?.createMessage.message).toMatchObject({
    status: 'PENDING',
    channels: ['SMS'],
    dataProviderId: 'hotline',
    dataFeedId: sms?.['dataFeedId'],
    contact: { type: 'PHONE', address: expect.stringMatching(/^\+1555/) },
    parent: { text: sms?.['message'] },
  });
});

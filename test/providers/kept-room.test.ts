import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ProviderTallies } from '../../src/providers/health/provider-tallies';
import { type Arrival } from '../../src/providers/intake/arrival';
import { Intake } from '../../src/providers/intake/intake';
import { KeptRoom, NoRoom } from '../../src/providers/intake/kept-room';
import { type Delivery } from '../../src/providers/provider.kinds';
import { plainDelivery } from '../../src/providers/plain-delivery';
import { Seal } from '../../src/providers/raws/seal';
import { createLog } from '../../src/platform/observability/log';
import { type Gateway, openGateway } from '../support/gateway';
import { countOf, storedBy } from './contract/scene';
import { genericProviders } from './generic-client';

const [WARD] = genericProviders([{ id: 'ward' }]);
const BODY = 'x'.repeat(100);

let gateway: Gateway;
let intake: Intake;
beforeEach(async () => {
  gateway = await openGateway();
  const { database, clock } = gateway;
  const parts = { seal: new Seal(null), log: createLog('silent'), tallies: new ProviderTallies(database) };
  const room = new KeptRoom(clock, { raws: 200, failures: 250 });
  intake = new Intake({ database, clock, ...parts }, undefined, room);
});
afterEach(() => gateway.close());

describe('where as much is kept of a provider as may be', () => {
  test('what cannot be kept is not acknowledged, and all else of its request is stored', async () => {
    await intake.keep(arrival('a'), 'no reason');
    await intake.keep(arrival('b'), 'no reason');
    await expect(intake.keep(arrival('c'), 'no reason')).rejects.toThrow(NoRoom);
    const items = [delivery('one', 'Hello'), { unreadable: 'no reason' }];
    await expect(intake.take(arrival('d', items))).rejects.toThrow(NoRoom);
    expect((await storedBy(gateway, 'ward')).map(each => each['message'])).toEqual(['Hello']);
    expect(await countOf(gateway, 'intake_failures')).toBe(2);
  });

  test('what was resolved makes room', async () => {
    await intake.keep(arrival('a'), 'no reason');
    await intake.keep(arrival('b'), 'no reason');
    await gateway.database.write(({ query }) =>
      query('update intake_failures set resolved_at = 1 where id = 1'),
    );
    await intake.keep(arrival('c'), 'no reason');
    expect(await countOf(gateway, 'intake_failures')).toBe(2);
  });

  test('a mail that cannot be kept stays where it is, and stops nothing behind it', async () => {
    for (const position of ['1', '2', '3'])
      await intake.keep({ ...arrival(position), position: { place: 'box', position } }, 'no reason');
    expect(await gateway.database.read('select position from provider_positions')).toEqual([
      { position: '3' },
    ]);
    expect(await countOf(gateway, 'intake_failures')).toBe(2);
  });

  test('a message that was mended is stored without its request, and says so', async () => {
    await intake.take(arrival('a', [delivery('one', 'bell\u0007')]));
    await intake.take(arrival('b', [delivery('two', 'bell\u0007')]));
    expect((await storedBy(gateway, 'ward')).map(each => each['additionalData'])).toEqual([
      null,
      { truncated: true },
    ]);
    expect(await countOf(gateway, 'intake_raws')).toBe(1);
  });
});

function arrival(mark: string, items: Arrival['items'] = []): Arrival {
  if (WARD === undefined) throw new Error('There is no provider.');
  return {
    provider: WARD.provider,
    by: { kind: 'PROVIDER', tokenId: null, requestId: null, providerId: 'ward' },
    request: {
      method: 'POST',
      url: '',
      rest: [],
      headers: new Map(),
      body: Buffer.from(mark + BODY.slice(1)),
    },
    items,
    receivedAt: gateway.clock.now(),
    position: null,
  };
}

function delivery(id: string, text: string): Delivery {
  const sender = { type: 'PHONE', address: '+15550100100', name: null } as const;
  return plainDelivery({ sender, text, providerMessageId: id });
}

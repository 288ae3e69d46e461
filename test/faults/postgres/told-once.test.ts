import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newPlace, type TestPlace } from '../../support/engine';
import { startGatewayProcess } from '../../support/process';
import { ADMIN_TOKEN } from './client';
import { Health } from './health';
import { Network } from './network';

let place: TestPlace;
let network: Network;
beforeAll(async () => {
  place = await newPlace();
  network = await Network.before(place.databaseUrl);
});
afterAll(async () => {
  network.close();
  await place.remove();
});

test('An outage is told of once, with its reason, and its end once, however many requests are refused meanwhile', async () => {
  const settings = { DATABASE_URL: network.url, ADMIN_TOKEN, LOG_LEVEL: 'info' };
  const gateway = await startGatewayProcess(settings);
  try {
    const health = new Health(gateway.url);
    await health.until(200);
    network.refuse();
    await health.until(503);
    for (let time = 0; time < 100; time += 1) {
      const { status } = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
        body: '{"query":"{ messages { totalCount } }"}',
      });
      expect(status).toBe(503);
    }
    network.comeBack();
    await health.until(200);
    await health.stop();
    const about = gateway.log().filter(({ msg }) => msg.startsWith("the store's server"));
    expect(about).toMatchObject([
      { level: 'warn', msg: "the store's server is gone", why: expect.stringMatching(/\S/) },
      { level: 'info', msg: "the store's server is back", awayMs: expect.any(Number) },
    ]);
    // The first of each kind in full, and a line every ten seconds.
    expect(gateway.log().length).toBeLessThan(12);
  } finally {
    gateway.child.kill('SIGTERM');
    await gateway.ended;
  }
}, 60_000);

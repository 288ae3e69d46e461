import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { newPlace, type TestPlace } from '../../support/engine';
import { Network } from './network';
import { inTrouble } from './scene';
import { BACK_WITHIN_MS, isGood, outline, TOLD_WITHIN_MS } from './whole';

const AWAY_MS = 3_000;

let place: TestPlace;
beforeEach(async () => {
  place = await newPlace();
});
afterEach(() => place.remove());

test.each([
  ['takes everything and passes nothing on', (network: Network) => network.fallSilent()],
  ['resets every connection', (network: Network) => network.refuse()],
])(
  'A network that %s is told of in time, and loses nothing acknowledged',
  async (_, spoil) => {
    const network = await Network.before(place.databaseUrl);
    try {
      const { health } = await inTrouble(network.url, place.databaseUrl, async ({ load, health }) => {
        spoil(network);
        expect(await health.until(503)).toBeLessThan(TOLD_WITHIN_MS);
        const awayMs = performance.now();
        await delay(AWAY_MS);
        const away = load.since(awayMs);
        expect(away.length).toBeGreaterThan(0);
        expect(outline(away.filter(isGood))).toEqual([]);
        network.comeBack();
        expect(await health.until(200)).toBeLessThan(BACK_WITHIN_MS);
      });
      expect(health.statuses('/readyz')).toEqual([200, 503]);
    } finally {
      network.close();
    }
  },
  60_000,
);

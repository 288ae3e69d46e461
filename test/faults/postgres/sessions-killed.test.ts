import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { killSessions } from '../../platform/postgres/databases';
import { newPlace, type TestPlace } from '../../support/engine';
import { inTrouble } from './scene';
import { shareOfGood } from './whole';

const KILL_EVERY_MS = 500;
const KILL_FOR_MS = 20_000;

/** Whoever loses a session tries again with another one, so that callers hear little of it. */
const MOST = 0.9;

let place: TestPlace;
beforeAll(async () => {
  place = await newPlace();
});
afterAll(() => place.remove());

test('A PostgreSQL that ends all sessions every half second for twenty seconds is hardly noticed', async () => {
  const { databaseUrl } = place;
  let share = 0;
  await inTrouble(databaseUrl, databaseUrl, async ({ load }) => {
    const beganMs = performance.now();
    while (performance.now() < beganMs + KILL_FOR_MS) {
      await killSessions(databaseUrl);
      await delay(KILL_EVERY_MS);
    }
    share = shareOfGood(load.since(beganMs));
  });
  expect(share).toBeGreaterThan(MOST);
}, 60_000);

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newPlace, type TestPlace } from '../../support/engine';
import { type GatewayProcess, startGatewayProcess } from '../../support/process';
import { ADMIN_TOKEN } from './client';
import { Load } from './load';
import { expectHonest, expectWhole, isGood, outline } from './whole';

const GATEWAYS = 3;

/** Answers before each kill, and after the last. */
const ANSWERS = 150;

/** As many of the keys as are tried again at the end. */
const REPEATED = 30;

let place: TestPlace;
let gateways: readonly GatewayProcess[];
beforeAll(async () => {
  place = await newPlace();
  gateways = await Promise.all(
    Array.from({ length: GATEWAYS }, () =>
      startGatewayProcess({ DATABASE_URL: place.databaseUrl, ADMIN_TOKEN }),
    ),
  );
}, 60_000);
afterAll(async () => {
  for (const { child } of gateways) child.kill('SIGKILL');
  await place.remove();
});

test('Of three gateways two are killed one after the other: what they were doing the others bring to its end, once', async () => {
  const load = new Load(gateways.map(({ url }) => url));
  const [first, second, third] = gateways;
  for (const killed of [first, second]) {
    await load.until(load.answers.length + ANSWERS);
    killed?.child.kill('SIGKILL');
    expect(await killed?.ended).toBe('SIGKILL');
  }
  await load.until(load.answers.length + ANSWERS);
  await load.stop();

  const unanswered = load.answers.filter(({ status }) => status === 0);
  expect(unanswered.length).toBeGreaterThan(0);
  // What a gateway held when it was killed is free at once: nobody else is refused, or waits for it.
  const answered = load.answers.filter(({ status }) => status !== 0);
  expectHonest(answered);
  expect(outline(answered.filter(answer => !isGood(answer) && answer.code !== 'CONFLICT'))).toEqual([]);
  await expectWhole(place.databaseUrl, load);
  expect(await load.repeatDone(load.pieces.slice(-REPEATED))).toEqual([]);
  await expectWhole(place.databaseUrl, load);
  expect([third?.child.exitCode, third?.log()]).toEqual([null, []]);
}, 60_000);

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database } from '../../src/platform/database/database';
import { nameOf } from '../../src/providers/kind';
import { KINDS } from '../../src/providers/registry';
import { engineUnderTest, newPlace, openDatabaseAt, type TestPlace } from '../support/engine';
import { type Gateway, openGateway } from '../support/gateway';
import { isHook, messageScene, proven, PUBLIC_URL, send, storedBy } from './contract/scene';

const HOOKS = KINDS.filter(isHook);
const scenes = new Map(HOOKS.map(kind => [nameOf(kind), messageScene(kind, 'away')]));

let place: TestPlace;
let other: Database;
let gateway: Gateway;
beforeAll(async () => {
  place = await newPlace();
  gateway = await openGateway(
    { PUBLIC_URL, EXECUTION_TIMEOUT_MS: '1000' },
    place.databaseUrl,
    [...scenes.values()].map(({ configured }) => configured),
  );
  other = await openDatabaseAt(place.databaseUrl);
});
afterAll(async () => {
  await other.close();
  await gateway.close();
  await place.remove();
});

test('while somebody else has the store, services are told to come again, and then all is stored', async () => {
  const away = await whileHeld(() => deliverAll());
  for (const [name, answer] of away) {
    expect([name, answer.status]).toEqual([name, 503]);
    expect([name, answer.headers.get('retry-after')]).toEqual([name, expect.stringMatching(/^\d+$/)]);
  }
  for (const scene of scenes.values()) expect(await storedBy(gateway, scene.provider.id)).toEqual([]);
  const back = await deliverAll();
  for (const [name, { fixture, provider }] of scenes) {
    expect([name, back.get(name)?.status]).toEqual([name, fixture.reply.status ?? 200]);
    expect(await storedBy(gateway, provider.id)).toHaveLength(fixture.messages.length);
  }
});

async function deliverAll() {
  const answers = [...scenes].map(
    async ([name, scene]) => [name, await send(gateway, proven(scene, gateway.clock.now()))] as const,
  );
  return new Map(await Promise.all(answers));
}

/** Another process has the file's only write lock, or on PostgreSQL a lock on messages. */
async function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  return other.write(async ({ query }) => {
    if (engineUnderTest() === 'postgres') await query('lock table messages in exclusive mode');
    return work();
  });
}

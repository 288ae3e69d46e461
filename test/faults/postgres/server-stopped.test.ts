import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newDatabase } from '../../platform/postgres/databases';
import { FORGETFUL, type PostgresServer, startPostgres } from '../../support/postgres-server';
import { inTrouble } from './scene';
import { BACK_WITHIN_MS, isGood, outline, TOLD_WITHIN_MS } from './whole';

const AWAY_MS = 10_000;

let server: PostgresServer;
beforeAll(async () => {
  // What a failure of power takes with it is not under test, only what this server has acknowledged.
  server = await startPostgres({ ...FORGETFUL, synchronous_commit: 'on' });
}, 60_000);
afterAll(() => server.remove());

test('A PostgreSQL that crashes under load, and is away for ten seconds, takes nothing acknowledged with it', async () => {
  const databaseUrl = await newDatabase(server.url);
  const { health } = await inTrouble(databaseUrl, databaseUrl, async ({ load, health }) => {
    await server.crash();
    expect(await health.until(503)).toBeLessThan(TOLD_WITHIN_MS);
    const awayMs = performance.now();
    await delay(AWAY_MS);
    const away = load.since(awayMs);
    expect(away.length).toBeGreaterThan(0);
    expect(outline(away.filter(isGood))).toEqual([]);
    await server.start();
    expect(await health.until(200)).toBeLessThan(BACK_WITHIN_MS);
  });
  expect(health.statuses('/readyz')).toEqual([200, 503]);
}, 60_000);

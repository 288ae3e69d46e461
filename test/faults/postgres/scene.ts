import { expect } from '@jest/globals';
import { type GatewayProcess, startGatewayProcess } from '../../support/process';
import { ADMIN_TOKEN } from './client';
import { Health } from './health';
import { Load } from './load';
import { expectHonest, expectWhole, isGood, outline, TOLD_WITHIN_MS } from './whole';

/** Answers before the trouble and after it. */
const CALM_ANSWERS = 50;

/** A gateway in a process of its own, whoever uses it, and whoever watches it. */
export interface Scene {
  readonly gateway: GatewayProcess;
  readonly load: Load;
  readonly health: Health;
}

/**
 * Brings a gateway under load into trouble, which is over when `trouble` is, and expects what must hold in any.
 * @param way the address by which the gateway reaches its database.
 * @param databaseUrl the same without anything between.
 */
export async function inTrouble(
  way: string,
  databaseUrl: string,
  trouble: (scene: Scene) => Promise<void>,
): Promise<Scene> {
  const gateway = await startGatewayProcess({ DATABASE_URL: way, ADMIN_TOKEN });
  try {
    const scene = { gateway, load: new Load([gateway.url]), health: new Health(gateway.url) };
    const { load, health } = scene;
    await load.until(CALM_ANSWERS);
    const calm = load.answers.slice();
    await trouble(scene);
    const overMs = performance.now();
    await load.until(load.answers.length + CALM_ANSWERS);
    await load.stop();
    await health.stop();

    // Nothing that nobody expected: it is the same process, and has no error to tell of.
    expect([gateway.child.exitCode, gateway.child.signalCode, gateway.log()]).toEqual([null, null, []]);
    for (const answers of [calm, load.since(overMs)]) {
      expect(outline(answers.filter(answer => !isGood(answer)))).toEqual([]);
    }
    expectHonest(load.answers);
    await expectWhole(databaseUrl, load);
    expect(health.statuses('/healthz')).toEqual([200]);
    expect(Math.max(...health.probes.map(({ tookMs }) => tookMs))).toBeLessThan(TOLD_WITHIN_MS);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    return scene;
  } finally {
    gateway.child.kill('SIGKILL');
  }
}

import { expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { newPlace } from '../support/engine';
import { type GatewayProcess, startGatewayProcess } from '../support/process';
import { graphqlCases } from './graphql.cases';
import { httpCases } from './http.cases';
import { inputCases } from './input.cases';
import { ask, posted, talk } from './wire';

const ADMIN_TOKEN = 'a-token-for-tests-only';

/** Until the heap has grown to what parsing a megabyte of JSON takes. */
const WARM_UPS = 2;
/** Each sends some 20 MB. */
const ROUNDS = 6;

/** Growth of resident memory that garbage collection explains, in bytes; a leak of every body would be more. */
const ENOUGH_BYTES = 80_000_000;

/** A heap that is cleaned often shows what stays; left alone, its size follows the largest request of the last second. */
const NODE_OPTIONS = '--max-old-space-size=256 --max-semi-space-size=4';

const TIMEOUT_MS = 180_000;

const hasProc = existsSync('/proc/self/statm');
if (!hasProc) process.stderr.write('Skipped: how much memory a process takes, as there is no /proc.\n');

(hasProc ? test : test.skip)(
  'A gateway that was sent every odd request many times takes no more memory than before',
  async () => {
    const place = await newPlace();
    const gateway = await startGatewayProcess({ DATABASE_URL: place.databaseUrl, ADMIN_TOKEN, NODE_OPTIONS });
    try {
      await sendAll(gateway, WARM_UPS);
      const before = residentBytes(gateway);
      await sendAll(gateway, ROUNDS);
      expect(residentBytes(gateway) - before).toBeLessThan(ENOUGH_BYTES);
      const headers = [['authorization', `Bearer ${ADMIN_TOKEN}`] as const];
      const normal = await ask(gateway.url, posted({ query: '{ __typename }' }, headers));
      expect(normal.text.trim()).toBe('{"data":{"__typename":"Query"}}');
    } finally {
      gateway.child.kill('SIGTERM');
      await gateway.ended;
      await place.remove();
    }
  },
  TIMEOUT_MS,
);

async function sendAll({ url }: GatewayProcess, rounds: number): Promise<void> {
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  const cases = [httpCases, graphqlCases, inputCases].flatMap(make => make(authorization));
  for (let round = 0; round < rounds; round += 1) {
    for (const { bytes } of cases) await talk(url, bytes);
  }
}

function residentBytes({ child }: GatewayProcess): number {
  const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_000;
}

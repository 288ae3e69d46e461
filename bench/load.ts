import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { type Peer } from './peers';
import { processorTimeMs } from './processor-time';
import { type Bodies } from './workloads';

/** What one peer did in one round. */
export interface Round {
  /** Good answers a second. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What an answer took of the processor, in milliseconds; NaN where the system does not tell. */
  readonly processorMs: number;
  /** What it took in the processes of the database's server; 0 where there are none. */
  readonly databaseMs: number;
  /** Answers that were refusals or no answers at all. */
  readonly failures: number;
}

/** What is sent, and for how long: so many seconds, or so many requests. */
export interface Load {
  readonly bodies: Bodies;
  /** The answers are looked at beforehand: searching 20 kB of each for errors would measure the search. */
  readonly isRead: boolean;
  readonly seconds?: number;
  readonly requests?: number;
  /** What the database's own processes have used so far. */
  readonly databaseTimeMs?: () => number;
}

/** Puts a peer under the load of all connections at once, each sending as soon as it has its answer. */
export async function load(peer: Peer, { databaseTimeMs = () => 0, ...work }: Load): Promise<Round> {
  const beganAt = performance.now();
  const usedMs = processorTimeMs(peer.pid);
  const databaseUsedMs = databaseTimeMs();
  const { latenciesMs, mismatches, failures } = await fire(peer, work);
  const elapsedMs = performance.now() - beganAt;
  const processorMs = (processorTimeMs(peer.pid) - usedMs) / latenciesMs.length;
  const databaseMs = (databaseTimeMs() - databaseUsedMs) / latenciesMs.length;
  await settled(peer, work.bodies);
  latenciesMs.sort((a, b) => a - b);
  return {
    rate: ((latenciesMs.length - mismatches) / elapsedMs) * 1_000,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    processorMs,
    databaseMs,
    failures,
  };
}

interface Fired {
  readonly latenciesMs: number[];
  /** Answers of the status 200 that hold errors: so GraphQL says what failed. */
  readonly mismatches: number;
  readonly failures: number;
}

async function fire(peer: Peer, { bodies, isRead, seconds, requests }: Load): Promise<Fired> {
  const latenciesMs: number[] = [];
  let connection = 0;
  const run = autocannon({
    url: peer.url,
    method: 'POST',
    headers: peer.headers,
    connections: bodies.length,
    ...(requests === undefined ? { duration: seconds ?? 1 } : { amount: requests }),
    sampleInt: 50,
    setupClient: client => {
      client.setRequests((bodies[connection] ?? []).map(body => ({ body })));
      connection += 1;
    },
    ...(isRead ? {} : { verifyBody: body => !body.includes('"errors":[{') }),
  });
  run.on('response', (_client: unknown, status: number, _bytes: number, ms: number) => {
    if (status === 200) latenciesMs.push(ms);
  });
  const { errors, mismatches, non2xx } = await run;
  return { latenciesMs, mismatches, failures: errors + mismatches + non2xx };
}

/** Waits for the requests that the end of a run has broken off: writes stand in a queue, and one more comes last. */
async function settled({ url, headers }: Peer, bodies: Bodies): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers, body: bodies[0]?.[0] ?? '' });
  await response.text();
}

/** @param sorted ascending; NaN when it is empty. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { type Peer } from './peers';
import { processorTimeMs } from './processor-time';
import { type Workload } from './workloads';

/** What one peer did in one round. */
export interface Round {
  /** Good answers a second. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What an answer took of the processor, in milliseconds; NaN where the system does not tell. */
  readonly processorMs: number;
  /** Answers that were refusals or no answers at all. */
  readonly failures: number;
}

/** Puts a peer under the load of all connections at once, each sending as soon as it has its answer. */
export async function load(peer: Peer, { bodies, isRead }: Workload, seconds: number): Promise<Round> {
  const latenciesMs: number[] = [];
  let connection = 0;
  const beganAt = performance.now();
  const usedMs = processorTimeMs(peer.pid);
  const run = autocannon({
    url: peer.url,
    method: 'POST',
    headers: peer.headers,
    connections: bodies.length,
    duration: seconds,
    sampleInt: 50,
    setupClient: client => {
      client.setRequests((bodies[connection] ?? []).map(body => ({ body })));
      connection += 1;
    },
    // GraphQL says 200 to what failed. Answers to reads are looked at beforehand: searching 20 kB of each would
    // measure the search.
    ...(isRead ? {} : { verifyBody: body => !body.includes('"errors":[{') }),
  });
  run.on('response', (_client: unknown, status: number, _bytes: number, ms: number) => {
    if (status === 200) latenciesMs.push(ms);
  });
  const { errors, mismatches, non2xx } = await run;
  const elapsedMs = performance.now() - beganAt;
  const processorMs = (processorTimeMs(peer.pid) - usedMs) / latenciesMs.length;
  await settled(peer, bodies);
  latenciesMs.sort((a, b) => a - b);
  return {
    rate: ((latenciesMs.length - mismatches) / elapsedMs) * 1_000,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    processorMs,
    failures: errors + mismatches + non2xx,
  };
}

/** Waits for the requests that the end of a run has broken off: writes stand in a queue, and one more comes last. */
async function settled({ url, headers }: Peer, bodies: Workload['bodies']): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers, body: bodies[0]?.[0] ?? '' });
  await response.text();
}

/** @param sorted ascending; NaN when it is empty. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

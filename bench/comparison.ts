import { type Host, openHost } from './engines';
import { load, type Round } from './load';
import { type Options } from './options';
import { type Peer, type PeerName, PEERS_ON, startHeliograph, startPeer } from './peers';
import { median } from './report';
import { ask, checkSameness } from './sameness';
import { makeSampleStore, type SampleLines, type SampleStore, writeSampleLines } from './sample-store';
import { type Asked, cursorQuestion, type Workload, workloadsOver } from './workloads';

/** A peer, and what its questions must know of it. */
export interface Asking {
  readonly peer: Peer;
  readonly asked: Asked;
}

/** What was measured on one engine. */
export interface Comparison {
  readonly engine: Host['engine'];
  readonly workloads: readonly Measured[];
  /** Lines a second. */
  readonly importPace: number;
  /** From the start of the process until `/readyz` said yes, in milliseconds. */
  readonly startMs: number;
}

/** The rounds of every peer that took part in a workload, in their order. */
export interface Measured {
  readonly workload: Workload;
  readonly rounds: ReadonlyMap<PeerName, readonly Round[]>;
}

/** Measures every workload with all peers of an engine, after it has seen that they answer alike. */
export async function compare(folder: string, options: Options): Promise<readonly Comparison[]> {
  const lines = await writeSampleLines(folder, options.messages);
  const comparisons: Comparison[] = [];
  for (const engine of options.engines) {
    const host = await openHost(engine, folder);
    try {
      comparisons.push(await compareOn(host, lines, options));
    } finally {
      await host.close();
    }
  }
  return comparisons;
}

async function compareOn(host: Host, lines: SampleLines, options: Options): Promise<Comparison> {
  const store = await makeSampleStore(host, lines);
  const startMs = await startToReady(await host.copyStore(store.url, 'starts'));
  const asking: Asking[] = [];
  try {
    for (const name of PEERS_ON[host.engine]) {
      const peer = await startPeer(name, host, store);
      if (peer !== undefined) asking.push({ peer, asked: await askedOf(peer, store) });
    }
    const workloads = workloadsOver(store).filter(({ name }) => options.workloads.includes(name));
    await checkSameness(asking, workloads);
    const measured: Measured[] = [];
    for (const workload of workloads) {
      measured.push({ workload, rounds: await takeTurns(workload, asking, host, options) });
    }
    return { engine: host.engine, workloads: measured, importPace: store.imported.pace, startMs };
  } finally {
    for (const { peer } of asking) await peer.stop();
  }
}

const STARTS = 3;

/** The median of some starts. @param store that nobody has open. */
export async function startToReady(store: string): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const beganAt = performance.now();
    const gateway = await startHeliograph(store);
    const { ok } = await fetch(new URL('/readyz', gateway.url));
    times.push(performance.now() - beganAt);
    await gateway.stop();
    if (!ok) throw new Error('The gateway listens but is not ready.');
  }
  return median(times);
}

/** Asks a peer what its questions need. */
export async function askedOf(peer: Peer, store: SampleStore): Promise<Asked> {
  const data = (await ask(peer, cursorQuestion(store, peer.name))) as {
    readonly messages: { readonly pageInfo: { readonly endCursor: string } };
  };
  return { name: peer.name, deepCursor: data.messages.pageInfo.endCursor };
}

/** Rounds that are as long as the warm-up: V8 goes on compiling for some thousands of requests. */
const WARM_UP_ROUNDS = 2;

/** Rounds in which the peers take turns, so that what else the machine does meets them all alike. */
async function takeTurns(
  workload: Workload,
  asking: readonly Asking[],
  host: Host,
  { seconds, rounds }: Options,
): Promise<Measured['rounds']> {
  const measured = new Map<PeerName, Round[]>(asking.map(({ peer }) => [peer.name, []]));
  const measure = ({ peer, asked }: Asking, forSeconds: number): Promise<Round> =>
    load(peer, {
      bodies: workload.bodiesFor(asked),
      isRead: workload.isRead,
      seconds: forSeconds,
      databaseTimeMs: () => host.processorTimeMs(),
    });
  for (const each of asking) await measure(each, WARM_UP_ROUNDS * seconds);
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`${host.engine}: ${workload.title}: round ${round + 1} of ${rounds}\n`);
    // Every other round backwards: who comes after a heavier one would otherwise always do so.
    const order = round % 2 === 0 ? asking : [...asking].reverse();
    for (const each of order) measured.get(each.peer.name)?.push(await measure(each, seconds));
  }
  return measured;
}

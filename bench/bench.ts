// Measures the gateway beside a bare server and the stock stack, and prints one table; see docs/BENCHMARKS.md.
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, type Round } from './load';
import { readOptions } from './options';
import { type Peer, PEER_NAMES, type PeerName, startHeliograph, startPeer } from './peers';
import { machine, type Measured, median, noise, table, versions } from './report';
import { checkSameness } from './sameness';
import { makeSampleStore, type SampleStore } from './sample-store';
import { withTemporaryFolder } from './temporary-folder';
import { type Workload, workloadsOver } from './workloads';

const STARTS = 3;

async function main(folder: string): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  execFileSync(process.execPath, [join(__dirname, '../scripts/build.mjs')], { stdio: 'inherit' });
  const store = await makeSampleStore(folder, options.messages);
  const startMs = await startToReady(store, folder);

  const peers: Peer[] = [];
  try {
    for (const name of PEER_NAMES) peers.push(await startPeer(name, store.file, folder));
    const workloads = workloadsOver(store).filter(({ name }) => options.workloads.includes(name));
    await checkSameness(peers, workloads);
    const measured: Measured[] = [];
    for (const workload of workloads) {
      measured.push({ workload, rounds: await takeTurns(workload, peers, options) });
    }
    print(
      table(measured),
      `Store: ${store.messages} messages; ${options.rounds} rounds of ${options.seconds} s, medians; ${CONDITIONS}.`,
      noise(measured),
      `Start to ready: ${startMs.toFixed(0)} ms. Import: ${store.importSummary}.`,
      machine(),
      versions(),
    );
  } finally {
    for (const peer of peers) await peer.stop();
  }
}

const CONDITIONS = '16 connections, the load generator on the same machine';

/** The median time from the start of the process until `/readyz` said yes, in milliseconds. */
async function startToReady({ file }: SampleStore, folder: string): Promise<number> {
  const storeFile = join(folder, 'starts.sqlite');
  copyFileSync(file, storeFile);
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const beganAt = performance.now();
    const gateway = await startHeliograph(storeFile);
    const { ok } = await fetch(new URL('/readyz', gateway.url));
    times.push(performance.now() - beganAt);
    await gateway.stop();
    if (!ok) throw new Error('The gateway listens but is not ready.');
  }
  return median(times);
}

/** Rounds in which the peers take turns, so that what else the machine does meets them all alike. */
async function takeTurns(
  workload: Workload,
  peers: readonly Peer[],
  { seconds, rounds }: { readonly seconds: number; readonly rounds: number },
): Promise<ReadonlyMap<PeerName, readonly Round[]>> {
  const taking = peers.filter(({ name }) => workload.peers.includes(name));
  const measured = new Map<PeerName, Round[]>(taking.map(({ name }) => [name, []]));
  for (const peer of taking) await load(peer, workload, Math.min(2, seconds));
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`${workload.title}: round ${round + 1} of ${rounds}\n`);
    // Every other round backwards: who comes after a heavier one would otherwise always do so.
    const order = round % 2 === 0 ? taking : [...taking].reverse();
    for (const peer of order) measured.get(peer.name)?.push(await load(peer, workload, seconds));
  }
  return measured;
}

function print(results: string, ...notes: readonly string[]): void {
  console.log(`\n${results}\n\n${notes.join('\n')}`);
}

withTemporaryFolder(main).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

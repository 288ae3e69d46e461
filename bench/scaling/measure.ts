// Puts gateways on one PostgreSQL under load, and prints one table; see docs/SCALING.md.
// node --import tsx bench/scaling/measure.ts --url postgres://… --processes 1 --processes 2
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Round } from '../load';
import { median } from '../report';
import { type Peer, startHeliograph } from '../peers';
import { loadTogether } from '../several';
import { scalingWorkloads } from './questions';

interface Options {
  readonly url: string;
  /** So many gateways in turn. */
  readonly processes: readonly number[];
  readonly seconds: number;
  readonly rounds: number;
  /** Names of workloads; of none: all. */
  readonly only: readonly string[];
}

async function main(): Promise<void> {
  const { url, processes, seconds, rounds, only } = readOptions();
  const workloads = await scalingWorkloads(url);
  const gateways: Peer[] = [];
  try {
    while (gateways.length < Math.max(...processes)) gateways.push(await startHeliograph(url));
    console.log('| workload | processes | requests/s | p50 ms | p99 ms | failed | load |');
    console.log('|---|---:|---:|---:|---:|---:|---:|');
    for (const workload of workloads) {
      if (only.length > 0 && !only.includes(workload.name)) continue;
      const measured = new Map(processes.map(count => [count, [] as Round[]]));
      await loadTogether(gateways, { ...workload, seconds: 1 });
      // In turn, so that what else the machine does meets each of them alike.
      for (let round = 0; round < rounds; round += 1) {
        for (const count of processes) {
          measured.get(count)?.push(await loadTogether(gateways.slice(0, count), { ...workload, seconds }));
        }
      }
      for (const [count, of] of measured) console.log(row(workload.title, count, of));
    }
  } finally {
    for (const gateway of gateways) await gateway.stop();
  }
}

function row(title: string, processes: number, rounds: readonly Round[]): string {
  const rate = median(rounds.map(round => round.rate));
  const cells = [
    ...[title, String(processes), rate.toFixed(rate < 100 ? 1 : 0)],
    median(rounds.map(({ p50Ms }) => p50Ms)).toFixed(1),
    median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(1),
    String(rounds.reduce((failed, { failures }) => failed + failures, 0)),
    (loadavg()[0] ?? Number.NaN).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      processes: { type: 'string', multiple: true, default: ['1'] },
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  if (values.url === undefined) throw new Error('--url must name the store: postgres://…');
  return {
    url: values.url,
    processes: values.processes.map(Number),
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    only: values.only,
  };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

import { availableParallelism } from 'node:os';
import { askedOf } from './comparison';
import { openHost } from './engines';
import { type Load, type Round } from './load';
import { type Options } from './options';
import { type Peer, startHeliograph } from './peers';
import { circumstances, figure, grouped, median, table } from './report';
import { makeSampleStore, writeSampleLines } from './sample-store';
import { loadTogether } from './several';
import { workloadsOver } from './workloads';

/** Compares several numbers of gateways on one PostgreSQL, as Markdown. */
export async function processesReport(folder: string, options: Options): Promise<string> {
  const host = await openHost('postgres', folder);
  const gateways: Peer[] = [];
  try {
    const store = await makeSampleStore(host, await writeSampleLines(folder, options.messages));
    const first = await startHeliograph(store.url);
    gateways.push(first);
    while (gateways.length < Math.max(...options.processes)) gateways.push(await startHeliograph(store.url));
    // Their cursors are the same: they are made of what is in the store.
    const asked = await askedOf(first, store);
    const rows: (readonly string[])[] = [];
    for (const workload of workloadsOver(store).filter(({ name }) => options.workloads.includes(name))) {
      process.stderr.write(`${workload.title}\n`);
      const { isRead } = workload;
      const work = {
        bodies: workload.bodiesFor(asked),
        isRead,
        databaseTimeMs: () => host.processorTimeMs(),
      };
      const measured = await takeTurns(gateways, work, options);
      rows.push(
        ...measured.map((rounds, index) => row(index === 0 ? workload.title : '', rounds, measured[0])),
      );
    }
    const notes = [
      `Store: ${grouped(options.messages)} messages; ${options.rounds} rounds of ${options.seconds} s, medians.`,
      `PostgreSQL, the gateways and the load generator share ${availableParallelism()} cores.`,
      ...circumstances(),
    ];
    return `${table(HEADINGS, rows, 1)}\n\n${notes.map(note => `- ${note}`).join('\n')}`;
  } finally {
    for (const gateway of gateways) await gateway.stop();
    await host.close();
  }
}

const HEADINGS = [
  ...[
    'workload',
    'gateways',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'cpu ms',
    'db cpu ms',
    'to the first',
    'failed',
  ],
];

interface Measured {
  readonly gateways: number;
  readonly rounds: readonly Round[];
}

/** Rounds in which the numbers of gateways take turns, after a warm-up of all. */
async function takeTurns(
  gateways: readonly Peer[],
  work: Load,
  { processes, rounds, seconds }: Options,
): Promise<readonly Measured[]> {
  const measured = processes.map(count => ({ gateways: count, rounds: [] as Round[] }));
  await loadTogether(gateways, { ...work, seconds });
  for (let round = 0; round < rounds; round += 1) {
    for (const each of measured) {
      each.rounds.push(await loadTogether(gateways.slice(0, each.gateways), { ...work, seconds }));
    }
  }
  return measured;
}

function row(title: string, { gateways, rounds }: Measured, first: Measured | undefined): readonly string[] {
  const middle = (key: keyof Round): string => figure(median(rounds.map(round => round[key])));
  const gains = rounds.map(({ rate }, round) => rate / (first?.rounds[round]?.rate ?? Number.NaN));
  const failures = rounds.reduce((sum, round) => sum + round.failures, 0);
  return [
    ...[title, String(gateways), middle('rate'), middle('p50Ms'), middle('p99Ms'), middle('processorMs')],
    ...[middle('databaseMs'), median(gains).toFixed(2), String(failures)],
  ];
}

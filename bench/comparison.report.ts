import { type Comparison, type Measured } from './comparison';
import { ENGINE_TITLES } from './engines';
import { type Round } from './load';
import { type Options } from './options';
import { type PeerName } from './peers';
import { circumstances, figure, grouped, median, table } from './report';
import { CONNECTIONS } from './workloads';

/** All that was compared, as Markdown. */
export function comparisonReport(comparisons: readonly Comparison[], options: Options): string {
  const measured = comparisons.flatMap(({ workloads }) => workloads);
  const notes = [
    `Store: ${grouped(options.messages)} messages; ${CONNECTIONS} connections; ${options.rounds} rounds of ${options.seconds} s, medians.`,
    noise(measured),
    ...comparisons.map(
      ({ engine, startMs, importPace }) =>
        `${ENGINE_TITLES[engine]}: start to ready ${grouped(startMs)} ms, import of ${grouped(options.messages)} ` +
        `messages ${grouped(importPace)} lines a second.`,
    ),
    ...circumstances(),
  ];
  return [
    table(HEADINGS, comparisons.flatMap(rowsOf), 3),
    notes.map(note => `- ${note}`).join('\n'),
    table(['goal', 'at least', 'this run'], comparisons.flatMap(goalRows), 1),
  ].join('\n\n');
}

const HEADINGS = [
  ...['on', 'workload', 'peer', 'requests/s', 'p50 ms', 'p99 ms', 'cpu ms', 'db cpu ms'],
  ...['ours to its rate', 'its to our cpu', 'failed'],
];

function rowsOf({ engine, workloads }: Comparison): readonly (readonly string[])[] {
  return workloads.flatMap(({ workload, rounds }) =>
    [...rounds].map(([name, own], index) => [
      ...(index === 0 ? [ENGINE_TITLES[engine], workload.title] : ['', '']),
      name,
      ...['rate', 'p50Ms', 'p99Ms', 'processorMs'].map(key => figure(middle(own, key as keyof Round))),
      engine === 'sqlite' ? '' : figure(middle(own, 'databaseMs')),
      ...(name === 'heliograph'
        ? ['', '']
        : [rateRatio(rounds, name), processorRatio(rounds, name)].map(figure)),
      String(own.reduce((sum, { failures }) => sum + failures, 0)),
    ]),
  );
}

/** Round by round, because those of one round ran next to each other and share what else the machine was doing. */
function rateRatio(rounds: Measured['rounds'], peer: PeerName): number {
  return median(pairs(rounds, peer).map(([ours, its]) => ours.rate / its.rate));
}

function processorRatio(rounds: Measured['rounds'], peer: PeerName): number {
  return median(pairs(rounds, peer).map(([ours, its]) => its.processorMs / ours.processorMs));
}

function pairs(rounds: Measured['rounds'], peer: PeerName): readonly (readonly [Round, Round])[] {
  const its = rounds.get(peer) ?? [];
  return (rounds.get('heliograph') ?? []).flatMap((ours, round) => {
    const other = its[round];
    return other === undefined ? [] : [[ours, other] as const];
  });
}

function middle(rounds: readonly Round[], key: keyof Round): number {
  return median(rounds.map(round => round[key]));
}

/** How far the rounds of the same work lay apart: what is smaller than this is no difference. */
function noise(measured: readonly Measured[]): string {
  const spread = (key: 'rate' | 'processorMs'): readonly number[] =>
    measured.flatMap(({ rounds }) =>
      [...rounds.values()].map(own => {
        const values = own.map(round => round[key]);
        return (100 * (Math.max(...values) - Math.min(...values))) / median(values);
      }),
    );
  const [rates, times] = [spread('rate'), spread('processorMs')];
  return (
    `Noise: between rounds of the same work the rates lay ${median(rates).toFixed(0)} % apart in the median ` +
    `(${Math.max(...rates).toFixed(0)} % at worst), the processor times ${median(times).toFixed(0)} % ` +
    `(${Math.max(...times).toFixed(0)} %).`
  );
}

/** What is aimed at: our rate as a multiple of a peer's, in one run. */
const GOALS = [
  { engine: 'sqlite', workload: 'inbox', peer: 'floor', atLeast: 0.85 },
  { engine: 'sqlite', workload: 'inbox', peer: 'mercurius', atLeast: 1 },
  { engine: 'sqlite', workload: 'inbox', peer: 'stock', atLeast: 2.5 },
  { engine: 'sqlite', workload: 'by-id', peer: 'stock', atLeast: 1.5 },
  { engine: 'sqlite', workload: 'status', peer: 'stock', atLeast: 2 },
  { engine: 'sqlite', workload: 'create', peer: 'stock', atLeast: 2 },
  { engine: 'sqlite', workload: 'batch', peer: 'stock', atLeast: 10 },
  { engine: 'postgres', workload: 'inbox', peer: 'postgraphile', atLeast: 1.5 },
] as const;

function goalRows({ engine, workloads }: Comparison): readonly (readonly string[])[] {
  return GOALS.filter(goal => goal.engine === engine).flatMap(goal => {
    const measured = workloads.find(({ workload }) => workload.name === goal.workload);
    if (measured === undefined) return [];
    const what = `${ENGINE_TITLES[engine]}: ${measured.workload.title}, to ${goal.peer}`;
    return [[what, String(goal.atLeast), figure(rateRatio(measured.rounds, goal.peer))]];
  });
}

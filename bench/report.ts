import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Round } from './load';
import { PEER_NAMES, type PeerName } from './peers';
import { type Workload } from './workloads';

/** The rounds of every peer that took part in a workload, in their order. */
export interface Measured {
  readonly workload: Workload;
  readonly rounds: ReadonlyMap<PeerName, readonly Round[]>;
}

/** The table, as Markdown. */
export function table(measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ workload, rounds }) =>
    PEER_NAMES.filter(name => rounds.has(name)).map((name, index) => [
      index === 0 ? workload.title : '',
      name,
      ...cells(rounds, name),
    ]),
  );
  const all = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column < 2 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(HEADINGS), rule, ...rows.map(line)].join('\n');
}

const HEADINGS = [
  'workload',
  'peer',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'cpu ms',
  'to floor',
  'to stock',
  'failed',
];

function cells(rounds: Measured['rounds'], name: PeerName): readonly string[] {
  const own = rounds.get(name) ?? [];
  const rate = median(own.map(round => round.rate));
  return [
    rate.toFixed(rate < 100 ? 1 : 0),
    median(own.map(({ p50Ms }) => p50Ms)).toFixed(1),
    median(own.map(({ p99Ms }) => p99Ms)).toFixed(1),
    median(own.map(({ processorMs }) => processorMs)).toFixed(2),
    ratio(own, rounds.get('floor')),
    ratio(own, rounds.get('stock')),
    String(own.reduce((sum, { failures }) => sum + failures, 0)),
  ];
}

/** Round by round, because those of one round ran next to each other and share what else the machine was doing. */
function ratio(own: readonly Round[], other: readonly Round[] | undefined): string {
  if (other === undefined) return '';
  return median(own.map(({ rate }, round) => rate / (other[round]?.rate ?? Number.NaN))).toFixed(2);
}

/** How far the rounds of the same work lay apart: what is smaller than this is no difference. */
export function noise(measured: readonly Measured[]): string {
  const spreads = measured.flatMap(({ rounds }) =>
    [...rounds.values()].map(own => {
      const rates = own.map(({ rate }) => rate);
      return (100 * (Math.max(...rates) - Math.min(...rates))) / median(rates);
    }),
  );
  const [one = 0, five = 0] = loadavg();
  return (
    `Noise: the rates of one peer's rounds lay ${median(spreads).toFixed(0)} % apart in the median, ` +
    `${Math.max(...spreads).toFixed(0)} % at worst; load average ${one.toFixed(1)} (1 min), ${five.toFixed(1)} (5 min).`
  );
}

export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `Machine: ${availableParallelism()} cores (${model}), shared with the load; ${memory} GiB; ${process.platform}.`;
}

export function versions(): string {
  const installed = COMPARED.map(name => `${name} ${versionOf(name)}`);
  return `Versions: Node ${process.versions.node}, ${installed.join(', ')}.`;
}

const COMPARED = ['@apollo/server', 'graphql', 'type-graphql', 'typeorm', 'sqlite3', 'fastify', 'autocannon'];

function versionOf(name: string): string {
  const manifest = readFileSync(join(__dirname, '../node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** Of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

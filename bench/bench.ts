// Measures the gateway beside its peers, over growing stores, over many requests, or in several processes, and prints
// tables; see docs/BENCHMARKS.md.
import { compare } from './comparison';
import { comparisonReport } from './comparison.report';
import { type Section, writeSection } from './document';
import { buildGateway } from './gateway';
import { readOptions } from './options';
import { withTemporaryFolder } from './temporary-folder';

async function main(folder: string): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const tell = (section: Section, markdown: string): void => {
    console.log(`\n${markdown}\n`);
    if (options.write) writeSection(section, markdown);
  };
  buildGateway();
  tell('comparison', comparisonReport(await compare(folder, options), options));
}

withTemporaryFolder(main).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // At once, and so that what was started ends with it.
  process.exit(1);
});

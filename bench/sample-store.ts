import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY, gatewayEnvironment } from './gateway';
import { type Sample, samples } from './samples';

/** A store made for the benchmark, and what the workloads must know of it. */
export interface SampleStore {
  /** A SQLite file that nobody holds open. */
  readonly file: string;
  readonly messages: number;
  /** Incoming messages that can be archived, oldest first. */
  readonly receivedIds: readonly number[];
  /** What the import said of its pace. */
  readonly importSummary: string;
}

/** Fills a store in `folder` by the command that operators use, so that its pace is measured as well. */
export async function makeSampleStore(folder: string, messages: number): Promise<SampleStore> {
  const lines = join(folder, 'samples.ndjson');
  const file = join(folder, 'samples.sqlite');
  const receivedIds = await writeSamples(lines, messages);
  const said = execFileSync(process.execPath, [GATEWAY, 'import', lines], {
    env: gatewayEnvironment(file),
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  return { file, messages, receivedIds, importSummary: said.trim() };
}

async function writeSamples(file: string, count: number): Promise<readonly number[]> {
  const output = createWriteStream(file);
  const receivedIds: number[] = [];
  for (const sample of samples(count)) {
    if (isReceived(sample)) receivedIds.push(sample.id);
    if (!output.write(`${JSON.stringify(sample)}\n`)) await once(output, 'drain');
  }
  output.end();
  await once(output, 'close');
  return receivedIds;
}

function isReceived({ status }: Sample): boolean {
  return status === 'RECEIVED';
}

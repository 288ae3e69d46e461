import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { type Host } from './engines';
import { type Passage, runOverStore } from './gateway';
import { samples } from './samples';

/** Messages made for the benchmark, as a file for the import. */
export interface SampleLines {
  readonly file: string;
  readonly messages: number;
  /** How many of them the inbox shows. */
  readonly inbox: number;
  /** Some incoming messages that can be archived, oldest first. */
  readonly receivedIds: readonly number[];
}

/** A store that holds them; nobody has it open. */
export interface SampleStore extends SampleLines {
  /** Written like DATABASE_URL. */
  readonly url: string;
  readonly imported: Passage;
}

/** More than any workload writes to. */
const RECEIVED_KEPT = 10_000;

export async function writeSampleLines(folder: string, messages: number): Promise<SampleLines> {
  const file = join(folder, `samples-${messages}.ndjson`);
  const output = createWriteStream(file);
  const receivedIds: number[] = [];
  let inbox = 0;
  for (const sample of samples(messages)) {
    if (sample.status === 'RECEIVED') {
      inbox += 1;
      if (receivedIds.length < RECEIVED_KEPT) receivedIds.push(sample.id);
    }
    if (!output.write(`${JSON.stringify(sample)}\n`)) await once(output, 'drain');
  }
  output.end();
  await once(output, 'close');
  return { file, messages, inbox, receivedIds };
}

/** Fills a store by the command that operators use, so that its pace is measured as well. */
export async function makeSampleStore(host: Host, lines: SampleLines): Promise<SampleStore> {
  const url = await host.newStore(`samples-${lines.messages}`);
  process.stderr.write(`${host.engine}: importing ${lines.messages} messages\n`);
  const imported = await runOverStore(url, 'import', lines.file);
  await host.settle(url);
  return { ...lines, url, imported };
}

import { type Command } from 'commander';
import { MessageStore } from '../messages/message.store';
import { exportMessages } from '../messages/transfer/message.export';
import { systemClock } from '../platform/clock';
import { type Database } from '../platform/database/database';
import { type ExportTarget, fileTarget, streamTarget } from './export-target';
import { EXIT_CODES } from './failure';
import { helpText } from './help-text';
import { requireStore, withStore } from './open-store';
import { pace, startProgress } from './progress';

export function registerExport(program: Command): void {
  program
    .command('export')
    .summary('write every message to a file')
    .description(
      'Writes every message as NDJSON, one JSON object a line with every stored field, in the order of ids. ' +
        'The same store always gives the same bytes, and "heliograph import" makes the same store of them.',
    )
    .argument('<file>', 'the file, or - for standard output')
    .addHelpText(
      'after',
      helpText({
        notes: [
          'A file that is there is replaced when the export is complete, not before. Messages that arrive after the\n' +
            'start are left out. With - standard output carries the messages alone; all else goes to standard error.',
        ],
        examples: [
          ['export messages.ndjson', 'everything into a file'],
          [`export - | jq -r 'select(.status == "PENDING") | .id'`, 'the ids of what waits to be sent'],
        ],
        settings: ['DATABASE_URL', 'LOG_LEVEL'],
      }),
    )
    .action((file: string, _options: unknown, command: Command) => exportTo(file, command));
}

async function exportTo(file: string, command: Command): Promise<void> {
  requireStore();
  const startedAt = systemClock.now();
  const target = await openTarget(file, command);
  try {
    const count = await withStore(({ database }) => writeAll(database, target, startedAt));
    await target.finish();
    const answer = file === '-' ? process.stderr : process.stdout;
    answer.write(`exported ${pace(count, 'messages', startedAt)}\n`);
  } finally {
    await target.abandon();
  }
}

async function openTarget(file: string, command: Command): Promise<ExportTarget> {
  if (file === '-') return streamTarget(process.stdout);
  try {
    return await fileTarget(file);
  } catch (error) {
    return command.error(`error: cannot write ${file}: ${String(error)}`, {
      exitCode: EXIT_CODES.wrongUsage,
    });
  }
}

async function writeAll(database: Database, target: ExportTarget, startedAt: Date): Promise<number> {
  const store = new MessageStore(database);
  const { count, lastId } = await store.extent();
  const progress = startProgress(count, process.stderr);
  let written = 0;
  try {
    for await (const { text, messages } of exportMessages(store, lastId)) {
      await target.write(text);
      written += messages;
      progress.update(written, pace(written, 'messages', startedAt));
    }
  } finally {
    progress.stop();
  }
  return written;
}

import { type Command } from 'commander';
import { ContactStore } from '../contacts/contact.store';
import { exportContacts } from '../contacts/transfer/contact.export';
import { MessageStore } from '../messages/message.store';
import { exportMessages } from '../messages/transfer/message.export';
import { systemClock } from '../platform/clock';
import { type Database } from '../platform/database/database';
import { type ExportTarget, fileTarget, streamTarget } from './export-target';
import { EXIT_CODES } from './failure';
import { helpText } from './help-text';
import { requireStore, withStore } from './open-store';
import { grouped, pace, startProgress } from './progress';

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
            'start are left out. With - standard output carries these lines alone; all else goes to standard error.',
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
    const summary = await withStore(({ database }) => writeAll(database, target, startedAt));
    await target.finish();
    const answer = file === '-' ? process.stderr : process.stdout;
    answer.write(`exported ${summary}\n`);
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

async function writeAll(database: Database, target: ExportTarget, startedAt: Date): Promise<string> {
  const [store, contacts] = [new MessageStore(database), new ContactStore(database)];
  const { count, lastId } = await store.extent();
  const progress = startProgress(count + (await contacts.count()), process.stderr);
  const written = { contacts: 0, messages: 0 };
  const tell = (): void => {
    const lines = written.contacts + written.messages;
    progress.update(lines, pace(lines, 'lines', startedAt));
  };
  try {
    for await (const chunk of exportContacts(contacts)) {
      await target.write(chunk.text);
      written.contacts += chunk.contacts;
      tell();
    }
    for await (const chunk of exportMessages(store, lastId)) {
      await target.write(chunk.text);
      written.messages += chunk.messages;
      tell();
    }
  } finally {
    progress.stop();
  }
  const beside = written.contacts > 0 ? `, and ${grouped(written.contacts)} contacts` : '';
  return pace(written.messages, 'messages', startedAt) + beside;
}

import { type FileHandle, open } from 'node:fs/promises';
import { type Command } from 'commander';
import { OPERATOR } from '../audit/actor';
import {
  type ImportCounts,
  importMessages,
  ImportStopped,
  MAX_LINE_BYTES,
} from '../messages/transfer/message.import';
import { systemClock } from '../platform/clock';
import { Refusal } from '../platform/errors';
import { EXIT_CODES } from './failure';
import { helpText } from './help-text';
import { stopOnInterrupt } from './interruption';
import { withStore } from './open-store';
import { grouped, pace, startProgress } from './progress';

export function registerImport(program: Command): void {
  program
    .command('import')
    .summary('load messages from a file')
    .description(
      'Loads messages of both directions from NDJSON, one JSON object a line with the field names of the schema. ' +
        'It may be stopped and run again at any time: a message that is in the store already is not added twice.',
    )
    .argument('<file>', 'the file, or - for standard input')
    .addHelpText(
      'after',
      helpText({
        notes: NOTES,
        examples: [
          ['import messages.ndjson', 'load a file'],
          ['export - | gzip > all.gz; gunzip -c all.gz | heliograph import -', 'move everything elsewhere'],
          ['import messages.ndjson 2> refused.txt', 'keep the reasons of refused lines for later'],
        ],
        settings: ['DATABASE_URL', 'LOG_LEVEL'],
      }),
    )
    .action((file: string, _options: unknown, command: Command) => importFile(file, command));
}

/** Read at a time, in bytes. */
const READ_BYTES = 256 * 1024;

const NOTES = [
  [
    'Lines:',
    '  message and, unless the line is a reply, channels must be given; all else has a default. direction is',
    '  INCOMING, and what is INCOMING is RECEIVED. What is OUTGOING is SENT if the line has sentAt, else PENDING,',
    '  waiting to be sent. createdAt is now; sentAt of a SENT message is its updatedAt. A reply takes from its',
    '  parent what the API takes too. Derived fields (text, label, parent, replies, __typename) are ignored.',
    '  A line with "record": "contact" is a contact, and stands before the messages that name it: type must be',
    '  given. A message that names nobody who is known makes a contact of which only the id is known, which',
    '  the line of that contact fills.',
    `  UTF-8, at most ${MAX_LINE_BYTES / 1024 / 1024} MiB a line; blank lines are ignored.`,
  ].join('\n'),
  [
    'Identity:',
    '  A line is known by its id, else by dataProviderId and dataProviderMessageId together. If its message is',
    '  in the store, the line is skipped when every field that it carries equals the stored one, apart from',
    '  status, version, updatedAt and sentAt, which may have moved on; otherwise it is refused. A line without',
    '  identity is added each time. A parent stands before its replies, and its id is smaller than theirs.',
    '  A contact is known by its id, else by its type and address; every field but updatedAt must be equal.',
  ].join('\n'),
  [
    'Output:',
    '  A line that is wrong costs itself alone: standard error says "line 17: " and all that is wrong with it,',
    '  and the command ends with 1 when the rest is in. The summary goes to standard output.',
  ].join('\n'),
];

async function importFile(file: string, command: Command): Promise<void> {
  const { source, bytes } = await openSource(file, command);
  const startedAt = systemClock.now();
  const progress = startProgress(bytes, process.stderr);
  const stopListening = stopOnInterrupt(() => progress.stop());
  try {
    const counts = await withStore(({ database }) =>
      importMessages(source, {
        database,
        clock: systemClock,
        by: OPERATOR,
        listener: {
          refused: (line, reason) => progress.say(`line ${line}: ${reason}`),
          progress: (soFar, done) => progress.update(done, pace(linesOf(soFar), 'lines', startedAt)),
        },
      }),
    );
    progress.stop();
    process.stdout.write(`${summaryOf(counts, startedAt)}\n`);
    if (counts.refused > 0) process.exitCode = EXIT_CODES.failed;
  } catch (error) {
    progress.stop();
    throw error instanceof ImportStopped ? explained(error) : error;
  } finally {
    stopListening();
  }
}

interface Source {
  readonly source: AsyncIterable<Uint8Array>;
  /** Null where only its end will tell. */
  readonly bytes: number | null;
}

/** Opens the file before the store, so that a slip of the pen makes no store. */
async function openSource(file: string, command: Command): Promise<Source> {
  if (file === '-') return { source: process.stdin, bytes: null };
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    return command.error(`error: cannot read ${file}: ${reason}`, { exitCode: EXIT_CODES.wrongUsage });
  }
  const stats = await handle.stat();
  if (stats.isDirectory()) {
    command.error(`error: cannot read ${file}: it is a folder`, { exitCode: EXIT_CODES.wrongUsage });
  }
  const source = handle.createReadStream({ highWaterMark: READ_BYTES });
  return { source, bytes: stats.isFile() ? stats.size : null };
}

function summaryOf(counts: ImportCounts, startedAt: Date): string {
  const { added, skipped, refused, withoutIdentity, contacts } = counts;
  const lines = [
    `added ${grouped(added)}, skipped ${grouped(skipped)}, refused ${grouped(refused)}: ` +
      pace(linesOf(counts), 'lines', startedAt),
  ];
  if (contacts)
    lines.push(`contacts: added ${grouped(contacts.added)}, skipped ${grouped(contacts.skipped)}`);
  if (withoutIdentity > 0) lines.push(`${grouped(withoutIdentity)} of those added ${AGAIN}`);
  return lines.join('\n');
}

const AGAIN = 'have no identity (an id, or both ids of the provider): importing them again adds them again';

function linesOf({ added, skipped, refused, contacts }: ImportCounts): number {
  return added + skipped + refused + (contacts?.added ?? 0) + (contacts?.skipped ?? 0);
}

/** Says what a stopped import leaves behind and how to go on. */
function explained({ message, counts, cause }: ImportStopped): Error {
  const { added, withoutIdentity } = counts;
  const contacts = counts.contacts ? ` and ${grouped(counts.contacts.added)} contacts` : '';
  const repeated = withoutIdentity > 0 ? ` But ${grouped(withoutIdentity)} of them ${AGAIN}.` : '';
  const text =
    `${message} ${grouped(added)} messages${contacts} were added and stay in the store; ` +
    `import the same file again to go on: what is there is skipped.${repeated}`;
  return cause instanceof Refusal ? new Refusal(cause.code, text, cause.details) : new Error(text, { cause });
}

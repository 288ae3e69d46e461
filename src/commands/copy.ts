import { type Command } from 'commander';
import { copyStoreAt } from '../model';
import { systemClock } from '../platform/clock';
import { type CheckedTable, type CopyListener } from '../platform/database/copy/copy-run';
import { databaseUrlProblem, IN_MEMORY, type Place, placeOf } from '../platform/database/place';
import { EXIT_CODES } from './failure';
import { helpText } from './help-text';
import { stopOnInterrupt } from './interruption';
import { grouped, pace, type Progress, startProgress } from './progress';

export function registerCopy(program: Command): void {
  program
    .command('copy')
    .summary('move a whole store to another place')
    .description(
      'Copies a whole store into an empty one, between SQLite and PostgreSQL in either direction or within one of them: ' +
        'messages with their ids and versions, schedules, tokens, idempotency keys, the audit record. Then it reads the ' +
        'copy again and compares it with what the source held.',
    )
    .requiredOption('--from <url>', 'the store to copy, written like DATABASE_URL; it is only read')
    .requiredOption('--to <url>', 'where to; what is not there is made, and brought up to date')
    .configureOutput({ outputError: (text, write) => write(withoutPasswords(text)) })
    .addHelpText(
      'after',
      helpText({
        notes: NOTES,
        examples: [
          [
            'copy --from sqlite:./data/heliograph.sqlite --to postgres://heliograph@db.example/heliograph',
            'to a server, with the password from PGPASSWORD or ~/.pgpass',
          ],
          [
            'copy --from postgres://heliograph@db.example/heliograph --to sqlite:./heliograph.sqlite',
            'and back, into a file that is not there yet',
          ],
        ],
        settings: ['LOG_LEVEL'],
      }),
    )
    .action(copy);
}

const NOTES = [
  [
    'Interruptions:',
    '  It may be stopped at any time. The same command, run again, goes on where it stopped; until it has come to its',
    '  end, the target is refused by every other command. Rows that were copied before are compared with the source',
    '  first: where one has changed there since, it says so and stops. Rows that have come since are copied as well.',
  ].join('\n'),
  [
    'While it runs:',
    '  The source is copied as it was at the start. What is written to it later is not in the copy: for a move, stop',
    '  the gateway first.',
  ].join('\n'),
  [
    'Output:',
    '  For each table its rows and the SHA-256 of them, which is the same for the same rows on every engine.',
  ].join('\n'),
];

interface CopyOptions {
  readonly from: string;
  readonly to: string;
}

async function copy(urls: CopyOptions, command: Command): Promise<void> {
  const [from, to] = [place('from', urls, command), place('to', urls, command)];
  const startedAt = systemClock.now();
  const showing = new CopyProgress(startedAt);
  const stopListening = stopOnInterrupt(() => showing.stop());
  try {
    const tables = await copyStoreAt(from, to, showing);
    showing.stop();
    const summary = `copied ${pace(showing.copiedRows, 'rows', startedAt)}; both stores hold the same`;
    process.stdout.write(`${tableOf(tables)}\n${summary}\n`);
  } finally {
    stopListening();
    showing.stop();
  }
}

/** Checked here: the parser would repeat the address, with the password that it may hold. */
function place(option: keyof CopyOptions, urls: CopyOptions, command: Command): Place {
  const url = urls[option].trim();
  const problem = url === IN_MEMORY ? 'must be a store that stays' : databaseUrlProblem(url);
  if (problem !== undefined) {
    command.error(`error: --${option} ${problem}`, { exitCode: EXIT_CODES.wrongUsage });
  }
  return placeOf(url);
}

/** Whatever the parser says of an address in the wrong place. */
function withoutPasswords(text: string): string {
  return text.replace(/(postgres(?:ql)?:\/\/)[^\s'"]*@/gi, '$1');
}

/** Each row counts twice: it is copied, and then read again in the target. */
class CopyProgress implements CopyListener {
  copiedRows = 0;
  private done = 0;
  private checkedRows = 0;
  private shown: Progress | null = null;

  constructor(private readonly startedAt: Date) {}

  begins(rows: number): void {
    this.shown = startProgress(2 * rows, process.stderr);
  }

  copied(rows: number, isNew: boolean): void {
    if (isNew) this.copiedRows += rows;
    this.update(rows, pace(this.copiedRows, 'rows', this.startedAt));
  }

  checked(rows: number): void {
    this.checkedRows += rows;
    this.update(rows, `${grouped(this.checkedRows)} rows checked`);
  }

  stop(): void {
    this.shown?.stop();
    this.shown = null;
  }

  private update(rows: number, note: string): void {
    this.done += rows;
    this.shown?.update(this.done, note);
  }
}

function tableOf(tables: readonly CheckedTable[]): string {
  const lines = [
    ['TABLE', 'ROWS', 'SHA-256'],
    ...tables.map(({ name, rows, checksum }) => [name, grouped(rows), checksum]),
  ];
  const [names, counts] = [0, 1].map(column => Math.max(...lines.map(line => line[column]?.length ?? 0)));
  return lines
    .map(([name = '', rows = '', checksum = '']) =>
      [name.padEnd(names ?? 0), rows.padStart(counts ?? 0), checksum].join('  '),
    )
    .join('\n');
}

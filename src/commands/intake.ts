import { type Command, InvalidArgumentError } from 'commander';
import { idOf } from '../platform/id.rules';
import { helpText } from './help-text';
import { listFailures, printRaw, replayFailures, showFailure } from './intake-actions';

const SETTINGS = ['DATABASE_URL', 'INTAKE_KEY', 'LOG_LEVEL'] as const;

/** `intake list`, `intake show`, `intake replay` and `intake raw`. */
export function registerIntake(program: Command): void {
  const intake = program
    .command('intake')
    .summary('look at what data providers delivered and could not be taken')
    .description(
      'What a data provider has delivered with right proof is never lost: a request that could not be read or stored is kept ' +
        'for INTAKE_RETENTION_DAYS, and can be replayed once its cause is mended.',
    )
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['intake list', 'what waits, with the reasons'],
          ['intake replay --all', 'run all of it again, after an upgrade'],
        ],
        settings: SETTINGS,
      }),
    );
  registerList(intake);
  registerShow(intake);
  registerReplay(intake);
  registerRaw(intake);
}

function registerList(intake: Command): void {
  intake
    .command('list')
    .summary('list what could not be taken')
    .description(
      'Lists the failures of the intake that still wait, oldest first: id, provider, when it came first and last, how often, ' +
        'the length of its body in bytes, whether it is encrypted, and why it could not be taken. Times are UTC.',
    )
    .option('--all', 'those that were stored after all as well')
    .addHelpText('after', helpText({ examples: [['intake list', 'what waits']], settings: SETTINGS }))
    .action(({ all = false }: { readonly all?: boolean }) => listFailures(all));
}

function registerShow(intake: Command): void {
  intake
    .command('show')
    .summary('print a request that could not be taken')
    .description(
      'Prints the request as it was kept: its first line, its headers, and its body byte by byte, to standard output. ' +
        'It holds what people wrote. Credentials were removed before it was kept.',
    )
    .argument('<id>', 'the id that "intake list" shows', parseId)
    .addHelpText(
      'after',
      helpText({ examples: [['intake show 3', 'the request of the failure 3']], settings: SETTINGS }),
    )
    .action(showFailure);
}

function registerReplay(intake: Command): void {
  intake
    .command('replay')
    .summary('run what could not be taken again')
    .description(
      'Reads kept requests by this release and the present providers file, and stores their messages; what is in the store ' +
        'already is left as it is, so that it may be run any number of times. It fails if any request still fails.',
    )
    .argument('[id]', 'the id that "intake list" shows', parseId)
    .option('--all', 'all that wait')
    .addHelpText(
      'after',
      helpText({
        notes: ['A gateway may be running meanwhile.'],
        examples: [
          ['intake replay 3', 'one of them'],
          ['intake replay --all', 'all of them, oldest first'],
        ],
        settings: [...SETTINGS, 'PROVIDERS_FILE', 'PUBLIC_URL'],
      }),
    )
    .action((id: number | undefined, { all = false }: { readonly all?: boolean }, command: Command) => {
      if ((id === undefined) !== all)
        command.error('error: give either the id of a failure or --all', { exitCode: 2 });
      return replayFailures(id ?? null);
    });
}

function registerRaw(intake: Command): void {
  intake
    .command('raw')
    .summary('print the request by which a message came')
    .description(
      'Prints the request by which a message came in, where the message could not hold all of it: a text that was cut, a ' +
        'control character, a time to come. Of all other messages nothing but what they hold is kept.',
    )
    .argument('<message-id>', 'the id of the message', parseId)
    .addHelpText(
      'after',
      helpText({ examples: [['intake raw 12', 'the request of message 12']], settings: SETTINGS }),
    )
    .action(printRaw);
}

function parseId(text: string): number {
  const id = idOf(text);
  if (id === null) throw new InvalidArgumentError('An id is a whole number from 1 on.');
  return id;
}

#!/usr/bin/env node
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerCopy } from './commands/copy';
import { registerDemo } from './commands/demo';
import { describeFailure, EXIT_CODES } from './commands/failure';
import { registerExport } from './commands/export';
import { helpText } from './commands/help-text';
import { registerImport } from './commands/import';
import { registerIntake } from './commands/intake';
import { registerMigrate } from './commands/migrate';
import { registerProvider } from './commands/provider';
import { registerServe } from './commands/serve';
import { registerToken } from './commands/token';
import { SETTINGS } from './platform/setting.kinds';

const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
  version: string;
};

const program = new Command('heliograph')
  .description(
    'A GraphQL gateway over one store of all the messages that an organisation receives and sends.',
  )
  .version(version, '-V, --version', 'print the version')
  .exitOverride()
  .showHelpAfterError('(--help after the command tells more)')
  .addHelpText(
    'after',
    helpText({
      notes: ['Answers go to standard output, the log and errors to standard error.'],
      examples: [['token create --help', 'what a command does, with its options']],
      settings: SETTINGS.map(({ name }) => name),
    }),
  );

registerMigrate(program);
registerImport(program);
registerExport(program);
registerCopy(program);
registerToken(program);
registerIntake(program);
registerProvider(program);
registerServe(program);
registerDemo(program);

// Whoever reads the answer may stop early, as `head` does; then there is nobody left to answer.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`error: cannot write to standard output: ${error.message}\n`);
  process.exit(EXIT_CODES.failed);
});

program.parseAsync().catch((error: unknown) => {
  const { exitCode, text } = describeFailure(error, process.env);
  if (text !== '') process.stderr.write(`${text}\n`);
  // Only set, not exited with: what was written must still reach a slow pipe.
  process.exitCode = exitCode;
});

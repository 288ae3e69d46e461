import { type Command } from 'commander';
import { loadDemo } from '../demo/load-demo';
import { serve } from '../main';
import { systemClock } from '../platform/clock';
import { SETTINGS } from '../platform/setting.kinds';
import { helpText } from './help-text';
import { settings } from './open-store';

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .summary('serve a throw-away store filled with sample messages')
    .description(
      'Serves a temporary store with some hundred sample messages in many languages: threads, schedules, every status ' +
        'and channel. Nothing of it is left when the command ends, and no other store is touched.',
    )
    .addHelpText(
      'after',
      helpText({
        examples: [['demo', 'open the address that is printed, and look around']],
        settings: SETTINGS.map(({ name }) => name).filter(name => name !== 'DATABASE_URL'),
      }),
    )
    .action(() =>
      serve({
        config: { ...settings(), databaseUrl: 'sqlite::memory:' },
        prepare: database => loadDemo(database, systemClock),
      }),
    );
}

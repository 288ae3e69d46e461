import { type Command } from 'commander';
import { serve } from '../main';
import { SETTINGS } from '../platform/setting.kinds';
import { helpText } from './help-text';
import { providersOf, settings } from './open-store';

export function registerServe(program: Command): void {
  program
    .command('serve')
    .summary('serve the GraphQL endpoint')
    .description(
      'Applies missing migrations and serves the store at /graphql, until SIGTERM or SIGINT: then what has been accepted ' +
        'is finished first. Where there is no token yet, one is made and printed once, as the address to open.',
    )
    .addHelpText(
      'after',
      helpText({
        notes: ['One line on standard output says where it listens; the log goes to standard error.'],
        examples: [
          ['serve', 'the embedded store in ./data, on port 4000'],
          ['token create --name app --scope messages:list messages:read', 'a token for an app'],
        ],
        settings: SETTINGS.map(({ name }) => name),
      }),
    )
    .action(() => {
      const config = settings();
      return serve({ config, providers: providersOf(config) });
    });
}

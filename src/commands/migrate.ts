import { type Command } from 'commander';
import { migrateStoreAt } from '../model';
import { placeOf } from '../platform/database/place';
import { helpText } from './help-text';
import { settings } from './open-store';

export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .summary('bring the store up to date')
    .description(
      'Applies the migrations that the store does not have yet, each in a transaction of its own, and prints their ' +
        'names. A store that is not there is made. Every other command does this by itself; this one is for ' +
        'doing it ahead, for instance before the new release is started.',
    )
    .addHelpText(
      'after',
      helpText({
        notes: ['A store that was written by a newer release is left alone, and the command fails.'],
        examples: [
          ['migrate', 'the store that the settings name'],
          ['migrate && heliograph serve', 'migrate first, and serve only if that went well'],
        ],
        settings: ['DATABASE_URL', 'LOG_LEVEL'],
      }),
    )
    .action(migrateStore);
}

async function migrateStore(): Promise<void> {
  const place = placeOf(settings().databaseUrl);
  try {
    const applied = await migrateStoreAt(place);
    const summary =
      applied.length === 0
        ? 'Nothing to apply'
        : `Applied ${applied.length} migration${applied.length === 1 ? '' : 's'}`;
    process.stdout.write([...applied, `${summary}: ${place.name} is up to date.`, ''].join('\n'));
  } finally {
    place.dispose();
  }
}

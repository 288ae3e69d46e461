import { existsSync } from 'node:fs';
import { type Scope, SCOPES } from '../auth/scope.kinds';
import { openStore } from '../model';
import { systemClock } from '../platform/clock';
import { type Config, readConfig } from '../platform/config';
import { type Database } from '../platform/database/database';
import { placeOf } from '../platform/database/place';
import { type ConfiguredProvider } from '../providers/kind';
import { readProviders } from '../providers/setup/providers-file';

/** What a command works with. */
export interface OpenStore {
  readonly config: Config<Scope>;
  readonly database: Database;
}

/** The settings of this process. */
export function settings(): Config<Scope> {
  return readConfig(process.env, SCOPES);
}

/**
 * The data providers of this process.
 * @throws ConfigError with everything that is wrong with their file.
 */
export function providersOf(config: Config): readonly ConfiguredProvider[] {
  return readProviders(config, process.env);
}

/** Opening a store makes it where it is not; to read or undo something in one that was just made is never meant. */
export function requireStore(): void {
  const place = placeOf(settings().databaseUrl);
  const exists = place.file === null || existsSync(place.file);
  place.dispose();
  if (!exists) throw new Error(`There is no store at ${place.name}; DATABASE_URL says where it is.`);
}

/**
 * Opens the store that the settings name, applying migrations that are missing, for as long as `work` takes.
 * @throws ConfigError when settings are wrong; Refusal when the store cannot be reached.
 */
export async function withStore<T>(work: (open: OpenStore) => Promise<T>): Promise<T> {
  const config = settings();
  const place = placeOf(config.databaseUrl);
  try {
    const database = await openStore(place, systemClock);
    try {
      return await work({ config, database });
    } finally {
      await database.close();
    }
  } finally {
    place.dispose();
  }
}

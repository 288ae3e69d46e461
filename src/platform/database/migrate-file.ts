import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import { type Model, writerOptions } from './data-source';
import { asDatabaseRefusal } from './database-errors';
import { migrate } from './migrate';

/**
 * Brings the store in a file up to date and lets go of it; a file that is not there is made.
 * @returns the names of the migrations that were applied, in their order.
 * @throws Error when the store is newer than this release; Refusal when it cannot be reached.
 */
export async function migrateFile(file: string, model: Model): Promise<readonly string[]> {
  mkdirSync(dirname(file), { recursive: true });
  const source = new DataSource(writerOptions(file, model));
  try {
    await source.initialize();
    return await migrate(source);
  } catch (error) {
    throw asDatabaseRefusal(error);
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

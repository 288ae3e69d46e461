import { DataSource } from 'typeorm';
import { type Model, writerOptions } from './data-source';
import { makeFile } from './place';
import { asDatabaseRefusal } from './database-errors';
import { migrate } from './migrate';

/**
 * Brings the store in a file up to date and lets go of it; a file that is not there is made.
 * @returns the names of the migrations that were applied, in their order.
 * @throws Error when the store is newer than this release; Refusal when it cannot be reached.
 */
export async function migrateFile(file: string, model: Model): Promise<readonly string[]> {
  makeFile(file);
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

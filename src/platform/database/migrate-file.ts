import { type Model, writerConnection } from './data-source';
import { makeFile } from './place';
import { asDatabaseRefusal } from './database-errors';
import { prepareStore } from './migrate';
import { requireWritable } from './store-file';

/**
 * Brings the store in a file up to date and lets go of it; a file that is not there is made.
 * @returns the names of the migrations that were applied, in their order.
 * @throws Error when the store is newer than this release; Refusal when it cannot be reached.
 */
export async function migrateFile(file: string, model: Model): Promise<readonly string[]> {
  makeFile(file);
  requireWritable(file);
  let applied: readonly string[] = [];
  const writer = writerConnection(file, model, async source => {
    applied = await prepareStore(source);
  });
  try {
    await writer.open();
    return applied;
  } catch (error) {
    throw asDatabaseRefusal(error);
  } finally {
    await writer.close();
  }
}

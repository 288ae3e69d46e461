import { type Model } from '../data-source';
import { type Database } from '../database';
import { about } from './copy-error';
import { setMark } from './copy-mark';
import { type CheckedTable, CopyRun, type CopyListener } from './copy-run';
import { type CopiedTable, copiedTables } from './copied-table';
import { type Places, refuseGateways, refuseRows, requireRoom, requireWholeStore } from './fitness';
import { withSnapshot } from './snapshot';

export interface CopyOptions extends Places {
  /** Of this release; which engine its migrations are for does not matter. */
  readonly model: Model;
  /** Opens the target: makes it where it is not there, and applies its migrations. */
  readonly open: () => Promise<Database>;
  readonly listener: CopyListener;
}

/**
 * Moves all rows of a store into an empty one, with their ids and the last id that was ever given in each table. The source
 * is only read, all of it as it was at one moment.
 *
 * A target is empty, then marked (nobody else is let into the store from here on), then filled table by table in the order
 * of keys, a page at a time in a transaction of its own, then checked against the source; with that the mark goes. However
 * it ends before, the next run goes on behind the last row that is there, once it has found that what lies before is what
 * the source holds now.
 * @returns the tables in the order in which they were copied.
 * @throws CopyError when it was not begun, or not finished.
 */
export function copyStore(options: CopyOptions): Promise<readonly CheckedTable[]> {
  const { from, to, model, open, listener } = options;
  return withSnapshot('source', from, async source => {
    await requireWholeStore(source, model);
    await requireRoom(source, { from, to }, model);
    const target = await about('target', open);
    try {
      const tables = copiedTables(model.entities.map(entity => target.metadata(entity)));
      const run = await begin(target, tables, from.name);
      return await new CopyRun(source, target, run, listener).all(tables);
    } finally {
      await target.close();
    }
  });
}

/** @returns the run that fills the target from now on. */
function begin(target: Database, tables: readonly CopiedTable[], source: string): Promise<string> {
  const names = tables.map(({ name }) => name);
  return about('target', async () => {
    await refuseGateways(target);
    return target.write(async unit => {
      // Somebody may have been here since the first look.
      await refuseRows(unit.query, unit.dialect, names);
      return setMark(unit, source, names);
    });
  });
}

import { Refusal } from '../../errors';
import { type Database } from '../database';
import { type UnitOfWork } from '../unit-of-work';
import { Checksum, checksumOf, type Contents, isSame } from './checksum';
import { about, CopyError, reasonOf } from './copy-error';
import { holdMark, removeMark } from './copy-mark';
import { type Cells, type CopiedTable, insertStatement, nameOfRow } from './copied-table';
import { lastKey, pagesOf, WHOLE } from './pages';
import { type Snapshot } from './snapshot';

export interface CopyListener {
  /** @param rows of all tables of the source, each of which is copied and then checked. */
  begins(rows: number): void;
  /** So many more rows of the source are in the target. @param isNew whether they were not before this run. */
  copied(rows: number, isNew: boolean): void;
  /** So many more rows of the target have been read again. */
  checked(rows: number): void;
}

/** A table that is the same on both sides. */
export interface CheckedTable extends Contents {
  readonly name: string;
}

/** One run of a copy, from the mark on. */
export class CopyRun {
  constructor(
    private readonly source: Snapshot,
    private readonly target: Database,
    private readonly run: string,
    private readonly listener: CopyListener,
  ) {}

  /** Copies what is not there yet, checks all, and removes the mark. */
  async all(tables: readonly CopiedTable[]): Promise<readonly CheckedTable[]> {
    this.listener.begins(await this.count(tables));
    const expected = new Map<CopiedTable, Contents>();
    for (const table of tables) expected.set(table, await this.copy(table));
    const lastIds = await this.lastIds(tables);
    await about(
      'target',
      () => this.target.write(unit => this.finish(unit, expected, lastIds)),
      MAY_BE_COMPLETE,
    );
    return [...expected].map(([{ name }, contents]) => ({ name, ...contents }));
  }

  private async count(tables: readonly CopiedTable[]): Promise<number> {
    let rows = 0;
    for (const { name } of tables) {
      const [row] = await this.source.query<{ count: number }>(`select count(*) as "count" from ${name}`);
      rows += row?.count ?? 0;
    }
    return rows;
  }

  /** @returns what the source holds in this table. */
  private async copy(table: CopiedTable): Promise<Contents> {
    const { checksum, last } = await this.compareFormer(table);
    for await (const page of pagesOf(this.source.query, table, { after: last, through: null })) {
      checksum.add(page);
      await this.store(table, page);
      this.listener.copied(page.length, true);
    }
    return checksum.contents;
  }

  /** @throws CopyError when the source no longer holds what a former run has copied. */
  private async compareFormer(table: CopiedTable): Promise<Former> {
    const { read } = this.target;
    const last = await about('target', () => lastKey(read, table));
    if (last === null) return { checksum: new Checksum(), last };
    const there = await about('target', () => checksumOf(read, table, WHOLE, () => undefined));
    const checksum = await checksumOf(this.source.query, table, { after: null, through: last }, rows =>
      this.listener.copied(rows, false),
    );
    if (isSame(checksum.contents, there.contents)) return { checksum, last };
    throw new CopyError(
      `The target is the unfinished copy of another store, or of this one before it changed (${table.name} differs). ${BEGIN_ANEW}`,
    );
  }

  /** A page that is refused is stored in halves, and these again, until the row is found that has to be named. */
  private async store(table: CopiedTable, page: readonly Cells[]): Promise<void> {
    const [first] = page;
    if (first === undefined) return;
    try {
      await this.target.write(async unit => {
        await holdMark(unit, this.run);
        await unit.query(insertStatement(table, unit.dialect), [JSON.stringify(page)]);
      });
    } catch (error) {
      if (error instanceof Refusal || error instanceof CopyError)
        await about('target', () => Promise.reject(error));
      if (page.length === 1) {
        throw new CopyError(`${nameOfRow(table, first)} cannot be stored in the target: ${reasonOf(error)}`);
      }
      const half = Math.ceil(page.length / 2);
      await this.store(table, page.slice(0, half));
      await this.store(table, page.slice(half));
    }
  }

  private async lastIds(tables: readonly CopiedTable[]): Promise<ReadonlyMap<CopiedTable, number>> {
    const ids = new Map<CopiedTable, number>();
    for (const table of tables) {
      if (!table.givesIds) continue;
      const [last] = await this.source.query<{ id: number | null }>(this.source.dialect.lastId(table.name));
      ids.set(table, last?.id ?? 0);
    }
    return ids;
  }

  /** Compares both sides while nobody can write to the target, and makes a store of it. */
  private async finish(
    unit: UnitOfWork,
    expected: ReadonlyMap<CopiedTable, Contents>,
    lastIds: ReadonlyMap<CopiedTable, number>,
  ): Promise<void> {
    const { query, dialect } = unit;
    await holdMark(unit, this.run);
    const differences: string[] = [];
    for (const [table, source] of expected) {
      if (dialect.lockForIds !== null) await query(dialect.lockForIds(table.name));
      const { contents } = await checksumOf(query, table, WHOLE, rows => this.listener.checked(rows));
      if (!isSame(contents, source)) differences.push(difference(table, source, contents));
    }
    if (differences.length > 0) {
      throw new CopyError(`The target is not what was copied: ${differences.join('; ')}. ${BEGIN_ANEW}`);
    }
    for (const [{ name }, id] of lastIds) {
      for (const statement of dialect.setLastId(name, id)) await query(statement);
    }
    await removeMark(unit);
    for (const { name } of expected.keys()) {
      if (dialect.gatherStatistics !== null) await query(dialect.gatherStatistics(name));
    }
  }
}

/** What lies in a table of the target when a run begins. */
interface Former {
  /** Of the same rows in the source. */
  readonly checksum: Checksum;
  /** The key of the last of them; null where there are none. */
  readonly last: Cells | null;
}

/** The commit of the end may have happened even if nobody was told; the mark is gone with it, and not before. */
const MAY_BE_COMPLETE =
  'The copy may be complete: run the same command again when that is mended. It goes on where it stopped; if it says instead that the target is not empty, all was copied and checked.';

const BEGIN_ANEW =
  'Empty it (remove the file, or drop the database and create it again) and copy anew, while nothing writes to either.';

function difference({ name }: CopiedTable, source: Contents, target: Contents): string {
  return source.rows === target.rows
    ? `${name} has other contents`
    : `${name} has ${target.rows} rows, the source ${source.rows}`;
}

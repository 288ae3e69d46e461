import { chunksOf } from '../grouping';

/** Rows that one statement may give: all of them are held, and made into entities, in one go. */
const MAX_ROWS = 1_000;

/** Reads what hangs on many things a part at a time. @param rowsEach what one of them may bring along. */
export async function readInParts<Id, Row>(
  ids: readonly Id[],
  rowsEach: number,
  read: (ids: readonly Id[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const parts = chunksOf(ids, Math.max(1, Math.floor(MAX_ROWS / rowsEach)));
  const rows: Row[] = [];
  for (const part of parts) for (const row of await read(part)) rows.push(row);
  return rows;
}

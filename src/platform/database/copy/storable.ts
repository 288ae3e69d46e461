import { CopyError } from './copy-error';
import { type Cells, type CopiedTable, nameOfRow } from './copied-table';

/**
 * Hands a row back if every engine can store it as it is. Our own rules let nothing else in, but a file of SQLite's takes
 * anything from another program: any type in any column, and any bytes for a text.
 * @param textBytes how many bytes its texts take in the store: the driver puts another character for what is no UTF-8.
 * @throws CopyError that names the row.
 */
export function storableCells(table: CopiedTable, cells: Cells, textBytes: number): Cells {
  let readBytes = 0;
  table.columns.forEach(({ name, type }, index) => {
    const cell = cells[index] ?? null;
    const problem = type === 'integer' ? integerProblem(cell) : textProblem(cell);
    if (problem !== undefined) throw unstorable(table, cells, `its ${name} ${problem}`);
    if (typeof cell === 'string') readBytes += Buffer.byteLength(cell);
  });
  if (readBytes !== textBytes) throw unstorable(table, cells, 'it holds bytes that are no text in UTF-8');
  return cells;
}

function integerProblem(cell: unknown): string | undefined {
  return cell === null || Number.isSafeInteger(cell) ? undefined : 'is no whole number below 2^53';
}

function textProblem(cell: unknown): string | undefined {
  if (cell === null) return undefined;
  if (typeof cell !== 'string') return 'is no text';
  return UNSTORABLE.test(cell) ? 'holds U+0000 or half a character' : undefined;
}

const UNSTORABLE = /[\0\p{Surrogate}]/u;

function unstorable(table: CopiedTable, cells: Cells, reason: string): CopyError {
  return new CopyError(
    `${nameOfRow(table, cells)} cannot be copied: ${reason}. Correct it in the source, then run the same command again.`,
  );
}

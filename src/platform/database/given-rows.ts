import { type CellType, type Dialect } from './dialect';
import { type SqlValue } from './query';

/** A column of rows that a statement is given. */
export interface GivenColumn {
  readonly type: CellType;
  /** Whether the statement names its cell more than once: then it stays in the list. */
  readonly isRepeated?: boolean;
}

/** What a statement says of the rows that it is given. */
export interface GivenRows {
  /** What stands for each column: once, in their order and before the list, unless it is repeated. */
  readonly cells: readonly string[];
  /** For `from`: a row for each that was given. */
  readonly list: string;
  /** Of all of that, in the order in which it stands in the statement. */
  readonly parameters: readonly SqlValue[];
}

/**
 * Hands rows over to a statement, however many they are, as one JSON value: thousands of parameters take longer than the
 * statement. What is the same in all of them crosses once, beside the list: of the audit entries of a batch that is nearly
 * everything, and taken from the list 500 times it was a third of the time of their insert.
 */
export function givenRows(
  dialect: Dialect,
  columns: readonly GivenColumn[],
  rows: readonly (readonly SqlValue[])[],
): GivenRows {
  const [first = []] = rows;
  /** The places of the cells that are listed. */
  const listed: number[] = [];
  const shared: SqlValue[] = [];
  const cells = columns.map(({ type, isRepeated = false }, index) => {
    const value = first[index] ?? null;
    if (!isRepeated && rows.every(row => row[index] === value)) {
      shared.push(value);
      return dialect.parameter(type);
    }
    return dialect.cell(LIST, listed.push(index) - 1, type);
  });
  const list = JSON.stringify(rows.map(row => listed.map(index => row[index])));
  return { cells, list: dialect.list(LIST), parameters: [...shared, list] };
}

const LIST = 'given';

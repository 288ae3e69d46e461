import { type Clause } from './clause';

/** What a cell of a list that crosses to the store holds. */
export type CellType = 'integer' | 'text';

/** What the engines say in different words. All other SQL is written once, with `?` for a parameter, for both. */
export interface Dialect {
  readonly engine: 'sqlite' | 'postgres';

  /** Whether an expression is any of these; of none: never. A single value is compared, so that an index gives the order. */
  among(expression: string, values: readonly (string | number)[]): Clause;

  /** For `from`: a row for each item of a list that crosses as one parameter, its JSON text. */
  list(alias: string): string;
  /** The item of such a row. */
  item(alias: string, type: CellType): string;
  /** The n-th cell (from 0) of such an item that is itself a list. */
  cell(alias: string, index: number, type: CellType): string;
  /** The place of such an item in its list, from 0. */
  place(alias: string): string;

  /**
   * For `from`: for each row of `list`, those rows of `table` whose id the select `ids` gives, as a select that may name the
   * list's row and end in a limit.
   */
  eachOf(list: string, table: string, ids: string): string;

  /** Whether a text holds the text that is the parameter, character by character. */
  holds(expression: string): string;

  /** For `from`: a table that is to be walked along one of its indexes; null for that of its rows. */
  walked(table: string, index: string | null): string;
  /** A column by which nothing is to be looked up, because many rows share its values. */
  unindexed(column: string): string;
}

import { type Clause } from './clause';

/** What a cell of a list that crosses to the store holds. */
export type CellType = 'integer' | 'text';

/** Characters of the shortest text that a search index knows: it is made of every three in a row. */
export const MIN_INDEXED_LENGTH = 3;

/** A cell as a JSON value. */
export interface JsonCell {
  readonly column: string;
  /**
   * Key: an integer, given as a text. Word: a text in which nothing has to be escaped. Json: a text that is JSON. Instant:
   * milliseconds, given as ISO 8601 in UTC. Presence: whether it is there at all.
   */
  readonly kind: 'key' | 'number' | 'word' | 'text' | 'json' | 'instant' | 'presence';
  /** Whether it may be null, which any text and presence may. */
  readonly nullable?: boolean;
}

/** How an engine writes JSON as JavaScript would. */
export interface JsonWriting {
  /** SQL for a text with its quotation marks, `null` for null. */
  text(column: string): string;
  /** SQL for a text that is JSON. */
  json(column: string): string;
  /** SQL for an instant, without quotation marks; U+001E for one that the engine has no text for. */
  instant(column: string): string;
  /**
   * A select of a `text`, and of columns beside it, as one that gives a single row: the `texts`, as bytes of UTF-8 where the
   * driver hands them over, with U+001E between them, and `beside` as the JSON text of a list for each; of no columns, how
   * many they are.
   */
  gathered(select: string, beside: readonly string[]): string;
}

/** What the engines say in different words. All other SQL is written once, with `?` for a parameter, for both. */
export interface Dialect {
  readonly engine: 'sqlite' | 'postgres';
  /** Whether several gateways serve one store, so that another may be reading it while this one starts. */
  readonly isShared: boolean;

  /** Whether an expression is any of these; of none: never. A single value is compared, so that an index gives the order. */
  among(expression: string, values: readonly (string | number)[]): Clause;

  /**
   * A select whose rows cross the driver as one JSON text; whoever runs it is given each row as the list of its cells, in their
   * order. Null where rows come through the driver cheaper as they are.
   * @param columns the names under which the select gives them.
   */
  readonly asJson: ((columns: readonly string[], select: string) => string) | null;

  readonly writesJson: JsonWriting;

  /** A parameter where nothing beside it tells its type. */
  parameter(type: CellType): string;

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

  /**
   * Whether the column of a table holds a text, character by character.
   * @param find whether the rows may be looked up in the search index, which a text of fewer than three characters is not in.
   */
  holds(table: string, column: string, text: string, find: boolean): Clause;
  /**
   * Selects the ids of the rows that the search index finds for a text, up to a limit, as one cell of JSON text; null where
   * the text is too short for it, or the engine weighs by itself what is looked up and what is walked.
   */
  hits(table: string, text: string, limit: number): Clause | null;

  /** Whether the engine knows how many rows a condition leaves. What it has to do with an order, none knows. */
  readonly hasStatistics: boolean;
  /** Whether a row is read before a condition is tested that its index could tell, unless the index has all that is selected. */
  readonly readsRowsToTest: boolean;
  /**
   * For `from`, up to the end of its condition: these columns of the rows of a table, looked up as if all were wanted. An
   * engine that has statistics would hope to meet those few that are wanted on its way along an order, or the table.
   */
  gathered(table: string, columns: string, from: string, where: string): string;

  /** For `from`: a table that is to be walked along one of its indexes; null for that of its rows. */
  walked(table: string, index: string | null): string;
  /** A column by which nothing is to be looked up, because many rows share its values. */
  unindexed(column: string): string;
  /** What an index knows a long text by: equal for equal texts alone, and short enough for an entry. */
  keyOf(text: string): string;

  /** Keeps others from being given ids in a table until the transaction ends; null where only one writes at a time. */
  readonly lockForIds: ((table: string) => string) | null;
  /** The greatest id that was ever given in a table, as `id`; null before the first. */
  lastId(table: string): string;
  /**
   * Sees to it, one statement after the other, that the next id given in a table lies beyond this one, 0 for none, and beyond
   * those of all rows: a sequence may have stayed behind rows that brought their ids.
   */
  setLastId(table: string, id: number): readonly string[];
  /**
   * Takes a name for the rest of the transaction, the parameter, as `free`: false where another process has it; null where only
   * one writes at a time.
   */
  readonly claim: string | null;
  /**
   * Waits for names and takes them for the rest of the transaction, one after the other in the order of the parameter, the JSON
   * text of a list; null where only one writes at a time.
   */
  readonly takeTurns: string | null;
  /** What ends a select of rows that are to be changed in the same transaction. */
  readonly forUpdate: string;
  /** What ends a select of rows that are to be removed, without those that another transaction has: nobody waits for it. */
  readonly forRemoval: string;

  /** A row for each session of other processes that serve the store; null where nobody can tell. */
  readonly othersServing: string | null;

  /** A row where the store has a table, the parameter. */
  readonly hasTable: string;
  /** The indexes of a table, the parameter, that keep no rule, each as `name` and as the `definition` that makes it. */
  readonly plainIndexes: string;
  /** What a connection is told, one statement after the other, before it writes more rows than it has in mind as a rule. */
  readonly beforeManyRows: readonly string[];
  /** Counts what a table holds after many rows have come at once; null where the engine chooses its ways without. */
  readonly gatherStatistics: ((table: string) => string) | null;
}

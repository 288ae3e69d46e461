import { allOf, anyOf, type Clause, clause } from './clause';
import { decodeCursor, encodeCursor } from './cursor';
import { type SortDirection, type Walk } from './sort-directions';

/** What rows are sorted by, be it the id itself; otherwise the id breaks ties, in the same direction. */
export interface SortColumn {
  /** Written by us: no caller's text stands in SQL. */
  readonly column: string;
  readonly nullable: boolean;
  readonly holds: 'number' | 'string';
}

/** A place in an order: what the row there is sorted by, and its id. */
export interface SortPosition<Id extends number | string> {
  readonly value: string | number | null;
  readonly id: Id;
}

/**
 * What follows `order by`. Nulls come last in both directions, and so first on the way back. Text compares by code
 * point: SQLite compares the bytes of UTF-8, which have the same order.
 */
export function sortSql({ column, nullable }: SortColumn, direction: SortDirection, walk: Walk): string {
  const way = (direction === 'ASC') === (walk === 'forward') ? 'asc' : 'desc';
  const terms = column === 'id' ? [`id ${way}`] : [`${column} ${way}`, `id ${way}`];
  if (nullable) terms.unshift(`(${column} is null) ${walk === 'forward' ? 'asc' : 'desc'}`);
  return terms.join(', ');
}

/**
 * What lies beyond a position on a walk, the position itself not included. Columns that are never null are compared
 * as a row value, which SQLite answers from the index of the order.
 */
export function beyondPosition(
  { column, nullable }: SortColumn,
  direction: SortDirection,
  { value, id }: SortPosition<number | string>,
  walk: Walk,
): Clause {
  const sign = (direction === 'ASC') === (walk === 'forward') ? '>' : '<';
  if (column === 'id') return clause(`id ${sign} ?`, id);
  if (value === null) {
    const among = allOf([clause(`${column} is null`), clause(`id ${sign} ?`, id)]);
    return walk === 'forward' ? among : anyOf([clause(`${column} is not null`), among]);
  }
  const among = clause(`(${column}, id) ${sign} (?, ?)`, value, id);
  return nullable && walk === 'forward' ? anyOf([among, clause(`${column} is null`)]) : among;
}

/** @param order a name that no other order has: a cursor is good under its own alone. */
export function cursorOf(order: string, { value, id }: SortPosition<number | string>): string {
  return encodeCursor(order, [value, id]);
}

/** Where a cursor points; null where it is damaged or of another order. */
export function positionIn<Id extends number | string>(
  order: string,
  { holds, nullable }: SortColumn,
  isId: (value: unknown) => value is Id,
  cursor: string,
): SortPosition<Id> | null {
  const [value, id, ...rest] = decodeCursor(order, cursor) ?? [];
  const fits = typeof value === holds || (nullable && value === null);
  return value !== undefined && fits && isId(id) && rest.length === 0 ? { value, id } : null;
}

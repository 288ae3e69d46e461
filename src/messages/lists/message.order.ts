import { allOf, anyOf, type Clause, clause } from '../../platform/database/clause';
import { decodeCursor, encodeCursor } from '../../platform/database/cursor';
import { type SortDirection, type Walk } from '../../platform/database/sort-directions';
import { type Message } from '../message.entity';

export const MESSAGE_ORDER_FIELDS = [
  'ID',
  'CREATED_AT',
  'UPDATED_AT',
  'SEND_AT',
  'SENT_AT',
  'TITLE',
  'TYPE',
  'STATUS',
] as const;
export type MessageOrderField = (typeof MESSAGE_ORDER_FIELDS)[number];

export interface MessageOrder {
  readonly field: MessageOrderField;
  readonly direction: SortDirection;
}

export const NEWEST_FIRST: MessageOrder = { field: 'CREATED_AT', direction: 'DESC' };
export const OLDEST_FIRST: MessageOrder = { field: 'CREATED_AT', direction: 'ASC' };

/** Whether an index has the order. In any other, what is found is sorted, however it was found. */
export function isWalked(order: MessageOrderField): boolean {
  return order === 'ID' || order === 'CREATED_AT' || order === 'UPDATED_AT';
}

/** A place in an order: the sort value of a message, and its id, which breaks ties. */
export interface MessagePosition {
  readonly value: string | number | null;
  readonly id: number;
}

/** The columns that stand in the order, as in a select. */
export function orderColumns(field: MessageOrderField): string {
  return field === 'ID' ? 'id' : `${COLUMNS[field].column}, id`;
}

/** The column that the order goes by; the id breaks ties. */
export function orderColumn({ field }: MessageOrder): string {
  return COLUMNS[field].column;
}

/**
 * What follows `order by`. Nulls come last in both directions, and so first on the way back. Text compares by code
 * point: SQLite compares the bytes of UTF-8, which have the same order.
 */
export function orderSql({ field, direction }: MessageOrder, walk: Walk): string {
  const { column, nullable } = COLUMNS[field];
  const way = (direction === 'ASC') === (walk === 'forward') ? 'asc' : 'desc';
  const terms = field === 'ID' ? [`id ${way}`] : [`${column} ${way}`, `id ${way}`];
  if (nullable) terms.unshift(`(${column} is null) ${walk === 'forward' ? 'asc' : 'desc'}`);
  return terms.join(', ');
}

/**
 * What lies beyond a position on a walk, the position itself not included. Columns that are never null are compared
 * as a row value, which SQLite answers from the index of the order.
 */
export function beyond(
  { field, direction }: MessageOrder,
  { value, id }: MessagePosition,
  walk: Walk,
): Clause {
  const { column, nullable } = COLUMNS[field];
  const sign = (direction === 'ASC') === (walk === 'forward') ? '>' : '<';
  if (field === 'ID') return clause(`id ${sign} ?`, id);
  if (value === null) {
    const among = allOf([clause(`${column} is null`), clause(`id ${sign} ?`, id)]);
    return walk === 'forward' ? among : anyOf([clause(`${column} is not null`), among]);
  }
  const among = clause(`(${column}, id) ${sign} (?, ?)`, value, id);
  return nullable && walk === 'forward' ? anyOf([among, clause(`${column} is null`)]) : among;
}

export function positionOf({ field }: MessageOrder, message: Message): MessagePosition {
  const value = message[COLUMNS[field].property];
  return { value: value instanceof Date ? value.getTime() : value, id: message.id };
}

/** What a message must have been read with to have a position. */
export function orderProperty({ field }: MessageOrder): OrderColumn['property'] {
  return COLUMNS[field].property;
}

export function cursorAt(order: MessageOrder, { value, id }: MessagePosition): string {
  return encodeCursor(orderName(order), [value, id]);
}

/** Where a cursor points; null where it is damaged or of another order. */
export function positionAt(order: MessageOrder, cursor: string): MessagePosition | null {
  const [value, id, ...rest] = decodeCursor(orderName(order), cursor) ?? [];
  const { holds, nullable } = COLUMNS[order.field];
  const fits = typeof value === holds || (nullable && value === null);
  if (value === undefined || !fits || !Number.isSafeInteger(id) || rest.length > 0) return null;
  return { value, id: id as number };
}

function orderName({ field, direction }: MessageOrder): string {
  return `${field} ${direction}`;
}

interface OrderColumn {
  readonly column: string;
  readonly nullable: boolean;
  readonly holds: 'number' | 'string';
  readonly property: 'id' | 'createdAt' | 'updatedAt' | 'sendAt' | 'sentAt' | 'title' | 'type' | 'status';
}

/** The only source of column names in `order by`: a caller chooses among them and never writes one. */
const COLUMNS: Readonly<Record<MessageOrderField, OrderColumn>> = {
  ID: { column: 'id', nullable: false, holds: 'number', property: 'id' },
  CREATED_AT: instant('created_at', false, 'createdAt'),
  UPDATED_AT: instant('updated_at', false, 'updatedAt'),
  SEND_AT: instant('send_at', true, 'sendAt'),
  SENT_AT: instant('sent_at', true, 'sentAt'),
  TITLE: { column: 'title', nullable: true, holds: 'string', property: 'title' },
  TYPE: { column: 'type', nullable: false, holds: 'string', property: 'type' },
  STATUS: { column: 'status', nullable: false, holds: 'string', property: 'status' },
};

function instant(column: string, nullable: boolean, property: OrderColumn['property']): OrderColumn {
  return { column, nullable, holds: 'number', property };
}

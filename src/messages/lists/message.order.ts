import { type Clause } from '../../platform/database/clause';
import { type SortDirection, type Walk } from '../../platform/database/sort-directions';
import {
  beyondPosition,
  cursorOf,
  positionIn,
  type SortColumn,
  type SortPosition,
  sortSql,
} from '../../platform/database/sort-order';
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

export type MessagePosition = SortPosition<number>;

/** The columns that stand in the order, as in a select. */
export function orderColumns(field: MessageOrderField): string {
  return field === 'ID' ? 'id' : `${COLUMNS[field].column}, id`;
}

/** The column that the order goes by; the id breaks ties. */
export function orderColumn({ field }: MessageOrder): string {
  return COLUMNS[field].column;
}

/** What follows `order by`. */
export function orderSql({ field, direction }: MessageOrder, walk: Walk): string {
  return sortSql(COLUMNS[field], direction, walk);
}

/** What lies beyond a position on a walk. */
export function beyond({ field, direction }: MessageOrder, position: MessagePosition, walk: Walk): Clause {
  return beyondPosition(COLUMNS[field], direction, position, walk);
}

export function positionOf({ field }: MessageOrder, message: Message): MessagePosition {
  const value = message[COLUMNS[field].property];
  return { value: value instanceof Date ? value.getTime() : value, id: message.id };
}

/** What a message must have been read with to have a position. */
export function orderProperty({ field }: MessageOrder): OrderColumn['property'] {
  return COLUMNS[field].property;
}

export function cursorAt(order: MessageOrder, position: MessagePosition): string {
  return cursorOf(orderName(order), position);
}

/** Where a cursor points; null where it is damaged or of another order. */
export function positionAt(order: MessageOrder, cursor: string): MessagePosition | null {
  return positionIn(orderName(order), COLUMNS[order.field], isMessageId, cursor);
}

function isMessageId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function orderName({ field, direction }: MessageOrder): string {
  return `${field} ${direction}`;
}

interface OrderColumn extends SortColumn {
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

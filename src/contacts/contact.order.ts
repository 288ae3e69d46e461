import { type Clause } from '../platform/database/clause';
import { type SortDirection, type Walk } from '../platform/database/sort-directions';
import {
  beyondPosition,
  cursorOf,
  positionIn,
  type SortColumn,
  type SortPosition,
  sortSql,
} from '../platform/database/sort-order';
import { type Contact } from './contact.entity';

export const CONTACT_ORDER_FIELDS = ['ID', 'CREATED_AT', 'UPDATED_AT', 'NAME'] as const;
export type ContactOrderField = (typeof CONTACT_ORDER_FIELDS)[number];

export interface ContactOrder {
  readonly field: ContactOrderField;
  readonly direction: SortDirection;
}

export type ContactPosition = SortPosition<string>;

/** What follows `order by`. */
export function contactOrderSql({ field, direction }: ContactOrder, walk: Walk): string {
  return sortSql(COLUMNS[field], direction, walk);
}

/** What lies beyond a position on a walk. */
export function beyondContact(
  { field, direction }: ContactOrder,
  position: ContactPosition,
  walk: Walk,
): Clause {
  return beyondPosition(COLUMNS[field], direction, position, walk);
}

/** The index that has the listed contacts in the order; null where they are sorted. */
export function orderIndex({ field }: ContactOrder): string | null {
  return COLUMNS[field].index;
}

export function contactCursor(order: ContactOrder, contact: Contact): string {
  return cursorOf(nameOf(order), contactPosition(order, contact));
}

export function contactPosition({ field }: ContactOrder, contact: Contact): ContactPosition {
  const value = contact[COLUMNS[field].property];
  return { value: value instanceof Date ? value.getTime() : value, id: contact.id };
}

/** Where a cursor points; null where it is damaged or of another order. */
export function contactPositionAt(order: ContactOrder, cursor: string): ContactPosition | null {
  return positionIn(nameOf(order), COLUMNS[order.field], isContactId, cursor);
}

function isContactId(value: unknown): value is string {
  return typeof value === 'string';
}

/** Other than that of any order of messages, whose cursors mean nothing here. */
function nameOf({ field, direction }: ContactOrder): string {
  return `CONTACTS ${field} ${direction}`;
}

interface OrderColumn extends SortColumn {
  readonly index: string | null;
  readonly property: 'id' | 'createdAt' | 'updatedAt' | 'name';
}

/** The only source of column names in `order by`: a caller chooses among them and never writes one. */
const COLUMNS: Readonly<Record<ContactOrderField, OrderColumn>> = {
  // The index of its primary key goes by a name of SQLite's.
  ID: { ...column('id', 'string', 'id'), index: 'sqlite_autoindex_contacts_1' },
  CREATED_AT: { ...column('created_at', 'number', 'createdAt'), index: 'contacts_by_created' },
  UPDATED_AT: { ...column('updated_at', 'number', 'updatedAt'), index: 'contacts_by_updated' },
  NAME: { ...column('name', 'string', 'name'), index: null, nullable: true },
};

function column(
  column: string,
  holds: SortColumn['holds'],
  property: OrderColumn['property'],
): Omit<OrderColumn, 'index'> {
  return { column, nullable: false, holds, property };
}

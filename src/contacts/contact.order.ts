import { allOf, anyOf, type Clause, clause } from '../platform/database/clause';
import { decodeCursor, encodeCursor } from '../platform/database/cursor';
import { type SortDirection, type Walk } from '../platform/database/sort-directions';
import { type Contact } from './contact.entity';

export const CONTACT_ORDER_FIELDS = ['ID', 'CREATED_AT', 'UPDATED_AT', 'NAME'] as const;
export type ContactOrderField = (typeof CONTACT_ORDER_FIELDS)[number];

export interface ContactOrder {
  readonly field: ContactOrderField;
  readonly direction: SortDirection;
}

/** A place in an order: the sort value of a contact, and its id, which breaks ties. */
export interface ContactPosition {
  readonly value: string | number | null;
  readonly id: string;
}

/** What follows `order by`. Nulls come last in both directions, and so first on the way back. */
export function contactOrderSql({ field, direction }: ContactOrder, walk: Walk): string {
  const { column, nullable } = COLUMNS[field];
  const way = (direction === 'ASC') === (walk === 'forward') ? 'asc' : 'desc';
  const terms = field === 'ID' ? [`id ${way}`] : [`${column} ${way}`, `id ${way}`];
  if (nullable) terms.unshift(`(${column} is null) ${walk === 'forward' ? 'asc' : 'desc'}`);
  return terms.join(', ');
}

/** What lies beyond a position on a walk, the position itself not included. */
export function beyondContact(
  { field, direction }: ContactOrder,
  { value, id }: ContactPosition,
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

/** The index that has the listed contacts in the order; null where they are sorted. */
export function orderIndex({ field }: ContactOrder): string | null {
  return COLUMNS[field].index;
}

export function contactCursor(order: ContactOrder, contact: Contact): string {
  const { value, id } = contactPosition(order, contact);
  return encodeCursor(nameOf(order), [value, id]);
}

export function contactPosition({ field }: ContactOrder, contact: Contact): ContactPosition {
  const value = contact[COLUMNS[field].property];
  return { value: value instanceof Date ? value.getTime() : value, id: contact.id };
}

/** Where a cursor points; null where it is damaged or of another order. */
export function contactPositionAt(order: ContactOrder, cursor: string): ContactPosition | null {
  const [value, id, ...rest] = decodeCursor(nameOf(order), cursor) ?? [];
  const { holds, nullable } = COLUMNS[order.field];
  const fits = typeof value === holds || (nullable && value === null);
  if (value === undefined || !fits || typeof id !== 'string' || rest.length > 0) return null;
  return { value, id };
}

/** Other than that of any order of messages, whose cursors mean nothing here. */
function nameOf({ field, direction }: ContactOrder): string {
  return `CONTACTS ${field} ${direction}`;
}

interface OrderColumn {
  readonly column: string;
  readonly index: string | null;
  readonly nullable: boolean;
  readonly holds: 'number' | 'string';
  readonly property: 'id' | 'createdAt' | 'updatedAt' | 'name';
}

/** The only source of column names in `order by`: a caller chooses among them and never writes one. */
const COLUMNS: Readonly<Record<ContactOrderField, OrderColumn>> = {
  // The index of its primary key goes by a name of SQLite's.
  ID: {
    ...{
      column: 'id',
      index: 'sqlite_autoindex_contacts_1',
      nullable: false,
      holds: 'string',
      property: 'id',
    },
  },
  CREATED_AT: {
    ...{ column: 'created_at', index: 'contacts_by_created', nullable: false },
    ...{ holds: 'number', property: 'createdAt' },
  },
  UPDATED_AT: {
    ...{ column: 'updated_at', index: 'contacts_by_updated', nullable: false },
    ...{ holds: 'number', property: 'updatedAt' },
  },
  NAME: { column: 'name', index: null, nullable: true, holds: 'string', property: 'name' },
};

import { allOf, ALWAYS, type Clause, NEVER } from '../platform/database/clause';
import { type Database } from '../platform/database/database';
import { Connection } from '../platform/database/page';
import { type PageArguments, type PageWindow, pageWindow } from '../platform/database/page-window';
import { type SqlValue } from '../platform/database/query';
import { type Table } from '../platform/database/table';
import { badUserInput } from '../platform/errors';
import { Contact } from './contact.entity';
import {
  compileContactFilter,
  type ContactFilter,
  contactFilterIssues,
  searchedText,
} from './contact.filter';
import {
  beyondContact,
  contactCursor,
  type ContactOrder,
  contactOrderSql,
  contactPosition,
  type ContactPosition,
  contactPositionAt,
  orderIndex,
} from './contact.order';

export interface ContactListArguments extends PageArguments {
  readonly filter?: ContactFilter | null | undefined;
  readonly orderBy?: ContactOrder | null | undefined;
}

type Filter = ContactListArguments['filter'];
type Window = PageWindow<ContactPosition>;

/** Contacts that a search finds by this many or more are met soon on a walk; fewer are looked up and sorted. */
const MANY = 10_000;

/** What stands after `from`, and the condition. */
interface Rows {
  readonly from: string;
  readonly where: Clause;
  /** Whether all rows are to be found before they are put in order. */
  readonly gathers: boolean;
}

/**
 * Lists of contacts. They are read from the store itself, never from a copy that lags behind: no record tells who has just
 * written which contact.
 */
export class ContactPages {
  private readonly table: Table<Contact>;

  constructor(private readonly database: Database) {
    this.table = database.table(Contact);
  }

  /**
   * One page of the contacts that a filter matches, those that are merged into others left out. Nothing is read before it is
   * asked for.
   * @throws Refusal BAD_USER_INPUT with the issues of all arguments together.
   */
  list(args: ContactListArguments): Connection<Contact> {
    const { filter, orderBy } = args;
    const order = orderBy ?? NEWEST_FIRST;
    const { window, issues } = pageWindow(args, cursor => contactPositionAt(order, cursor));
    const all = [...contactFilterIssues(filter), ...issues];
    if (all.length > 0) throw badUserInput(all);
    return new Connection(window, {
      rows: () => this.rows(filter, order, window),
      hasRowsBehind: edge => this.hasRowsBehind(filter, order, window, edge),
      count: () => this.count(filter),
      cursorOf: contact => contactCursor(order, contact),
    });
  }

  private async rows(filter: Filter, order: ContactOrder, window: Window): Promise<readonly Contact[]> {
    const { forward, size, offset, from } = window;
    const walk = forward ? 'forward' : 'backward';
    const keyset = from === null ? ALWAYS : beyondContact(order, from, walk);
    const found = await this.found(filter, order, keyset);
    if (found.where === NEVER) return [];
    const inOrder = `order by ${contactOrderSql(order, walk)}`;
    return this.table.select(
      this.database.readFresh,
      `from contacts where id in (select id from ${this.source(found)} ${inOrder} limit ? offset ?) ${inOrder}`,
      [...found.where.parameters, size + 1, offset],
    );
  }

  private async hasRowsBehind(
    filter: Filter,
    order: ContactOrder,
    { forward }: Window,
    edge: Contact | null,
  ): Promise<boolean> {
    const walk = forward ? 'backward' : 'forward';
    const behind = edge === null ? ALWAYS : beyondContact(order, contactPosition(order, edge), walk);
    const found = await this.found(filter, order, behind);
    if (found.where === NEVER) return false;
    return this.some(
      `select id from ${this.source(found)} order by ${contactOrderSql(order, walk)} limit ?`,
      [...found.where.parameters, 1],
    );
  }

  private async some(select: string, parameters: readonly SqlValue[]): Promise<boolean> {
    return (await this.database.readFresh(select, parameters)).length > 0;
  }

  private async count(filter: Filter): Promise<number> {
    const { where } = compileContactFilter(this.database.dialect, filter, true);
    if (where === NEVER) return 0;
    const [row] = await this.database.readFresh<{ count: number }>(
      `select count(*) as "count" from contacts where ${where.sql}`,
      where.parameters,
    );
    return row?.count ?? 0;
  }

  /**
   * How the rows of a page are come by: by an address, a user or a rare text they are looked up, and sorted; else they are
   * walked in their order, which has an index of its own but for that of names.
   */
  private async found(filter: Filter, order: ContactOrder, keyset: Clause): Promise<Rows> {
    const { dialect } = this.database;
    const index = orderIndex(order);
    const hits = index === null ? null : await this.rareHits(filter);
    const finds = index === null || dialect.hasStatistics;
    const { where, isNarrow } = compileContactFilter(dialect, filter, finds);
    // The cursor first: of two bounds on one side SQLite seeks by the one that it reads first.
    const all = allOf([hits ?? ALWAYS, keyset, where]);
    const gathers = isNarrow || hits !== null;
    const from = gathers || index === null ? 'contacts' : dialect.walked('contacts', index);
    return { from, where: all, gathers };
  }

  /** The contacts that a search finds, as a condition, where those are few; null where they are many, or none can tell. */
  private async rareHits(filter: Filter): Promise<Clause | null> {
    const { dialect } = this.database;
    const q = filter?.q ?? null;
    const select = q === null ? null : dialect.hits('contacts', searchedText(q), MANY);
    if (select === null) return null;
    const [row] = await this.database.readFresh<{ found: string }>(
      `select (${select.sql}) as "found"`,
      select.parameters,
    );
    const found = JSON.parse(row?.found ?? '[]') as readonly number[];
    // SQLite alone can tell: these are the numbers of its rows.
    return found.length < MANY ? dialect.among('contacts.rowid', found) : null;
  }

  private source({ from, where, gathers }: Rows): string {
    return gathers
      ? this.database.dialect.gathered('contacts', 'id, created_at, updated_at, name', from, where.sql)
      : `${from} where ${where.sql}`;
  }
}

const NEWEST_FIRST: ContactOrder = { field: 'CREATED_AT', direction: 'DESC' };

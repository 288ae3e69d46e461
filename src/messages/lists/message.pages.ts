import DataLoader from 'dataloader';
import { ContactMerges } from '../../contacts/contact.merges';
import { allOf, ALWAYS, type Clause, NEVER } from '../../platform/database/clause';
import { type Database } from '../../platform/database/database';
import { Connection } from '../../platform/database/page';
import { type PageArguments, pageWindow } from '../../platform/database/page-window';
import { type JsonRow, type JsonShape } from '../../platform/database/json-rows';
import { type SqlValue } from '../../platform/database/query';
import { badUserInput } from '../../platform/errors';
import { type MessageProperty } from './asked-properties';
import { type Message } from '../message.entity';
import {
  amongContacts,
  compileFilter,
  contactsIn,
  filterIssues,
  type FilterSql,
  type MessageFilter,
  withContactGroups,
} from './message.filter';
import { type FoundLead, leadsOf } from './message.filter.leads';
import {
  beyond,
  cursorAt,
  isWalked,
  type MessageOrder,
  type MessageOrderField,
  type MessagePosition,
  NEWEST_FIRST,
  orderColumn,
  orderColumns,
  orderProperty,
  orderSql,
  positionAt,
  positionOf,
} from './message.order';
import { type MessageStore } from '../message.store';
import { limitTo, type MessageWindow, walkOf } from './message.walk';

export interface ListArguments extends PageArguments {
  readonly filter?: MessageFilter | null | undefined;
  readonly orderBy?: MessageOrder | null | undefined;
}

/** What is asked about the places of messages in a list. */
export interface AskedPlaces {
  readonly cursors: boolean;
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
}

/**
 * Messages that a condition leaves by this many or more are met soon when a list is walked in its order; collecting and
 * sorting them all would take longer than reading past those in between.
 */
const MANY = 10_000;

/** Rows that a page skips by this many or more are not read: their ids are walked past in an index. */
const LONG_OFFSET = 1_000;

/** Lists of messages: with `message.replies.ts` the only place whose SQL reads more than it was given ids for. */
export class MessagePages {
  private ownGroups: DataLoader<string, readonly string[] | undefined> | undefined;

  constructor(
    private readonly database: Database,
    private readonly store: MessageStore,
  ) {}

  /**
   * One page of the messages that a filter matches. Everything is checked at once; nothing is read before it is asked for.
   * @param asked the properties that will be looked at; its messages lack the others.
   * @param contactId of a contact that stands for itself: only the messages of it and all that it is merged with are listed,
   * whatever their direction and status unless the filter says so.
   * @throws Refusal BAD_USER_INPUT with the issues of all arguments together.
   */
  list(args: ListArguments, asked?: ReadonlySet<MessageProperty>, contactId?: string): Connection<Message> {
    return this.page(args, contactId, order => ({
      // Cursors are made of what the list is ordered by.
      read: (tail, parameters) =>
        this.store.select(tail, parameters, asked?.has(orderProperty(order)) ? asked : undefined),
      positionOf: message => positionOf(order, message),
    }));
  }

  /**
   * The same page, of messages that are JSON.
   * @param about what will be asked of the page; it cannot tell the rest.
   * @throws as `list` does.
   */
  listTexts(args: ListArguments, shape: JsonShape, about: AskedPlaces): Connection<JsonRow> {
    return this.page(args, undefined, (order, { forward }) => {
      const isPlaced = about.cursors || (forward ? about.hasPreviousPage : about.hasNextPage);
      const place = isPlaced ? [orderColumn(order), 'id'] : [];
      return {
        read: (tail, parameters) => this.store.selectTexts(shape, place, tail, parameters),
        positionOf: ({ beside: [value = null, id] }) => ({ value, id: Number(id) }),
      };
    });
  }

  private page<Node>(
    args: ListArguments,
    contactId: string | undefined,
    readingIn: (order: MessageOrder, window: MessageWindow) => Reading<Node>,
  ): Connection<Node> {
    const { filter, orderBy } = args;
    const order = orderBy ?? NEWEST_FIRST;
    const { window, issues } = pageWindow(args, cursor => positionAt(order, cursor));
    const all = [...filterIssues(filter), ...issues];
    if (all.length > 0) throw badUserInput(all);
    const reading = readingIn(order, window);
    let resolving: Promise<MessageFilter> | undefined;
    const resolved = (): Promise<MessageFilter> => (resolving ??= this.resolved(filter ?? {}, contactId));
    return new Connection(window, {
      rows: async () => this.rows(await resolved(), order, window, reading.read),
      hasRowsBehind: async edge =>
        this.hasRowsBehind(await resolved(), order, window, edge && reading.positionOf(edge)),
      count: async () => this.count(await resolved()),
      cursorOf: node => cursorAt(order, reading.positionOf(node)),
    });
  }

  /** The filter with all the ids that its contacts go by; one without contacts is what it was, and costs nothing. */
  private async resolved(filter: MessageFilter, contactId: string | undefined): Promise<MessageFilter> {
    const named = [...contactsIn(filter), ...(contactId === undefined ? [] : [contactId])];
    if (named.length === 0) return filter;
    const found = await Promise.all(named.map(async id => [id, await this.groups.load(id)] as const));
    const groups = new Map(found.flatMap(([id, group]) => (group ? [[id, group] as const] : [])));
    const whole = withContactGroups(filter, groups);
    return contactId === undefined ? whole : amongContacts(whole, groups.get(contactId) ?? [contactId]);
  }

  /**
   * All pages that are asked for at once look up their contacts together. What is known is not kept: merges change. Made when it
   * is first asked for: most pages name no contact.
   */
  private get groups(): DataLoader<string, readonly string[] | undefined> {
    return (this.ownGroups ??= new DataLoader<string, readonly string[] | undefined>(
      async ids => {
        const groups = await new ContactMerges(this.database).groupsOf([...new Set(ids)]);
        return ids.map(id => groups.get(id));
      },
      { cache: false },
    ));
  }

  private async rows<Node>(
    filter: MessageFilter,
    order: MessageOrder,
    window: MessageWindow,
    read: Reading<Node>['read'],
  ): Promise<readonly Node[]> {
    const { walk, keyset, limit } = walkOf(order, window);
    const narrowed = await this.narrowed(filter, order, keyset);
    const { where, picksIds } = narrowed;
    if (where === NEVER) return [];
    const inOrder = `order by ${orderSql(order, walk)}`;
    const page = `from ${this.foundBy(narrowed, order.field)} ${inOrder} ${limit.sql}`;
    // Where many rows are sorted or passed by, taking all their columns along would be most of the work.
    const isPicked = picksIds || window.offset >= LONG_OFFSET;
    return read(isPicked ? `from messages where id in (select id ${page}) ${inOrder}` : page, [
      ...where.parameters,
      ...limit.parameters,
    ]);
  }

  private async hasRowsBehind(
    filter: MessageFilter,
    order: MessageOrder,
    { forward, size }: MessageWindow,
    edge: MessagePosition | null,
  ): Promise<boolean> {
    const walk = forward ? 'backward' : 'forward';
    const behind = edge ? beyond(order, edge, walk) : ALWAYS;
    const narrowed = await this.narrowed(filter, order, behind);
    const { where } = narrowed;
    if (where === NEVER) return false;
    // The nearest is the likeliest: mostly the message of the cursor. Orders that sort gain nothing from looking there, and
    // one message in no order is not to be hoped for wherever the table begins.
    const found = isWalked(order.field)
      ? `${this.foundBy(narrowed, order.field)} order by ${orderSql(order, walk)}`
      : this.foundBy({ ...narrowed, gathers: true }, order.field);
    // Behind an empty page there may be nothing either. It is looked for as the page was, which an engine with statistics
    // chooses by how many rows are wanted.
    const limit = limitTo(edge === null ? size + 1 : 1);
    const [row] = await this.database.read<{ found: number }>(
      `select count(*) as "found" from (select id from ${found} ${limit.sql}) as near`,
      [...where.parameters, ...limit.parameters],
    );
    return row !== undefined && row.found > 0;
  }

  private async count(filter: MessageFilter): Promise<number> {
    const lead = await this.leadOf(filter, null);
    const { from, where } = compileFilter(this.database.dialect, filter, { order: null, lead });
    if (where === NEVER) return 0;
    const [row] = await this.database.read<{ count: number }>(
      `select count(*) as "count" from ${from} where ${where.sql}`,
      where.parameters,
    );
    return row?.count ?? 0;
  }

  /** The rows that a filter leaves, and of those the ones that `keyset` does. */
  private async narrowed(filter: MessageFilter, order: MessageOrder, keyset: Clause): Promise<FilterSql> {
    const lead = await this.leadOf(filter, order.field);
    const sql = compileFilter(this.database.dialect, filter, { order: order.field, lead });
    // The cursor first: of two bounds on one side SQLite seeks by the one that it reads first.
    return { ...sql, where: allOf([keyset, sql.where]) };
  }

  /** What stands after `from`, up to the end of the condition. */
  private foundBy({ from, where, gathers }: FilterSql, order: MessageOrderField): string {
    return gathers
      ? this.database.dialect.gathered('messages', orderColumns(order), from, where.sql)
      : `${from} where ${where.sql}`;
  }

  /**
   * The condition that leaves fewest rows, if those are few. A word that half the store holds is found soonest without
   * the search index, and a day among a year's messages soonest by it: only a look into the indexes can tell.
   */
  private async leadOf(filter: MessageFilter, order: MessageOrderField | null): Promise<FoundLead | null> {
    const leads = leadsOf(this.database.dialect, filter, order, MANY);
    if (leads.length === 0) return null;
    const [row = {}] = await this.database.read<Readonly<Record<string, number | string>>>(
      `select ${leads.map(({ found }, index) => `(${found.sql}) as "${String(index)}"`).join(', ')}`,
      leads.flatMap(({ found }) => found.parameters),
    );
    const found = leads.map((lead, index) => {
      const cell = row[String(index)] ?? MANY;
      const ids = typeof cell === 'string' ? (JSON.parse(cell) as readonly number[]) : null;
      return { lead: { ...lead, ids }, rows: ids?.length ?? Number(cell) };
    });
    const fewest = found.reduce((least, each) => (each.rows < least.rows ? each : least));
    return fewest.rows < MANY ? fewest.lead : null;
  }
}

/** In what form the messages of a page are read. */
interface Reading<Node> {
  /** @param tail what stands behind the columns. */
  readonly read: (tail: string, parameters: readonly SqlValue[]) => Promise<readonly Node[]>;
  readonly positionOf: (node: Node) => MessagePosition;
}

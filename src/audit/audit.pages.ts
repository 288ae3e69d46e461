import { allOf, ALWAYS, type Clause, clause, NEVER } from '../platform/database/clause';
import { decodeCursor, encodeCursor } from '../platform/database/cursor';
import { type Database } from '../platform/database/database';
import { Connection } from '../platform/database/page';
import { type PageArguments, type PageWindow, pageWindow } from '../platform/database/page-window';
import { type SqlValue } from '../platform/database/query';
import { readInParts } from '../platform/database/parts';
import { type Table } from '../platform/database/table';
import { badUserInput } from '../platform/errors';
import { groupBy } from '../platform/grouping';
import { AuditEntry } from './audit.entity';
import { type AuditFilter, auditFilterIssues, compileAuditFilter } from './audit.filter';

/** Both lists are walked forward alone: newest first, as a record is read. */
export type AuditPageArguments = Pick<PageArguments, 'first' | 'after'>;

export interface AuditLogArguments extends AuditPageArguments {
  readonly filter?: AuditFilter | null | undefined;
}

/** In the whole record entries are ordered by time, which their filter may bound; the id breaks ties. */
interface LogPosition {
  readonly at: number;
  readonly id: number;
}

/** In the history of one message the order is that of its versions, which is the order of ids whatever clocks say. */
interface HistoryPosition {
  readonly id: number;
}

export type HistoryWindow = PageWindow<HistoryPosition>;

/** An entry at which a page of a message's history begins; null where that page is empty. */
export interface HistoryEdge {
  readonly messageId: number;
  readonly edge: AuditEntry | null;
}

/** Lists of entries: the whole record, and the histories of messages. */
export class AuditPages {
  private readonly table: Table<AuditEntry>;

  constructor(private readonly database: Database) {
    this.table = database.table(AuditEntry);
  }

  /**
   * One page of the entries that a filter matches, newest first. Nothing is read before it is asked for.
   * @throws Refusal BAD_USER_INPUT with the issues of all arguments together.
   */
  list({ filter, first, after }: AuditLogArguments): Connection<AuditEntry> {
    const { window, issues } = pageWindow({ first, after }, logPosition);
    const all = [...auditFilterIssues(filter), ...issues];
    if (all.length > 0) throw badUserInput(all);
    return new Connection(window, {
      rows: () => this.rows(filter, window),
      hasRowsBehind: edge => this.hasRowsBehind(filter, edge),
      count: () => this.count(filter),
      cursorOf: ({ at, id }) => encodeCursor(LOG, [at.getTime(), id]),
    });
  }

  /** @throws Refusal BAD_USER_INPUT with every issue. */
  historyWindow({ first, after }: AuditPageArguments): HistoryWindow {
    const { window, issues } = pageWindow({ first, after }, historyPosition);
    if (issues.length > 0) throw badUserInput(issues);
    return window;
  }

  /** For each message its entries in a window, and one more; newest first. */
  async histories(
    messageIds: readonly number[],
    { from, size }: HistoryWindow,
  ): Promise<ReadonlyMap<number, readonly AuditEntry[]>> {
    const keyset = from === null ? ALWAYS : clause('id < ?', from.id);
    const { dialect } = this.database;
    const ids = `select id from audit_entries
      where message_id = ${dialect.item('message', 'integer')} and ${keyset.sql} order by id desc limit ?`;
    const entries = await readInParts(messageIds, size + 1, some =>
      this.table.select(
        this.database.read,
        `from ${dialect.eachOf(dialect.list('message'), 'audit_entries', ids)}`,
        [JSON.stringify(some), ...keyset.parameters, size + 1],
      ),
    );
    return groupBy(
      [...entries].sort((a, b) => b.id - a.id),
      entry => entry.messageId,
    );
  }

  async historyCounts(messageIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const { sql, parameters } = this.database.dialect.among('message_id', messageIds);
    const rows = await this.database.read<{ messageId: number; count: number }>(
      `select message_id as "messageId", count(*) as "count" from audit_entries where ${sql} group by message_id`,
      parameters,
    );
    return new Map(rows.map(({ messageId, count }) => [messageId, count]));
  }

  /** For each edge whether its message has a newer entry; without an edge, any entry. */
  async hasEntriesBehind(edges: readonly HistoryEdge[]): Promise<readonly boolean[]> {
    const { dialect } = this.database;
    const [message, id] = [dialect.cell('given', 0, 'integer'), dialect.cell('given', 1, 'integer')];
    const rows = await this.database.read<{ key: number }>(
      `select ${dialect.place('given')} as "key" from ${dialect.list('given')} where exists (
        select 1 from audit_entries where message_id = ${message} and id > ${id}
      )`,
      [JSON.stringify(edges.map(({ messageId, edge }) => [messageId, edge?.id ?? 0]))],
    );
    const found = new Set(rows.map(row => row.key));
    return edges.map((_edge, index) => found.has(index));
  }

  historyCursor({ id }: AuditEntry): string {
    return encodeCursor(HISTORY, [id]);
  }

  private async rows(
    filter: AuditFilter | null | undefined,
    { from, size }: PageWindow<LogPosition>,
  ): Promise<readonly AuditEntry[]> {
    const keyset = from === null ? ALWAYS : clause('(at, id) < (?, ?)', from.at, from.id);
    const tail = this.tail(filter, keyset, 'order by at desc, id desc', size + 1);
    return tail === NEVER ? [] : this.table.select(this.database.read, tail.sql, tail.parameters);
  }

  private async hasRowsBehind(
    filter: AuditFilter | null | undefined,
    edge: AuditEntry | null,
  ): Promise<boolean> {
    const behind = edge === null ? ALWAYS : clause('(at, id) > (?, ?)', edge.at.getTime(), edge.id);
    const tail = this.tail(filter, behind, 'order by at, id', 1);
    return (
      tail !== NEVER && (await this.database.read(`select version ${tail.sql}`, tail.parameters)).length > 0
    );
  }

  private async count(filter: AuditFilter | null | undefined): Promise<number> {
    const { from, where } = compileAuditFilter(this.database.dialect, filter);
    if (where === NEVER) return 0;
    const [row] = await this.database.read<{ count: number }>(
      `select count(*) as "count" from ${from} where ${where.sql}`,
      where.parameters,
    );
    return row?.count ?? 0;
  }

  /** A select, from its `from` on, of the entries that a filter leaves, and of those the ones that `keyset` does. */
  private tail(filter: AuditFilter | null | undefined, keyset: Clause, order: string, limit: number): Clause {
    const { from, where } = compileAuditFilter(this.database.dialect, filter);
    // The cursor first: of two bounds on one side SQLite seeks by the one that it reads first.
    const all = allOf([keyset, where]);
    if (all === NEVER) return NEVER;
    return clause(`from ${from} where ${all.sql} ${order} limit ?`, ...all.parameters, limit);
  }
}

/** What a cursor is good for. */
const LOG = 'AUDIT';
const HISTORY = 'HISTORY';

function logPosition(cursor: string): LogPosition | null {
  const [at, id, ...rest] = decodeCursor(LOG, cursor) ?? [];
  return isWhole(at) && isWhole(id) && rest.length === 0 ? { at, id } : null;
}

function historyPosition(cursor: string): HistoryPosition | null {
  const [id, ...rest] = decodeCursor(HISTORY, cursor) ?? [];
  return isWhole(id) && rest.length === 0 ? { id } : null;
}

function isWhole(value: SqlValue | undefined): value is number {
  return Number.isSafeInteger(value);
}

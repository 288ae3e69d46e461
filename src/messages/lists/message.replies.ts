import { type Database } from '../../platform/database/database';
import { type PageArguments, pageWindow } from '../../platform/database/page-window';
import { readInParts } from '../../platform/database/parts';
import { badUserInput } from '../../platform/errors';
import { groupBy } from '../../platform/grouping';
import { type Message } from '../message.entity';
import { cursorAt, OLDEST_FIRST, orderSql, positionAt, positionOf } from './message.order';
import { type MessageStore } from '../message.store';
import { type MessageWindow, walkOf } from './message.walk';

/** A message that replies, where a page of replies begins; null where that page is empty. */
export interface ReplyEdge {
  /** The message that it replies to. */
  readonly messageId: number;
  readonly edge: Message | null;
}

/** Lists of replies, oldest first, of many messages at a time. */
export class MessageReplies {
  constructor(
    private readonly database: Database,
    private readonly store: MessageStore,
  ) {}

  /** @throws Refusal BAD_USER_INPUT with every issue. */
  window(args: PageArguments): MessageWindow {
    const { window, issues } = pageWindow(args, cursor => positionAt(OLDEST_FIRST, cursor));
    if (issues.length > 0) throw badUserInput(issues);
    return window;
  }

  /** For each parent its replies in a window, and one more; in the direction in which the window walks. */
  async rows(
    parentIds: readonly number[],
    window: MessageWindow,
  ): Promise<ReadonlyMap<number, readonly Message[]>> {
    const { walk, keyset, limit } = walkOf(OLDEST_FIRST, window);
    const order = orderSql(OLDEST_FIRST, walk);
    const { dialect } = this.database;
    const ids = `select id from messages
      where parent_id = ${dialect.item('parent', 'integer')} and ${keyset.sql} order by ${order} ${limit.sql}`;
    const replies = await readInParts(parentIds, window.size + 1, some =>
      this.store.select(`from ${dialect.eachOf(dialect.list('parent'), 'messages', ids)}`, [
        JSON.stringify(some),
        ...keyset.parameters,
        ...limit.parameters,
      ]),
    );
    return groupBy([...replies].sort(byPosition(walk === 'forward' ? 1 : -1)), reply => reply.parentId ?? 0);
  }

  async counts(parentIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const { sql, parameters } = this.database.dialect.among('parent_id', parentIds);
    const rows = await this.database.read<{ parentId: number; count: number }>(
      `select parent_id as "parentId", count(*) as "count" from messages where ${sql} group by parent_id`,
      parameters,
    );
    return new Map(rows.map(({ parentId, count }) => [parentId, count]));
  }

  /** For each edge whether its parent has a reply on the near side of it; without an edge, any reply. */
  async areBehind(edges: readonly ReplyEdge[], forward: boolean): Promise<readonly boolean[]> {
    const sign = forward ? '<' : '>';
    const end = forward ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
    const places = edges.map(({ messageId, edge }) =>
      edge === null ? [messageId, end, end] : [messageId, edge.createdAt.getTime(), edge.id],
    );
    const { dialect } = this.database;
    const [parent, createdAt, id] = [0, 1, 2].map(index => dialect.cell('given', index, 'integer'));
    const rows = await this.database.read<{ key: number }>(
      `select ${dialect.place('given')} as "key" from ${dialect.list('given')} where exists (
        select 1 from messages where parent_id = ${parent} and (created_at, id) ${sign} (${createdAt}, ${id})
      )`,
      [JSON.stringify(places)],
    );
    const found = new Set(rows.map(row => row.key));
    return edges.map((_edge, index) => found.has(index));
  }

  cursorOf(reply: Message): string {
    return cursorAt(OLDEST_FIRST, positionOf(OLDEST_FIRST, reply));
  }
}

function byPosition(sign: 1 | -1): (a: Message, b: Message) => number {
  return (a, b) => sign * (a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id);
}

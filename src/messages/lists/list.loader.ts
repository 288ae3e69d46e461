import DataLoader from 'dataloader';
import { Connection } from '../../platform/database/page';
import { type PageArguments, type PageWindow } from '../../platform/database/page-window';
import { groupBy } from '../../platform/grouping';

/** A list that hangs on every message, such as its replies, read for many messages at a time. */
export interface ListOfEach<Node, Position> {
  /** @throws Refusal BAD_USER_INPUT with every issue of the page arguments. */
  window(args: PageArguments): PageWindow<Position>;
  /** What identifies a position among others. */
  keyOf(position: Position): unknown;
  /** For each message its entries in the window, and one more; in the direction in which the window walks. */
  rows(
    messageIds: readonly number[],
    window: PageWindow<Position>,
  ): Promise<ReadonlyMap<number, readonly Node[]>>;
  /** For each edge whether the list has something on the near side of it; without an edge, anything. */
  hasRowsBehind(edges: readonly ListEdge<Node>[], forward: boolean): Promise<readonly boolean[]>;
  counts(messageIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
  cursorOf(node: Node): string;
}

/** Where a page of a message's list begins; null where that page is empty. */
export interface ListEdge<Node> {
  readonly messageId: number;
  readonly edge: Node | null;
}

interface RowsKey<Position> {
  readonly messageId: number;
  readonly window: PageWindow<Position>;
}

interface BehindKey<Node> extends ListEdge<Node> {
  readonly forward: boolean;
}

/** Gathers what is asked of the lists of many messages at once: each kind of answer costs one statement. */
export class ListLoader<Node extends { readonly id: number }, Position> {
  private readonly rows: DataLoader<RowsKey<Position>, readonly Node[], string>;
  private readonly behind: DataLoader<BehindKey<Node>, boolean, string>;
  private readonly counts: DataLoader<number, number>;

  constructor(private readonly list: ListOfEach<Node, Position>) {
    this.rows = new DataLoader<RowsKey<Position>, readonly Node[], string>(keys => this.loadRows(keys), {
      cacheKeyFn: ({ messageId, window }) => `${messageId} ${this.windowKey(window)}`,
    });
    this.behind = new DataLoader<BehindKey<Node>, boolean, string>(keys => this.loadBehind(keys), {
      cacheKeyFn: ({ messageId, forward, edge }) => `${messageId} ${forward} ${edge?.id ?? 'empty'}`,
    });
    this.counts = new DataLoader<number, number>(async ids => {
      const counts = await list.counts(ids);
      return ids.map(id => counts.get(id) ?? 0);
    });
  }

  connection(messageId: number, args: PageArguments): Connection<Node> {
    const window = this.list.window(args);
    return new Connection(window, {
      rows: () => this.rows.load({ messageId, window }),
      hasRowsBehind: edge => this.behind.load({ messageId, forward: window.forward, edge }),
      count: () => this.counts.load(messageId),
      cursorOf: node => this.list.cursorOf(node),
    });
  }

  forget(): void {
    this.rows.clearAll();
    this.behind.clearAll();
    this.counts.clearAll();
  }

  /** One statement for each window: a query asks for as many as it names the list, whatever the messages hang on. */
  private async loadRows(keys: readonly RowsKey<Position>[]): Promise<readonly (readonly Node[])[]> {
    const groups = groupBy(keys, ({ window }) => this.windowKey(window));
    const found = new Map<string, ReadonlyMap<number, readonly Node[]>>();
    for (const [name, group] of groups) {
      const messageIds = group.map(({ messageId }) => messageId);
      found.set(name, await this.list.rows(messageIds, group[0].window));
    }
    return keys.map(({ messageId, window }) => found.get(this.windowKey(window))?.get(messageId) ?? []);
  }

  private async loadBehind(keys: readonly BehindKey<Node>[]): Promise<readonly boolean[]> {
    const [forward, backward] = await Promise.all(
      [true, false].map(async way => {
        const edges = keys.filter(key => key.forward === way);
        return edges.length === 0 ? [] : this.list.hasRowsBehind(edges, way);
      }),
    );
    const answers = { forward: (forward ?? []).values(), backward: (backward ?? []).values() };
    return keys.map(key => answers[key.forward ? 'forward' : 'backward'].next().value ?? false);
  }

  private windowKey({ forward, size, offset, from }: PageWindow<Position>): string {
    return JSON.stringify([forward, size, offset, from === null ? null : this.list.keyOf(from)]);
  }
}

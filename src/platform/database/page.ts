import { type PageWindow } from './page-window';

/** Where a page comes from. Each method costs a statement and runs only when its answer is asked for. */
export interface PageSource<Node> {
  /** The entries of the window and, where there is one, the next beyond; in the direction in which it walks. */
  rows(): Promise<readonly Node[]>;
  /** Whether the list holds an entry on the near side of `edge`; of no edge: whether it holds any entry. */
  hasRowsBehind(edge: Node | null): Promise<boolean>;
  /** How many entries the whole list has. */
  count(): Promise<number>;
  cursorOf(node: Node): string;
}

/**
 * One page of a list, as GraphQL's cursor connections have it. It reads nothing by itself: each part is read when it
 * is first asked for, and once.
 */
export class Connection<Node> {
  private readonly fetched: () => Promise<readonly Node[]>;
  private readonly counted: () => Promise<number>;
  private readonly position: PagePosition<Node>;

  constructor(
    private readonly window: PageWindow<unknown>,
    private readonly source: PageSource<Node>,
  ) {
    this.fetched = once(() => source.rows());
    this.counted = once(() => source.count());
    this.position = new PagePosition(window, source, this.fetched);
  }

  async nodes(): Promise<readonly Node[]> {
    return inListOrder(await this.fetched(), this.window);
  }

  async edges(): Promise<readonly Edge<Node>[]> {
    return (await this.nodes()).map(node => new Edge(node, this.source));
  }

  pageInfo(): PagePosition<Node> {
    return this.position;
  }

  totalCount(): Promise<number> {
    return this.counted();
  }
}

export class Edge<Node> {
  constructor(
    readonly node: Node,
    private readonly source: PageSource<Node>,
  ) {}

  get cursor(): string {
    return this.source.cursorOf(this.node);
  }
}

/**
 * What lies around a page. One side is known from the page itself, the other may cost a statement: hence getters, so
 * that only what is asked for is looked up.
 */
export class PagePosition<Node = unknown> {
  private readonly behind: () => Promise<boolean>;

  constructor(
    private readonly window: PageWindow<unknown>,
    private readonly source: PageSource<Node>,
    private readonly fetched: () => Promise<readonly Node[]>,
  ) {
    this.behind = once(() => this.lookBehind());
  }

  get hasNextPage(): Promise<boolean> {
    return this.window.forward ? this.beyond() : this.behind();
  }

  get hasPreviousPage(): Promise<boolean> {
    return this.window.forward ? this.behind() : this.beyond();
  }

  /** Null on an empty page. */
  get startCursor(): Promise<string | null> {
    return this.cursorAt(0);
  }

  get endCursor(): Promise<string | null> {
    return this.cursorAt(-1);
  }

  private async beyond(): Promise<boolean> {
    return (await this.fetched()).length > this.window.size;
  }

  private async lookBehind(): Promise<boolean> {
    const { from, offset } = this.window;
    if (from === null && offset === 0) return false;
    const [nearest] = await this.fetched();
    if (nearest !== undefined && offset > 0) return true;
    // The entry of the cursor itself may have left the list since: only the list can say whether something is there.
    return this.source.hasRowsBehind(nearest ?? null);
  }

  private async cursorAt(index: 0 | -1): Promise<string | null> {
    const node = inListOrder(await this.fetched(), this.window).at(index);
    return node === undefined ? null : this.source.cursorOf(node);
  }
}

function inListOrder<Node>(
  fetched: readonly Node[],
  { size, forward }: PageWindow<unknown>,
): readonly Node[] {
  const page = fetched.slice(0, size);
  return forward ? page : page.reverse();
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => (loading ??= load());
}

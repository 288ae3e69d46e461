import { type Query } from '../../platform/database/query';
import { type MessageStore, type StoredState } from '../message.store';
import { providerKeyOf } from './identity.rules';

/** What a line means messages by. */
export interface Names {
  readonly id?: number | null | undefined;
  readonly parentId?: number | null | undefined;
  /** See `providerKeyOf`. */
  readonly key?: string | null | undefined;
}

/** The messages that lines may mean: those in the store, and those that earlier lines of the same chunk have made. */
export class KnownMessages {
  private readonly byId = new Map<number, StoredState>();
  private readonly byKey = new Map<string, StoredState>();
  private readonly soughtKeys = new Set<string>();
  private readonly makings: StoredState[] = [];

  private constructor(
    private readonly store: MessageStore,
    private readonly query: Query,
    private lastId: number,
  ) {}

  /**
   * Looks up everything that these lines name, with a query for each kind of name. Nobody writes messages from the look at
   * the last id on: to take them as well would be to wait for those who have taken some, and wait to write them.
   */
  static async namedBy(lines: readonly Names[], store: MessageStore, query: Query): Promise<KnownMessages> {
    const lastId = await store.lastGivenId(query);
    const known = new KnownMessages(store, query, lastId);
    const named = lines.flatMap(({ id, parentId }) => [id, parentId]).filter(id => typeof id === 'number');
    // Of most files no message is there yet: what lies beyond every id that was ever given need not be looked for.
    const ids = named.filter(id => id <= lastId);
    const keys = lines.map(({ key }) => key).filter(key => typeof key === 'string');
    if (ids.length > 0) known.rememberAll((await store.findWhole([...new Set(ids)], query)).values());
    if (keys.length > 0) await known.seek([...new Set(keys)]);
    return known;
  }

  withId(id: number): StoredState | undefined {
    return this.byId.get(id);
  }

  async withKey(key: string): Promise<StoredState | undefined> {
    // A reply may take half of its key from its parent: then the line did not name it.
    if (!this.soughtKeys.has(key)) await this.seek([key]);
    return this.byKey.get(key);
  }

  /** The next free id; null after 2^53−1. */
  nextId(): number | null {
    return this.lastId < Number.MAX_SAFE_INTEGER ? this.lastId + 1 : null;
  }

  /** What is to be stored. */
  get made(): readonly StoredState[] {
    return this.makings;
  }

  /** @param key what the provider knows it by. */
  make(message: StoredState, key: string | null): void {
    this.makings.push(message);
    this.lastId = Math.max(this.lastId, message.id);
    this.remember(message, key);
  }

  /** Stores what has been made. */
  async save(): Promise<void> {
    await this.store.load(this.query, this.makings);
  }

  private async seek(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.soughtKeys.add(key);
    const pairs = keys.map(key => JSON.parse(key) as [string, string]);
    this.rememberAll(await this.store.findByProviderKeys(pairs, this.query));
  }

  private rememberAll(messages: Iterable<StoredState>): void {
    for (const message of messages) this.remember(message, providerKeyOf(message));
  }

  private remember(message: StoredState, key: string | null): void {
    this.byId.set(message.id, message);
    if (key !== null) this.byKey.set(key, message);
  }
}

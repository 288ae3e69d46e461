import { type Query } from '../../platform/database/query';
import { type ContactState } from '../contact.kinds';
import { type ContactStore } from '../contact.store';
import { type GivenContactLine } from './contact.line.rules';

/** The contacts that lines may mean: those in the store, and those that earlier lines of the same chunk have made. */
export class KnownContacts {
  private readonly byId = new Map<string, ContactState>();
  private readonly byKey = new Map<string, ContactState>();
  private readonly made = new Map<string, ContactState>();
  private readonly filled = new Map<string, ContactState>();

  private constructor(
    private readonly store: ContactStore,
    private readonly query: Query,
  ) {}

  /** Looks up everything that these lines name, with a query for each kind of name; for no line with none. */
  static async namedBy(
    lines: readonly GivenContactLine[],
    store: ContactStore,
    query: Query,
  ): Promise<KnownContacts> {
    const known = new KnownContacts(store, query);
    const ids = lines.flatMap(({ given }) =>
      [given.id, given.mergedInto].filter(id => typeof id === 'string'),
    );
    const keys = lines.flatMap(({ content: { type, key } }) => (key === null ? [] : [{ type, key }]));
    if (ids.length > 0) known.rememberAll((await store.findByIds(ids, query)).values());
    if (keys.length > 0) known.rememberAll(await store.findByKeys(keys, query));
    return known;
  }

  withId(id: string): ContactState | undefined {
    return this.byId.get(id);
  }

  withKey(contact: Pick<ContactState, 'type' | 'key'>): ContactState | undefined {
    return contact.key === null ? undefined : this.byKey.get(nameOf(contact));
  }

  /** Whether a contact is merged, directly or not, into another. */
  async isBelow(id: string, other: string): Promise<boolean> {
    let next: string | null = id;
    while (next !== null && next !== other) {
      if (!this.byId.has(next)) this.rememberAll((await this.store.findByIds([next], this.query)).values());
      next = this.byId.get(next)?.mergedInto ?? null;
    }
    return next !== null;
  }

  make(contact: ContactState): void {
    this.made.set(contact.id, contact);
    this.remember(contact);
  }

  /** Puts what is known of a contact in place of what was not. */
  fill(contact: ContactState): void {
    (this.made.has(contact.id) ? this.made : this.filled).set(contact.id, contact);
    this.remember(contact);
  }

  /** Stores what has been made and filled. @param named those whom messages name, since when: bare ones, where they are new. */
  async save(named: ReadonlyMap<string, Date>): Promise<void> {
    const { query } = this;
    await this.store.add(query, [...this.made.values()]);
    for (const contact of this.filled.values()) await this.store.fill(query, contact);
    const unknown = [...named].filter(([id]) => !this.byId.has(id));
    await this.store.makeBare(query, new Map(unknown));
  }

  private rememberAll(contacts: Iterable<ContactState>): void {
    for (const contact of contacts) this.remember(contact);
  }

  private remember(contact: ContactState): void {
    this.byId.set(contact.id, contact);
    if (contact.key !== null) this.byKey.set(nameOf(contact), contact);
  }
}

function nameOf({ type, key }: Pick<ContactState, 'type' | 'key'>): string {
  return `${type} ${key ?? ''}`;
}

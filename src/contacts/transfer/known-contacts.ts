import { type Query } from '../../platform/database/query';
import { type ContactState } from '../contact.kinds';
import { type ContactMerges } from '../contact.merges';
import { identityOf, MAX_GROUP_SIZE } from '../contact.rules';
import { type ContactStore } from '../contact.store';
import { type GivenContactLine } from './contact.line.rules';

/** The contacts that lines may mean: those in the store, and those that earlier lines of the same chunk have made. */
export class KnownContacts {
  private readonly byId = new Map<string, ContactState>();
  private readonly byKey = new Map<string, ContactState>();
  private readonly made = new Map<string, ContactState>();
  private readonly filled = new Map<string, ContactState>();

  /** Those that are one, by each of them; who is not here is known to stand alone. */
  private readonly groups = new Map<string, Set<string>>();

  private constructor(
    private readonly store: ContactStore,
    private readonly query: Query,
  ) {}

  /** Looks up everything that these lines name, with a query for each kind of name; for no line with none. */
  static async namedBy(
    lines: readonly GivenContactLine[],
    store: ContactStore,
    merges: ContactMerges,
    query: Query,
  ): Promise<KnownContacts> {
    const known = new KnownContacts(store, query);
    const ids = lines.flatMap(({ given }) =>
      [given.id, given.mergedInto].filter(id => typeof id === 'string'),
    );
    const keys = lines.flatMap(({ content: { type, key } }) => (key === null ? [] : [{ type, key }]));
    if (ids.length > 0) known.rememberAll((await store.findByIds(ids, query)).values());
    if (keys.length > 0) known.rememberAll(await store.findByKeys(keys, query));
    const merging = lines.filter(({ content }) => content.mergedInto !== null);
    const merged = merging.flatMap(({ given: { id }, content: { mergedInto } }) =>
      [id, mergedInto].filter(each => typeof each === 'string'),
    );
    if (merged.length > 0) known.rememberGroups(await merges.groupsOf([...new Set(merged)], query));
    return known;
  }

  withId(id: string): ContactState | undefined {
    return this.byId.get(id);
  }

  withKey(contact: Pick<ContactState, 'type' | 'key'>): ContactState | undefined {
    return contact.key === null ? undefined : this.byKey.get(identityOf(contact));
  }

  /** Whether a contact is merged, directly or not, into another. */
  async isBelow(id: string, other: string): Promise<boolean> {
    // Another program may have made a circle.
    const passed = new Set<string>();
    let next: string | null = id;
    while (next !== null && next !== other && !passed.has(next)) {
      passed.add(next);
      if (!this.byId.has(next)) this.rememberAll((await this.store.findByIds([next], this.query)).values());
      next = this.byId.get(next)?.mergedInto ?? null;
    }
    return next === other;
  }

  /** Counts two contacts, with those that they are one with, as one; false where they would be too many. */
  merge(id: string, into: string): boolean {
    const [ours, theirs] = [id, into].map(each => this.groups.get(each) ?? new Set([each]));
    if (ours === undefined || theirs === undefined || ours === theirs) return true;
    if (ours.size + theirs.size > MAX_GROUP_SIZE) return false;
    const all = new Set([...ours, ...theirs]);
    for (const each of all) this.groups.set(each, all);
    return true;
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

  private rememberGroups(groups: ReadonlyMap<string, readonly string[]>): void {
    for (const group of groups.values()) {
      const known = group.map(id => this.groups.get(id)).find(found => found !== undefined);
      const all = known ?? new Set(group);
      for (const id of group) this.groups.set(id, all);
    }
  }

  private remember(contact: ContactState): void {
    this.byId.set(contact.id, contact);
    if (contact.key !== null) this.byKey.set(identityOf(contact), contact);
  }
}

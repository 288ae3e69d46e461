import { randomUUID } from 'node:crypto';
import { type Database } from '../platform/database/database';
import { type GivenColumn, givenRows } from '../platform/database/given-rows';
import { type Query } from '../platform/database/query';
import { type Table } from '../platform/database/table';
import { type UnitOfWork } from '../platform/database/unit-of-work';
import { Contact } from './contact.entity';
import { type ContactState, type ContactType, type Sender } from './contact.kinds';
import { bareContact, contactOf, contactSearchText, identityOf } from './contact.rules';

/** A contact that was heard of, with what it is known by. */
type Named = ContactState & { readonly key: string };

/** Contacts as rows: finding and making them. Lists are in `contact.pages.ts`. */
export class ContactStore {
  private readonly table: Table<Contact>;

  constructor(private readonly database: Database) {
    this.table = database.table(Contact);
  }

  /**
   * The ids of the contacts of these senders, in their order; who was never heard of is stored in the caller's transaction.
   * A contact keeps its id when it is merged into another. One that has no name takes the sender's; one that has keeps it.
   */
  async findOrCreate(unit: UnitOfWork, senders: readonly Sender[], now: Date): Promise<readonly string[]> {
    if (senders.length === 0) return [];
    const named = senders.map(sender => contactOf(sender, randomUUID(), now));
    // All transactions go through keys in one order, so that of two that meet one waits, and never both.
    const wanted = [...distinct(named)].sort(byName);
    const known = await this.known(unit.query, wanted);
    const strangers = wanted.filter(each => !known.has(identityOf(each)));
    await this.insert(unit.query, strangers);
    // Who another transaction has made meanwhile was waited for: only a new statement sees them.
    const met = await this.known(unit.query, strangers);
    await this.fillNames(unit.query, wanted, known, now);
    return named.map(each => {
      const found = met.get(identityOf(each)) ?? known.get(identityOf(each));
      if (found === undefined) throw new Error('A contact is neither new nor there.');
      return found.id;
    });
  }

  /** Stores contacts, but for those whose type and key another contact has. */
  async insert(query: Query, contacts: readonly ContactState[]): Promise<void> {
    await this.table.load(query, contacts.map(withSearchText), 'on conflict do nothing');
  }

  /** Those that exist among these ids. */
  async existing(query: Query, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { sql, parameters } = this.database.dialect.among('id', ids);
    const rows = await query<{ id: string }>(`select id from contacts where ${sql}`, parameters);
    return new Set(rows.map(({ id }) => id));
  }

  /** Stores a bare contact for each of these ids that is not there yet. */
  async makeBare(query: Query, since: ReadonlyMap<string, Date>): Promise<void> {
    if (since.size === 0) return;
    const known = await this.existing(query, [...since.keys()]);
    const missing = [...since].filter(([id]) => !known.has(id));
    // In one order, as above.
    missing.sort(([one], [other]) => (one < other ? -1 : 1));
    await this.insert(
      query,
      missing.map(([id, createdAt]) => bareContact(id, createdAt)),
    );
  }

  /** The contacts that exist among these ids, read from the store itself: no record tells who has just written which. */
  async findByIds(
    ids: readonly string[],
    query: Query = this.database.readFresh,
  ): Promise<ReadonlyMap<string, Contact>> {
    return this.find(query, ids, '');
  }

  /** The same, and nobody else's to change until the transaction ends. */
  async findToChange(query: Query, ids: readonly string[]): Promise<ReadonlyMap<string, Contact>> {
    return this.find(query, ids, `order by id ${this.database.dialect.forUpdate}`);
  }

  /** Whose type and key these are; null where they are nobody's. */
  async ownerOf(query: Query, type: ContactType, key: string): Promise<string | null> {
    const [row] = await query<{ id: string }>('select id from contacts where "key" = ? and type = ?', [
      key,
      type,
    ]);
    return row?.id ?? null;
  }

  /** Writes a contact over its row; when it was made never changes. */
  async update(query: Query, contact: ContactState): Promise<void> {
    await query(
      `update contacts set type = ?, address = ?, "key" = ?, name = ?, user_id = ?, can_notify = ?, data_provider_id = ?,
        merged_into = ?, updated_at = ?, search_text = ? where id = ?`,
      [
        ...[
          contact.type,
          contact.address,
          contact.key,
          contact.name,
          contact.userId,
          contact.canNotify ? 1 : 0,
        ],
        ...[
          contact.dataProviderId,
          contact.mergedInto,
          contact.updatedAt.getTime(),
          contactSearchText(contact),
        ],
        contact.id,
      ],
    );
  }

  /** Stores contacts of which none is there: fails where one is. */
  async add(query: Query, contacts: readonly ContactState[]): Promise<void> {
    await this.table.load(query, contacts.map(withSearchText));
  }

  /** Writes a contact over a bare one, its time included. */
  async fill(query: Query, contact: ContactState): Promise<void> {
    // While it is bare.
    await query('update contacts set created_at = ? where id = ?', [contact.createdAt.getTime(), contact.id]);
    await this.update(query, contact);
  }

  /** The contacts that have these types and keys. */
  async findByKeys(
    keys: readonly { readonly type: ContactType; readonly key: string }[],
    query: Query,
  ): Promise<readonly Contact[]> {
    return this.table.select(query, this.byKeys(), [JSON.stringify(keys.map(each => [each.type, each.key]))]);
  }

  /** The first contacts with an id beyond this one, in the order of ids. */
  async findBeyond(after: string | null, limit: number): Promise<readonly Contact[]> {
    return this.table.select(this.database.readFresh, 'from contacts where id > ? order by id limit ?', [
      after ?? '',
      limit,
    ]);
  }

  async count(): Promise<number> {
    const [row] = await this.database.readFresh<{ count: number }>(
      'select count(*) as "count" from contacts',
    );
    return row?.count ?? 0;
  }

  /** For a list of types and keys. */
  private byKeys(): string {
    const { dialect } = this.database;
    return `from ${dialect.list('given')} cross join contacts
      where contacts."key" = ${dialect.cell('given', 1, 'text')} and contacts.type = ${dialect.cell('given', 0, 'text')}`;
  }

  private async find(
    query: Query,
    ids: readonly string[],
    ending: string,
  ): Promise<ReadonlyMap<string, Contact>> {
    const { sql, parameters } = this.database.dialect.among('id', [...new Set(ids)]);
    const found = await this.table.select(query, `from contacts where ${sql} ${ending}`, parameters);
    return new Map(found.map(contact => [contact.id, contact]));
  }

  private async known(query: Query, contacts: readonly Named[]): Promise<ReadonlyMap<string, Contact>> {
    const found = contacts.length === 0 ? [] : await this.findByKeys(contacts, query);
    return new Map(found.map(contact => [identityOf(contact), contact]));
  }

  private async fillNames(
    query: Query,
    wanted: readonly Named[],
    known: ReadonlyMap<string, Contact>,
    now: Date,
  ): Promise<void> {
    const nameless = wanted.flatMap(each => {
      const found = known.get(identityOf(each));
      return found?.name === null && each.name !== null ? [[found.id, each.name] as const] : [];
    });
    if (nameless.length === 0) return;
    // In the one order in which all take contacts, and as they are by then: their address may have changed.
    const locked = await this.findToChange(
      query,
      nameless.map(([id]) => id),
    );
    const rows = nameless.flatMap(([id, name]) => {
      const found = locked.get(id);
      if (found?.name !== null) return [];
      return [[id, name, contactSearchText({ name, address: found.address }), now.getTime()]];
    });
    if (rows.length === 0) return;
    const { cells, list, parameters } = givenRows(this.database.dialect, NAME_COLUMNS, rows);
    const [id, name, searchText, updatedAt] = cells;
    await query(
      `update contacts set name = ${name}, search_text = ${searchText}, updated_at = ${updatedAt} from ${list}
        where contacts.id = ${id} and name is null`,
      parameters,
    );
  }
}

const NAME_COLUMNS: readonly GivenColumn[] = [
  // What rows are found by stands behind the list.
  { type: 'text', isRepeated: true },
  { type: 'text' },
  { type: 'text' },
  { type: 'integer' },
];

function withSearchText(contact: ContactState): ContactState & { readonly searchText: string } {
  return { ...contact, searchText: contactSearchText(contact) };
}

/** Each once; one that is named twice takes the first name that is told. */
function distinct(contacts: readonly Named[]): Iterable<Named> {
  const found = new Map<string, Named>();
  for (const each of contacts) {
    const former = found.get(identityOf(each)) ?? each;
    found.set(identityOf(each), { ...former, name: former.name ?? each.name });
  }
  return found.values();
}

function byName(one: Named, other: Named): number {
  return identityOf(one) < identityOf(other) ? -1 : 1;
}

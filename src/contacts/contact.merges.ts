import { type Database } from '../platform/database/database';
import { type Query } from '../platform/database/query';
import { unkeepableIssue } from '../platform/text.rules';

/** Which contacts are one: what is merged points to what it is merged into, and so on up to one that stands for all. */
export class ContactMerges {
  constructor(private readonly database: Database) {}

  /** For each of these ids that is a contact's: all that are one with it, itself among them, in the order of ids. */
  async groupsOf(
    ids: readonly string[],
    query: Query = this.database.readFresh,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await query<{ asked: string; id: string }>(
      `with recursive ${this.ways()}, down (asked, id) as (
        select asked, id from up where merged_into is null
        union select down.asked, contacts.id from down join contacts on contacts.merged_into = down.id
      ) select asked, id from down order by id`,
      [listOf(ids)],
    );
    const groups = new Map<string, string[]>();
    for (const { asked, id } of rows) {
      const group = groups.get(asked);
      if (group) group.push(id);
      else groups.set(asked, [id]);
    }
    return groups;
  }

  /** For each of these ids that is a contact's, the one that stands for it. */
  async rootsOf(
    ids: readonly string[],
    query: Query = this.database.readFresh,
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await query<{ asked: string; id: string }>(
      `with recursive ${this.ways()} select asked, id from up where merged_into is null`,
      [listOf(ids)],
    );
    return new Map(rows.map(({ asked, id }) => [asked, id]));
  }

  /** All that a contact is merged into, directly or not. */
  async wayUpFrom(id: string, query: Query): Promise<ReadonlySet<string>> {
    const rows = await query<{ id: string | null }>(
      `with recursive ${this.ways()} select merged_into as "id" from up where merged_into is not null`,
      [listOf([id])],
    );
    return new Set(rows.flatMap(row => row.id ?? []));
  }

  /** From each contact that is asked for up to its root. `union` ends also where another program has made a circle. */
  private ways(): string {
    const { dialect } = this.database;
    return `up (asked, id, merged_into) as (
      select contacts.id, contacts.id, contacts.merged_into from ${dialect.list('given')}
        cross join contacts where contacts.id = ${dialect.item('given', 'text')}
      union select up.asked, contacts.id, contacts.merged_into from up join contacts on contacts.id = up.merged_into
    )`;
  }
}

/** What no store can hold is nobody's id, and one of them would refuse the whole list for it. */
function listOf(ids: readonly string[]): string {
  return JSON.stringify(ids.filter(id => unkeepableIssue(id) === null));
}

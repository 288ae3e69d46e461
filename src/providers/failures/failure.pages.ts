import { allOf, ALWAYS, type Clause, clause } from '../../platform/database/clause';
import { listIssue } from '../../platform/database/conditions';
import { decodeCursor, encodeCursor } from '../../platform/database/cursor';
import { type Database } from '../../platform/database/database';
import { Connection } from '../../platform/database/page';
import { type PageArguments, pageWindow } from '../../platform/database/page-window';
import { type Table } from '../../platform/database/table';
import { badUserInput } from '../../platform/errors';
import { IntakeFailure } from './intake-failure.entity';

/** Which failures are asked for, as in the schema; null is the same as leaving a field out. */
export interface FailureFilter {
  readonly providerId?: readonly string[] | null | undefined;
  readonly resolved?: boolean | null | undefined;
}

export interface FailureListArguments extends Pick<PageArguments, 'first' | 'after'> {
  readonly filter?: FailureFilter | null | undefined;
}

/** What a cursor is good for. */
const FAILURES = 'FAILURES';

/** Lists of failures, newest first. They are few: what is older than the retention goes. */
export class FailurePages {
  private readonly table: Table<IntakeFailure>;

  constructor(private readonly database: Database) {
    this.table = database.table(IntakeFailure);
  }

  /**
   * Nothing is read before it is asked for.
   * @throws Refusal BAD_USER_INPUT with the issues of all arguments together.
   */
  list({ filter, first, after }: FailureListArguments): Connection<IntakeFailure> {
    const { window, issues } = pageWindow({ first, after }, positionOf);
    const listed = filter?.providerId ? listIssue(filter.providerId) : null;
    const all = [
      ...(listed === null ? [] : [{ path: ['filter', 'providerId'], message: listed }]),
      ...issues,
    ];
    if (all.length > 0) throw badUserInput(all);
    const where = this.compile(filter);
    const { from, size } = window;
    return new Connection(window, {
      rows: () =>
        this.select(allOf([where, from === null ? ALWAYS : clause('id < ?', from.id)]), 'id desc', size + 1),
      hasRowsBehind: async edge =>
        (await this.select(allOf([where, edge === null ? ALWAYS : clause('id > ?', edge.id)]), 'id', 1))
          .length > 0,
      count: () => this.count(where),
      cursorOf: ({ id }) => encodeCursor(FAILURES, [id]),
    });
  }

  private compile(filter: FailureFilter | null | undefined): Clause {
    const { providerId, resolved } = filter ?? {};
    return allOf([
      providerId ? this.database.dialect.among('provider_id', providerId) : ALWAYS,
      typeof resolved === 'boolean' ? clause(`resolved_at is ${resolved ? 'not null' : 'null'}`) : ALWAYS,
    ]);
  }

  private select(
    { sql, parameters }: Clause,
    order: string,
    limit: number,
  ): Promise<readonly IntakeFailure[]> {
    const tail = `from intake_failures where ${sql} order by ${order} limit ?`;
    return this.table.select(this.database.read, tail, [...parameters, limit]);
  }

  private async count({ sql, parameters }: Clause): Promise<number> {
    const [row] = await this.database.read<{ count: number }>(
      `select count(*) as "count" from intake_failures where ${sql}`,
      parameters,
    );
    return row?.count ?? 0;
  }
}

function positionOf(cursor: string): { readonly id: number } | null {
  const [id, ...rest] = decodeCursor(FAILURES, cursor) ?? [];
  return typeof id === 'number' && Number.isSafeInteger(id) && rest.length === 0 ? { id } : null;
}

import { Pool, types } from 'pg';
import { type Asked, COLUMNS, type Messages, type Row } from './messages';

type Value = string | number | readonly number[];

/** As many connections as the driver's pool has unless it is told otherwise. */
const CONNECTIONS = 10;

/** @param url of a store of the gateway. */
export function openPostgresMessages(url: string): Messages {
  // The driver hands them over as text, because not all of them are safe integers; these are.
  types.setTypeParser(types.builtins.INT8, Number);
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  const names = new Map<string, string>();
  /** Each connection prepares a statement once, under its name. */
  const run = async <R extends object>(text: string, values: readonly Value[]): Promise<R[]> => {
    const name = names.get(text) ?? `statement-${names.size}`;
    names.set(text, name);
    return (await pool.query<R>({ name, text, values: [...values] })).rows;
  };
  return {
    page: async (columns, asked) => {
      const rows = await run<Row>(pageSql(COLUMNS[columns], asked), pageValues(asked));
      return asked.fromEnd === true ? rows.reverse() : rows;
    },
    search: (columns, text, limit) => run(searchSql(COLUMNS[columns]), [`%${text.toLowerCase()}%`, limit]),
    countInbox: async () => (await run<{ count: number }>(COUNT, []))[0]?.count ?? 0,
    byIds: (columns, ids) =>
      run(`select ${COLUMNS[columns]} from messages where id = any($1::bigint[])`, [ids]),
    replies: (columns, parentIds, limit) => run(repliesSql(COLUMNS[columns]), [parentIds, limit]),
    create: async ({ message, type, channels, recipientIds }) => {
      const lists = [JSON.stringify(channels), JSON.stringify(recipientIds)];
      const values = [type, message, ...lists, Date.now(), `\u001f${message.toLowerCase()}`];
      return (await run<{ id: number }>(CREATE, values))[0]?.id ?? 0;
    },
    setStatus: (ids, status) => run(SET_STATUS, [status, Date.now(), ids]),
  };
}

const INBOX = `direction = 'INCOMING' and status <> 'ARCHIVED'`;
const COUNT = `select count(*) as count from messages where ${INBOX}`;
const CREATE = `insert into messages (version, direction, status, type, message, channels, recipient_ids, created_at,
  updated_at, search_text) values (1, 'OUTGOING', 'PENDING', $1, $2, $3, $4, $5, $5, $6) returning id`;
const SET_STATUS = `update messages set status = $1, version = version + 1, updated_at = $2
  where id = any($3::bigint[]) returning id, version, status`;

function pageSql(columns: string, { after, offset, fromEnd = false }: Asked): string {
  const direction = fromEnd ? 'asc' : 'desc';
  return `select ${columns} from messages
    where ${INBOX} ${after === undefined ? '' : 'and (created_at, id) < ($2, $3)'}
    order by created_at ${direction}, id ${direction} limit $1 ${offset === undefined ? '' : 'offset $2'}`;
}

/** A page begins at a position or at an offset, never at both. */
function pageValues({ limit, after, offset }: Asked): readonly Value[] {
  const start = after === undefined ? [] : [after.createdAt, after.id];
  return [limit, ...start, ...(offset === undefined ? [] : [offset])];
}

/** Found first, then sorted: the planner does not know the text when it prepares, and might walk the inbox. */
function searchSql(columns: string): string {
  return `with found as materialized (select * from messages where search_text like $1)
    select ${columns} from found where ${INBOX} order by created_at desc, id desc limit $2`;
}

function repliesSql(columns: string): string {
  return `select reply.* from unnest($1::bigint[]) as asked (id) cross join lateral (
      select ${columns} from messages where parent_id = asked.id order by created_at, id limit $2
    ) as reply`;
}

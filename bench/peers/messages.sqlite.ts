import { Database, OPEN_READWRITE, type Statement } from 'sqlite3';
import { type Asked, type Changed, COLUMNS, type Messages, type Row } from './messages';

type Value = string | number | null;

/** Runs a statement on one connection, which has prepared it once. */
type Run = <R>(sql: string, values: readonly Value[]) => Promise<R[]>;

/** @param file a store of the gateway. */
export function openSqliteMessages(file: string): Messages {
  // As many connections as the gateway has.
  const readers = [connect(file), connect(file)];
  const write = connect(file);
  let turn = 0;
  const read: Run = (sql, values) => {
    turn = (turn + 1) % readers.length;
    return readers[turn]?.(sql, values) ?? Promise.resolve([]);
  };
  return {
    page: async (columns, asked) => {
      const rows = await read<Row>(pageSql(COLUMNS[columns], asked), pageValues(asked));
      return asked.fromEnd === true ? rows.reverse() : rows;
    },
    search: (columns, text, limit) => read(searchSql(COLUMNS[columns]), [`"${text.toLowerCase()}"`, limit]),
    countInbox: async () => (await read<{ count: number }>(COUNT, []))[0]?.count ?? 0,
    byIds: (columns, [id = 0, ...others]) =>
      others.length === 0
        ? read(`select ${COLUMNS[columns]} from messages where id = ?`, [id])
        : read(byIdsSql(COLUMNS[columns]), [JSON.stringify([id, ...others])]),
    replies: (columns, parentIds, limit) =>
      read(repliesSql(COLUMNS[columns]), [JSON.stringify(parentIds), limit]),
    create: async ({ message, type, channels, recipientIds }) => {
      const now = Date.now();
      const lists = [JSON.stringify(channels), JSON.stringify(recipientIds)];
      const values = [type, message, ...lists, now, now, `\u001f${message.toLowerCase()}`];
      return (await write<{ id: number }>(CREATE, values))[0]?.id ?? 0;
    },
    setStatus: ([id = 0, ...others], status) =>
      others.length === 0
        ? write<Changed>(SET_STATUS, [status, Date.now(), id])
        : write<Changed>(SET_STATUSES, [status, Date.now(), JSON.stringify([id, ...others])]),
  };
}

const INBOX = `direction = 'INCOMING' and status <> 'ARCHIVED'`;
const COUNT = `select count(*) as count from messages indexed by messages_inbox_by_created where ${INBOX}`;
const CREATE = `insert into messages (version, direction, status, type, message, channels, recipient_ids, created_at,
  updated_at, search_text) values (1, 'OUTGOING', 'PENDING', ?, ?, ?, ?, ?, ?, ?) returning id`;
const SET_STATUS = `update messages set status = ?, version = version + 1, updated_at = ? where id = ?
  returning id, version, status`;
const SET_STATUSES = `update messages set status = ?, version = version + 1, updated_at = ?
  where id in (select value from json_each(?)) returning id, version, status`;

function pageSql(columns: string, { after, offset, fromEnd = false }: Asked): string {
  const direction = fromEnd ? 'asc' : 'desc';
  return `select ${columns} from messages indexed by messages_inbox_by_created
    where ${INBOX} ${after === undefined ? '' : 'and (created_at, id) < (?, ?)'}
    order by created_at ${direction}, id ${direction} limit ? ${offset === undefined ? '' : 'offset ?'}`;
}

function pageValues({ limit, after, offset }: Asked): readonly Value[] {
  const start = after === undefined ? [] : [after.createdAt, after.id];
  return [...start, limit, ...(offset === undefined ? [] : [offset])];
}

/** The plus signs keep the planner from walking the inbox, where the index of texts knows the few that match. */
function searchSql(columns: string): string {
  return `select ${columns} from messages
    where id in (select rowid from messages_search where messages_search match ?)
      and +direction = 'INCOMING' and +status <> 'ARCHIVED' order by created_at desc, id desc limit ?`;
}

function byIdsSql(columns: string): string {
  return `select ${columns} from messages where id in (select value from json_each(?))`;
}

function repliesSql(columns: string): string {
  return `select ${columns} from messages where id in (
      select reply.id from json_each(?) as asked, messages as reply where reply.id in (
        select id from messages where parent_id = asked.value order by created_at, id limit ?
      )
    ) order by created_at, id`;
}

function connect(file: string): Run {
  const database = new Database(file, OPEN_READWRITE);
  database.exec('pragma synchronous = full');
  database.configure('busyTimeout', 5_000);
  const statements = new Map<string, Statement>();
  return <R>(sql: string, values: readonly Value[]) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return new Promise<R[]>((resolve, reject) => {
      statement.all<R>([...values], (error, rows) => (error === null ? resolve(rows) : reject(error)));
    });
  };
}

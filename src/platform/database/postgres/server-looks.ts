import { postgresDialect } from './dialect';
import { type SqlValue } from '../query';
import { INSTANCE, type Session } from './session';

/** What there is to know of the server of the store, and of those that follow it. No session state is needed for it. */
interface Look {
  /** Cluster and database, as the server itself counts them: the same on its copies. */
  readonly identity: string;
  /** The record among the tables of that database; null where it is not there, or not there yet. */
  readonly table: number | null;
  /** Another one after each start. */
  readonly instance: string;
  /** The newest entry of the record that can be seen; 0 where there is none. */
  readonly newestEntry: number;
}

export interface ServerLook extends Look {
  /** The last id that an entry of the record was given, be it committed or not; looked at before all the rest. */
  readonly lastId: number;
  /** Transactions that write to the record just now. */
  readonly writing: ReadonlySet<string>;
  /** Where the log ends that replicas are sent, in bytes since its beginning; looked at after `writing`. */
  readonly position: bigint;
}

export interface ReplicaLook extends Look {
  readonly isFollowing: boolean;
  /** How much of the log has been replayed, looked at before `newestEntry`; null where the server does not tell. */
  readonly position: bigint | null;
}

/** @param record the table in which every write leaves an entry, with an id that ascends. */
export async function lookAtServer(session: Session, record: string): Promise<ServerLook> {
  const { id: lastId } = await only<{ id: number | null }>(session, postgresDialect.lastId(record));
  // Whoever has given an id to an entry has locked the table before, and keeps that lock until the end.
  const { rows: writers } = await session.query<{ transaction: string }>(
    `select distinct virtualtransaction as "transaction" from pg_locks
      where relation = ?::regclass and database = (select oid from pg_database where datname = current_database())
        and mode = 'RowExclusiveLock' and granted`,
    [record],
  );
  const { end, ...look } = await only<Look & { readonly end: string }>(
    session,
    `select pg_wal_lsn_diff(${END}, '0/0')::text as "end", ${newest(record)}, ${WHO}`,
    [record],
  );
  return {
    ...look,
    lastId: lastId ?? 0,
    writing: new Set(writers.map(({ transaction }) => transaction)),
    position: BigInt(end),
  };
}

export async function lookAtReplica(session: Session, record: string): Promise<ReplicaLook> {
  const { end, ...look } = await only<
    Omit<Look, 'newestEntry'> & { isFollowing: boolean; end: string | null }
  >(
    session,
    `select pg_is_in_recovery() as "isFollowing",
      pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::text as "end", ${WHO}`,
    [record],
  );
  const position = end === null ? null : BigInt(end);
  if (look.table === null) return { ...look, position, newestEntry: 0 };
  return {
    ...look,
    position,
    ...(await only<Pick<Look, 'newestEntry'>>(session, `select ${newest(record)}`)),
  };
}

/** Behind every commit that is over: on disk, unless commits do not wait for that. No privilege is needed to ask. */
const END = `case when current_setting('synchronous_commit') = 'off'
  then pg_current_wal_insert_lsn() else pg_current_wal_flush_lsn() end`;

const WHO = `${INSTANCE} as "instance",
  to_regclass(?)::oid as "table", concat_ws(' ', (select system_identifier from pg_control_system()),
    (select oid from pg_database where datname = current_database())) as "identity"`;

function newest(record: string): string {
  return `(select coalesce(max(id), 0) from ${record}) as "newestEntry"`;
}

async function only<Row extends object>(
  session: Session,
  sql: string,
  parameters?: readonly SqlValue[],
): Promise<Row> {
  const { rows } = await session.query<Row>(sql, parameters);
  const [row] = rows;
  if (row === undefined) throw new Error('The server has told nothing of itself.');
  return row;
}

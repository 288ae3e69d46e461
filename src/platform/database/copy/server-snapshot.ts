import { Deadline } from '../../deadline';
import { asPostgresRefusal } from '../postgres/postgres-errors';
import { Server } from '../postgres/server';
import { type Session } from '../postgres/session';
import { Sessions } from '../postgres/sessions';
import { type Query, type SqlValue } from '../query';

/** Reads a database within one transaction, which keeps nobody from writing, and the server from clearing up behind them. */
export async function withServerSnapshot<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
  const server = new Server(url);
  const sessions = new Sessions(server, 'heliograph copy', 1);
  try {
    return await sessions.use(Deadline.NONE, session => readWithin(session, work));
  } finally {
    server.close();
    await sessions.close();
  }
}

async function readWithin<T>(session: Session, work: (query: Query) => Promise<T>): Promise<T> {
  const query: Query = async <Row>(sql: string, parameters: readonly SqlValue[] = []) => {
    try {
      return (await session.query(sql, parameters)).rows as Row[];
    } catch (error) {
      throw asPostgresRefusal(error);
    }
  };
  await query('begin isolation level repeatable read read only');
  try {
    await query(WITHOUT_TIMEOUTS);
    return await work(query);
  } finally {
    // Where the connection is gone the transaction is as well.
    await query('rollback').catch(() => session.destroy());
  }
}

/** While the target writes the source has nothing to do, for as long as that takes. Not every release has every timeout. */
const WITHOUT_TIMEOUTS = `select set_config(name, '0', true) from pg_settings
  where name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;

import { DatabaseError } from 'pg';
import { Deadline } from '../../deadline';
import { Refusal } from '../../errors';
import { type SqlValue } from '../query';
import { ConnectionLost } from './postgres-errors';
import { type ReplicaLook, lookAtReplica } from './server-looks';
import { Server } from './server';
import { shownServerUrl } from './server-url';
import { Sessions } from './sessions';
import { type Moment, type WriteHistory } from './write-history';

/** How long one look at a server may take, in milliseconds. */
export const LOOK_TIMEOUT_MS = 2_000;

/**
 * Whether reads may go to a replica. Fit: it shows everything that had been written at a moment. Unfit: it must not be
 * read, and the operator should know why. Unknown: the server itself has not told enough yet to judge by.
 */
export type Standing =
  | { readonly kind: 'fit'; readonly moment: Moment; readonly instance: string }
  | { readonly kind: 'unfit'; readonly why: string }
  | { readonly kind: 'unknown' };

/** A server that follows the one of the store. It is looked at now and then, on a connection made for that. */
export class Replica {
  /** How it may be told of. */
  readonly name: string;
  private readonly sessions: Sessions;
  private readonly server: Server;
  private readonly lookouts: Sessions;
  private latest: ReplicaLook | null = null;
  private fault: string | null = null;
  private readonly instances = new Set<string>();
  private isSeveral = false;

  constructor(url: string, connections: number) {
    this.name = shownServerUrl(url);
    this.server = new Server(url);
    this.sessions = new Sessions(this.server, 'heliograph read', connections);
    // A new one each time: only so it shows when an address leads to one server today and to another tomorrow.
    this.lookouts = new Sessions(this.server, 'heliograph watch', 1, 1);
  }

  async look(record: string): Promise<void> {
    try {
      const seen = await this.lookouts.use(Deadline.in(LOOK_TIMEOUT_MS), session =>
        lookAtReplica(session, record),
      );
      // One that was started anew was never there before; one that comes back was away while another answered.
      this.isSeveral ||= seen.instance !== this.latest?.instance && this.instances.has(seen.instance);
      this.instances.add(seen.instance);
      this.latest = seen;
      this.fault = null;
    } catch (error) {
      this.fault = `it cannot be looked at${codeOf(error)}`;
    }
  }

  /**
   * Reads on the server that was looked at. One that was started since may not have come as far again, and behind some
   * addresses there is another server each time.
   * @throws what the server throws, or ConnectionLost where it is not that one.
   */
  async read<Row>(
    instance: string,
    sql: string,
    parameters: readonly SqlValue[] | undefined,
    deadline: Deadline,
  ): Promise<Row[]> {
    return this.sessions.use(deadline, async session => {
      if ((await session.instance()) !== instance) {
        session.destroy();
        throw new ConnectionLost(new Error('It is not the server that was looked at.'));
      }
      return (await session.query(sql, parameters)).rows as Row[];
    });
  }

  /** @param sinceMs how far back what it shows may lie, on the clock of `performance.now()`. */
  standing(history: WriteHistory, sinceMs: number): Standing {
    const { server } = history;
    if (server === null) return { kind: 'unknown' };
    if (this.fault !== null) return unfit(this.fault);
    if (this.isSeveral) return unfit('several servers answer at its address; name each by itself');
    if (this.latest === null) return { kind: 'unknown' };
    const { identity, instance, table, isFollowing, position, newestEntry } = this.latest;
    if (identity !== server.identity || (table ?? server.table) !== server.table)
      return unfit('it is no copy of the database that DATABASE_URL names');
    if (!isFollowing) return unfit('it follows no other server');
    if (position === null) return unfit('it does not tell how far it has come');
    if (!this.server.isUp) return unfit('it cannot be reached');
    const moment = table === null ? null : history.upTo(position, sinceMs);
    if (moment === null)
      return history.reachesBackTo(sinceMs) ? unfit('it lags behind') : { kind: 'unknown' };
    // As far as the log goes it is there: so that is the log of another server, which was a copy as well once.
    if (newestEntry < moment.newestEntry) return unfit('it follows another server than that of DATABASE_URL');
    return { kind: 'fit', moment, instance };
  }

  async close(): Promise<void> {
    this.server.close();
    for (const sessions of [this.sessions, this.lookouts]) await sessions.close();
  }
}

/** What may be told of an error: messages name users and hosts. */
export function codeOf(error: unknown): string {
  const cause = error instanceof Refusal ? error.details['cause'] : error;
  const root = cause instanceof Error && !(cause instanceof DatabaseError) ? (cause.cause ?? cause) : cause;
  const code = typeof root === 'object' && root !== null && 'code' in root ? root.code : undefined;
  return typeof code === 'string' ? ` (${code})` : '';
}

function unfit(why: string): Standing {
  return { kind: 'unfit', why };
}

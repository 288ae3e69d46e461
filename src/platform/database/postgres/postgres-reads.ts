import { type SqlValue } from '../query';
import { Refusal } from '../../errors';
import { mustReadFresh } from '../fresh-reads';
import { asPostgresRefusal, isContention, isLost } from './postgres-errors';
import { type Sessions } from './sessions';

/** How often a read is tried whose connection dies: each of a pool may have, when all sessions were ended at once. */
const MAX_ATTEMPTS = 4;

/**
 * Reads what is committed, from the replicas in turn where there are any. A read changes nothing, so that one whose
 * connection was lost is simply done again; where a replica cannot serve it the server itself does.
 */
export class PostgresReads {
  private turn = 0;

  constructor(
    private readonly primary: Sessions,
    private readonly replicas: readonly Sessions[],
  ) {}

  async read<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    for (let attempt = 1; ; attempt += 1) {
      const sessions = attempt === 1 ? this.next() : this.primary;
      try {
        const { rows } = await sessions.use(session => session.query(sql, parameters));
        return rows as Row[];
      } catch (error) {
        const mayGo =
          isLost(error) || isContention(error) || (sessions !== this.primary && isUnavailable(error));
        if (attempt >= MAX_ATTEMPTS || !mayGo) throw asPostgresRefusal(error);
      }
    }
  }

  private next(): Sessions {
    const up = mustReadFresh() ? [] : this.replicas.filter(replica => replica.isUp);
    this.turn = (this.turn + 1) % Math.max(1, up.length);
    return up[this.turn] ?? this.primary;
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'DATABASE_UNAVAILABLE';
}

import { type Deadline } from '../../deadline';
import { Refusal } from '../../errors';
import { type LaggingReads } from '../lagging-reads';
import { type SqlValue } from '../query';
import { asPostgresRefusal, isContention, isLost } from './postgres-errors';
import { type Choice, type Replicas } from './replicas';
import { type Sessions } from './sessions';

/** How often a read is tried whose connection dies: each of a pool may have, when all sessions were ended at once. */
const MAX_ATTEMPTS = 4;

const NONE = Promise.resolve(null);

/**
 * Reads what is committed. A read changes nothing, so that one whose connection was lost is simply done again.
 *
 * Those of a request that allows it go to a replica, all of them to the same one: of two that are at different moments
 * the later answer could take back what the former has shown. Where the replica cannot serve one, the server itself
 * answers it, and whatever that request reads from then on; it is never behind.
 */
export class PostgresReads {
  private readonly choices = new WeakMap<LaggingReads, Promise<Choice | null>>();

  constructor(
    private readonly server: Sessions,
    private readonly replicas: Replicas | null,
  ) {}

  /** @param lagging the leave of the request that reads; null where the server itself must answer. */
  async read<Row>(
    sql: string,
    parameters: readonly SqlValue[] | undefined,
    deadline: Deadline,
    lagging: LaggingReads | null,
  ): Promise<Row[]> {
    const leave = this.replicas !== null && lagging?.areAllowed === true ? lagging : null;
    const choice = leave && (await this.choiceFor(leave));
    if (!choice) return this.readHere(sql, parameters, deadline);
    try {
      return await choice.read<Row>(sql, parameters, deadline);
    } catch (error) {
      if (isOutOfTime(error)) throw error;
      this.choices.set(leave, NONE);
      return this.readHere(sql, parameters, deadline);
    }
  }

  private async readHere<Row>(
    sql: string,
    parameters: readonly SqlValue[] | undefined,
    deadline: Deadline,
  ): Promise<Row[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { rows } = await this.server.use(deadline, session => session.query(sql, parameters));
        return rows as Row[];
      } catch (error) {
        const mayGo = isLost(error) || isContention(error);
        if (attempt >= MAX_ATTEMPTS || !mayGo) throw asPostgresRefusal(error);
      }
    }
  }

  private choiceFor(leave: LaggingReads): Promise<Choice | null> {
    const made = this.choices.get(leave) ?? this.choose(leave);
    this.choices.set(leave, made);
    return made;
  }

  private async choose({ hasWrittenSince }: LaggingReads): Promise<Choice | null> {
    const choice = this.replicas?.choose() ?? null;
    return choice === null || (await hasWrittenSince(choice.mark)) ? null : choice;
  }
}

function isOutOfTime(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'TIMEOUT';
}

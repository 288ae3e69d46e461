import { setTimeout } from 'node:timers/promises';
import { type DataSource } from 'typeorm';
import { type Deadline } from '../../deadline';
import { Refusal } from '../../errors';
import { type UnitOfWork } from '../unit-of-work';
import { writesOverloaded, writeTimedOut } from '../write-refusals';
import { outcomeOf, type TransactionMark } from './commit-outcome';
import { asPostgresRefusal, isContention, isEndlessContention, isLost } from './postgres-errors';
import { PostgresTransaction } from './postgres-transaction';
import { type Session } from './session';
import { type Sessions } from './sessions';

/** Writes that may wait for a connection: as many as on SQLite, and served several at a time. */
const MAX_WAITING_WRITES = 1_000;

/** How often one write is tried before its caller is told what stands in its way. */
const MAX_ATTEMPTS = 5;

/** Two that met once would meet again at once: each waits up to so long before the next attempt, in milliseconds. */
const MAX_PAUSE_MS = 40;

/**
 * A gateway that is alive does not leave a transaction alone for so long, in milliseconds; of one that is gone without a
 * word the server would keep the locks for hours.
 */
const MAX_IDLE_IN_TRANSACTION_MS = 30_000;

/**
 * A commit is never cut off by a deadline, but it is not waited for without end either: a connection may die without a word,
 * or the server may wait for a replica that is away. So much longer than the request may run, in milliseconds, and never
 * longer than `MAX_COMMIT_MS` more; then what became of it is looked up.
 */
const COMMIT_PATIENCE_MS = 2_000;
const MAX_COMMIT_MS = 30_000;
const ROLLBACK_PATIENCE_MS = 1_000;

/**
 * The one way to write: each write is a transaction of its own, several at a time.
 *
 * A write is waiting, then running, then settled. Where another transaction was in the way, or the connection was lost
 * before the commit, nothing of it stays, and it runs again from its beginning: its work must not do anything that the
 * store does not take back. A commit that was never answered is looked up (`commit-outcome.ts`).
 */
export class PostgresWrites {
  constructor(
    private readonly sessions: Sessions,
    private readonly source: DataSource,
    /** From `selectMark`. */
    private readonly selectMark: string,
  ) {}

  async write<T>(work: (unit: UnitOfWork) => Promise<T>, deadline: Deadline): Promise<T> {
    try {
      return await this.untilSettled(work, deadline);
    } catch (error) {
      if (isEndlessContention(error)) throw writesOverloaded();
      const told = asPostgresRefusal(error);
      throw told instanceof Refusal && told.code === 'TIMEOUT' ? writeTimedOut() : told;
    }
  }

  private async untilSettled<T>(work: (unit: UnitOfWork) => Promise<T>, deadline: Deadline): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.sessions.waiting >= MAX_WAITING_WRITES) throw writesOverloaded();
      const outcome = await this.sessions
        .use(deadline, session => this.attempt(session, work))
        .catch((error: unknown): Attempt<T> => ({ kind: 'failed', error }));
      if (outcome.kind === 'committed') return outcome.result;
      if (outcome.kind === 'unanswered') {
        const happened = await outcomeOf(outcome.mark, this.sessions, deadline);
        if (happened === 'committed') return outcome.result;
        if (happened === 'unknown') throw outcomeUnknown(outcome.error);
      }
      if (attempt >= MAX_ATTEMPTS || !isWorthAnother(outcome.error)) throw outcome.error;
      await setTimeout(Math.random() * MAX_PAUSE_MS);
    }
  }

  private async attempt<T>(session: Session, work: (unit: UnitOfWork) => Promise<T>): Promise<Attempt<T>> {
    const transaction = new PostgresTransaction(session, this.source);
    let done: { readonly result: T; readonly mark: TransactionMark };
    try {
      const mark = await begin(session, this.selectMark);
      const result = await work(transaction);
      await transaction.finish();
      transaction.requireWhole();
      session.deadline.require();
      done = { result, mark };
    } catch (error) {
      await transaction.finish();
      await rollBack(session);
      // A refusal of the work's own was its answer to what it read; unless a statement failed under it.
      return {
        kind: 'failed',
        error: isWorthAnother(transaction.causeOf(error)) ? transaction.causeOf(error) : error,
      };
    }
    try {
      await session.conclude(
        'commit',
        Math.min(Math.max(session.deadline.remainingMs, 0), MAX_COMMIT_MS) + COMMIT_PATIENCE_MS,
      );
      return { kind: 'committed', result: done.result };
    } catch (error) {
      if (isLost(error)) return { kind: 'unanswered', error, ...done };
      await rollBack(session);
      return { kind: 'failed', error };
    }
  }
}

type Attempt<T> =
  | { readonly kind: 'committed'; readonly result: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | {
      readonly kind: 'unanswered';
      readonly error: unknown;
      readonly result: T;
      readonly mark: TransactionMark;
    };

function isWorthAnother(error: unknown): boolean {
  return isLost(error) || isContention(error);
}

/** Whatever the server or the role is set to; a stricter setting, which waits for replicas as well, stays as it is. */
const ACKNOWLEDGED_IS_STORED = `case current_setting('synchronous_commit')
  when 'off' then set_config('synchronous_commit', 'on', true) end`;

/**
 * In one message, and all that is set in one statement: each more is parsed and answered by itself. It holds for this
 * transaction alone, which is what a pooler can bear.
 */
async function begin(session: Session, selectMark: string): Promise<TransactionMark> {
  const { remainingMs } = session.deadline;
  const timeout = remainingMs === Infinity ? 0 : Math.max(1, Math.ceil(remainingMs));
  const results: unknown = await session.query(
    `begin isolation level read committed read write;
     select mark.*, ${ACKNOWLEDGED_IS_STORED},
       set_config('statement_timeout', '${timeout}', true),
       set_config('idle_in_transaction_session_timeout', '${MAX_IDLE_IN_TRANSACTION_MS}', true),
       set_config('lock_timeout', '0', true)
       from (${selectMark}) as mark`,
  );
  const [row] = (results as readonly { readonly rows: readonly TransactionMark[] }[]).at(-1)?.rows ?? [];
  if (row === undefined) throw new Error('The server has begun no transaction.');
  return row;
}

async function rollBack(session: Session): Promise<void> {
  try {
    await session.conclude('rollback', ROLLBACK_PATIENCE_MS);
  } catch {
    // The server takes back what a connection leaves behind, and this one is not used again.
    session.destroy();
  }
}

function outcomeUnknown(cause: unknown): Refusal {
  return new Refusal(
    'DATABASE_UNAVAILABLE',
    'The store went away before it told whether the write is stored; look before you repeat it.',
    { cause },
  );
}

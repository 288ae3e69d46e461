import { setTimeout } from 'node:timers/promises';
import { type Deadline } from '../../deadline';
import { isLost } from './postgres-errors';
import { type Query } from '../query';
import { type Sessions } from './sessions';

/** How long, in milliseconds, the server may take to end a transaction whose connection is gone. */
const PATIENCE_MS = 1_000;
const LOOK_EVERY_MS = 50;

/** How long one look may take, in milliseconds. */
const LOOK_MS = 1_000;

/** What tells a transaction from all others. */
export interface TransactionMark {
  readonly id: string;
  /**
   * The server's life in which it began. An id alone is no proof: what had not reached the disk before a crash, or
   * not the replica that was put in the server's place, has its id given to somebody else.
   */
  readonly life: string;
}

/**
 * Begins anew with each life of the server: every recovery ends with a checkpoint. An ordinary checkpoint makes another
 * one of it as well, every few minutes; then what was committed is not recognised, which is safe.
 */
const LIFE = `concat_ws(' ', pg_postmaster_start_time(), (select checkpoint_lsn from pg_control_checkpoint()))`;

/** Where the operator has forbidden to ask for that, every look is into another life. */
const UNKNOWN_LIFE = 'gen_random_uuid()::text';

/** The select that gives the mark of the transaction in which it runs. */
export async function selectMark(query: Query): Promise<string> {
  const [row] = await query<{ may: boolean }>(
    `select has_function_privilege('pg_control_checkpoint()', 'execute') as may`,
  );
  return `select pg_current_xact_id()::text as id, ${row?.may === true ? LIFE : UNKNOWN_LIFE} as life`;
}

/** What became of a transaction whose commit was never answered. */
export async function outcomeOf(
  mark: TransactionMark,
  sessions: Sessions,
  deadline: Deadline,
): Promise<'committed' | 'aborted' | 'unknown'> {
  const untilMs = performance.now() + PATIENCE_MS;
  do {
    const now = await look(mark.id, sessions, deadline);
    if (now?.status === 'aborted') return 'aborted';
    if (now?.status === 'committed') return now.life === mark.life ? 'committed' : 'unknown';
    if (now?.status !== 'in progress') return 'unknown';
    await setTimeout(LOOK_EVERY_MS);
  } while (performance.now() < untilMs);
  return 'unknown';
}

/** @returns the server's word for it; null where it has none, or is not there. */
async function look(
  transactionId: string,
  sessions: Sessions,
  deadline: Deadline,
): Promise<{ readonly status: string | null; readonly life: string | null } | null> {
  try {
    const { rows } = await sessions.use(deadline, session =>
      session.query<{ status: string | null; life: string }>(
        `select pg_xact_status(?::xid8) as status, ${LIFE} as life`,
        [transactionId],
        LOOK_MS,
      ),
    );
    return rows[0] ?? null;
  } catch (error) {
    // Where sessions are ended one after the other, the next may live long enough to answer.
    return isLost(error) ? { status: 'in progress', life: null } : null;
  }
}

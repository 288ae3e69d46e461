import { setTimeout } from 'node:timers/promises';
import { isLost } from './postgres-errors';
import { type Sessions } from './sessions';

/** How long, in milliseconds, the server may take to end a transaction whose connection is gone. */
const PATIENCE_MS = 1_000;
const LOOK_EVERY_MS = 50;

/** How long one look may take, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * What became of a transaction whose commit was never answered. A server that has started anew knows it too; one that
 * is not there, or was put in the place of the former, does not.
 */
export async function outcomeOf(
  transactionId: string,
  sessions: Sessions,
): Promise<'committed' | 'aborted' | 'unknown'> {
  const untilMs = performance.now() + PATIENCE_MS;
  do {
    const status = await look(transactionId, sessions);
    if (status === 'committed' || status === 'aborted') return status;
    if (status !== 'in progress') return 'unknown';
    await setTimeout(LOOK_EVERY_MS);
  } while (performance.now() < untilMs);
  return 'unknown';
}

/** @returns the server's word for it; null where it has none, or is not there. */
async function look(transactionId: string, sessions: Sessions): Promise<string | null> {
  try {
    const { rows } = await sessions.use(session =>
      session.query<{ status: string | null }>(
        'select pg_xact_status(?::xid8) as status',
        [transactionId],
        LOOK_MS,
      ),
    );
    return rows[0]?.status ?? null;
  } catch (error) {
    // Where sessions are ended one after the other, the next may live long enough to answer.
    return isLost(error) ? 'in progress' : null;
  }
}

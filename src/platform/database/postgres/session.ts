import { type PoolClient, type QueryResult } from 'pg';
import { type Deadline, timedOut } from '../../deadline';
import { type SqlValue } from '../query';
import { requestCancel } from './cancel-request';
import { numbered } from './placeholders';
import { ConnectionLost, isCanceled, isLost } from './postgres-errors';
import { type Server } from './server';

/** How long, in milliseconds, a statement may be silent until we look whether the server is still there. */
const SILENCE_MS = 600;

/** How often a statement that is out of time is asked to end, and how long it is waited for, in milliseconds. */
const CANCEL_EVERY_MS = 250;
const CANCEL_PATIENCE_MS = 1_000;

/** A start takes longer than the microsecond to which its time is told. */
export const INSTANCE = 'pg_postmaster_start_time()::text';

const instances = new WeakMap<PoolClient, string>();

/** One connection in the hands of one user, who runs one statement at a time, and has so long for all of them. */
export class Session {
  private lost = false;
  /** A request to cancel may come late, and would hit whatever runs then: after one nothing else may. */
  private wasCanceled = false;
  private readonly noteLoss = (): void => {
    this.lost = true;
  };
  private readonly stopListening: () => void;

  constructor(
    private readonly client: PoolClient,
    private readonly server: Server,
    readonly deadline: Deadline,
  ) {
    client.on('error', this.noteLoss);
    this.stopListening = server.whenDown(() => this.destroy());
  }

  /** Gives the connection back, unless it is not to be used again. */
  release(): void {
    this.stopListening();
    this.client.removeListener('error', this.noteLoss);
    this.client.release(this.lost || this.wasCanceled);
  }

  /** No further use of this connection, whatever it is about. */
  destroy(): void {
    this.lost = true;
    // While a statement runs this does not wait for it.
    void this.client.end().catch(() => undefined);
  }

  /**
   * Runs one statement; one that is still running when the time is over is stopped.
   * @param leftMs what the user's deadline leaves, unless said otherwise; Infinity for a statement that must not be cut off.
   * @throws Refusal TIMEOUT, ConnectionLost, or the driver's error.
   */
  async query<Row extends object>(
    sql: string,
    parameters: readonly SqlValue[] = [],
    leftMs = this.deadline.remainingMs,
  ): Promise<QueryResult<Row>> {
    if (leftMs <= 0) throw timedOut();
    if (this.lost) throw new ConnectionLost(new Error('The connection is closed.'));
    const stopWatching = this.watch(leftMs);
    try {
      return parameters.length === 0
        ? await this.client.query<Row>(sql)
        : await this.client.query<Row>(numbered(sql), [...parameters]);
    } catch (error) {
      if (isLost(error)) this.lost = true;
      if (this.wasCanceled && (this.lost || isCanceled(error))) throw timedOut();
      throw this.lost ? new ConnectionLost(error) : error;
    } finally {
      stopWatching();
    }
  }

  /**
   * Ends the transaction. Where no answer comes in time the connection is given up, and nothing is asked to end: a commit
   * that was cut short would leave its outcome open all the same.
   * @throws ConnectionLost then, or as `query` does.
   */
  async conclude(end: 'commit' | 'rollback', patienceMs: number): Promise<void> {
    const timer = setTimeout(() => this.destroy(), patienceMs);
    try {
      await this.query(end, [], Infinity);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What tells the server at the other end from any other, and from itself after a start; asked once for a connection. */
  async instance(): Promise<string> {
    const known = instances.get(this.client);
    if (known !== undefined) return known;
    const { rows } = await this.query<{ instance: string }>(`select ${INSTANCE} as instance`);
    const instance = rows[0]?.instance ?? '';
    instances.set(this.client, instance);
    return instance;
  }

  private watch(leftMs: number): () => void {
    const silence = setInterval(() => void this.server.suspect(), SILENCE_MS);
    let end: NodeJS.Timeout | undefined;
    const cancel = (patienceMs: number): void => {
      this.wasCanceled = true;
      if (patienceMs <= 0) {
        this.destroy();
      } else {
        requestCancel(this.client);
        end = setTimeout(() => cancel(patienceMs - CANCEL_EVERY_MS), CANCEL_EVERY_MS);
      }
    };
    if (leftMs !== Infinity) end = setTimeout(() => cancel(CANCEL_PATIENCE_MS), leftMs);
    return () => {
      clearInterval(silence);
      clearTimeout(end);
    };
  }
}

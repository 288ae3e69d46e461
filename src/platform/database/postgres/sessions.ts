import { Pool, type PoolClient } from 'pg';
import { type Deadline } from '../../deadline';
import { Turns } from '../turns';
import { NoAnswer, withPatience } from './patience';
import { ConnectionLost } from './postgres-errors';
import { PromptClient } from './prompt-client';
import { CONNECT_PATIENCE_MS, type Server } from './server';
import { Session } from './session';

/** A connection is made anew now and then, so that they spread again over servers that have come back. */
const MAX_LIFETIME_S = 30 * 60;
/** One that was not needed for so long, in milliseconds, is closed. */
const IDLE_TIMEOUT_MS = 60_000;

/** Longer than any request runs that a stopping gateway still waits for, in milliseconds. */
const CLOSE_PATIENCE_MS = 20_000;

/**
 * So many connections to a server, of which each is used by one at a time. Whoever waits does so here, first come, first
 * served, and not in the driver's pool: that knows no deadlines.
 */
export class Sessions {
  private readonly places: Turns<number>;
  /** Connections that have died, by whomever they were in use just then. */
  private readonly dead = new WeakSet<PoolClient>();
  private pool: Pool;
  private readonly stopListening: () => void;

  /** @param maxUses after how many uses a connection is closed. */
  constructor(
    private readonly server: Server,
    private readonly name: string,
    private readonly size: number,
    private readonly maxUses = Infinity,
  ) {
    this.places = new Turns(Array.from({ length: size }, (_, place) => place));
    this.pool = this.newPool();
    // What lies idle while the server is away may never learn that its other end is gone.
    this.stopListening = server.whenDown(() => this.renew());
  }

  get isUp(): boolean {
    return this.server.isUp;
  }

  get waiting(): number {
    return this.places.waiting;
  }

  /**
   * @param deadline for the connection to become free, and for what runs on it.
   * @throws Refusal TIMEOUT where no connection becomes free in time, DATABASE_UNAVAILABLE where none can be made,
   * ConnectionLost where it ended before its first use, and what `work` throws.
   */
  async use<T>(deadline: Deadline, work: (session: Session) => Promise<T>): Promise<T> {
    this.server.requireUp();
    const place = await this.places.take(deadline.remainingMs);
    try {
      const session = await this.connect(deadline);
      try {
        return await work(session);
      } finally {
        session.release();
      }
    } finally {
      this.places.give(place);
    }
  }

  /** Waits until all are free, but not for a server that has fallen silent, and closes them. */
  async close(): Promise<void> {
    const taken: number[] = [];
    const patience = setTimeout(() => this.server.cutOff(), CLOSE_PATIENCE_MS);
    while (taken.length < this.size) taken.push(await this.places.take(Infinity));
    clearTimeout(patience);
    this.stopListening();
    await this.pool.end();
    for (const place of taken) this.places.give(place);
  }

  private async connect(deadline: Deadline): Promise<Session> {
    this.server.requireUp();
    const client = await this.anyClient();
    // Its end may be part of the very bytes that completed it: then the driver hands it over all the same.
    if (!this.dead.has(client)) return new Session(client, this.server, deadline);
    client.release(true);
    throw new ConnectionLost(new Error('The connection has ended before it was used.'));
  }

  private async anyClient(): Promise<PoolClient> {
    const connecting = this.pool.connect();
    try {
      return await withPatience(CONNECT_PATIENCE_MS, connecting);
    } catch (error) {
      // If it still comes about, nobody waits for it any more.
      connecting.then(client => client.release(true)).catch(() => undefined);
      // Of a pool that was replaced meanwhile nothing is to be learnt.
      this.server.requireUp();
      throw error instanceof NoAnswer ? this.server.wasSilent(error) : this.server.couldNotConnect(error);
    }
  }

  private renew(): void {
    const former = this.pool;
    this.pool = this.newPool();
    former.end().catch(() => undefined);
  }

  private newPool(): Pool {
    const pool = new Pool({
      ...this.server.config(this.name),
      Client: PromptClient,
      max: this.size,
      maxUses: this.maxUses,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      maxLifetimeSeconds: MAX_LIFETIME_S,
    });
    // A connection that dies while it is idle is simply not used again; without listeners it would end the process.
    pool.on('error', () => undefined);
    pool.on('connect', client => client.on('error', () => this.dead.add(client)));
    return pool;
  }
}

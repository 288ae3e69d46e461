import { type ClientConfig, DatabaseError, TypeOverrides } from 'pg';
import { unavailable } from '../database-errors';
import { type Refusal } from '../../errors';
import { withPatience } from './patience';
import { asPostgresRefusal, ConnectionLost, isLost } from './postgres-errors';
import { PromptClient } from './prompt-client';

/**
 * How long a connection is waited for, in milliseconds. Together with `SILENCE_MS` (`session.ts`) it stays below the two
 * seconds within which a caller is told that the store cannot be reached.
 */
export const CONNECT_PATIENCE_MS = 1_200;

/** After so many milliseconds one that did not come about is closed, whether somebody still waits for it or not. */
const CONNECT_TIMEOUT_MS = 10_000;

/** How often a server that could not be reached is tried again, in milliseconds. */
const RETRY_EVERY_MS = 250;

/** A connection that nobody uses is kept from being forgotten by what lies between: a probe after so many milliseconds. */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** Whom the operator hears it from. */
export interface ServerWatch {
  /** @param why in words that hold no password. */
  onGone(why: string): void;
  onBack(awayMs: number): void;
}

/**
 * One server, as far as it can be reached:
 *
 * - Up: connections are made and used.
 * - Suspected: a statement has been silent for long. Is it slow, or is nobody there any more? A connection of its own
 *   tells: if it comes about, all is well; if not, the server is down.
 * - Down: whatever still waits for an answer is cut off, and everything is refused at once, so that nobody waits for
 *   a connection that does not come about. The server is tried again until it is up.
 */
export class Server {
  private fault: Refusal | null = null;
  private probing: Promise<void> | null = null;
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;
  private watch: ServerWatch | null = null;
  private goneAtMs = 0;
  private readonly cutOffs = new Set<() => void>();

  constructor(private readonly url: string) {}

  get isUp(): boolean {
    return this.fault === null;
  }

  /** No session state, nor any parameter that a pooler between us would refuse; `name` tells the operator who is connected. */
  config(name: string): ClientConfig {
    return {
      connectionString: this.url,
      application_name: name,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      types: numericTypes,
    };
  }

  /** @throws Refusal DATABASE_UNAVAILABLE while the server is down. */
  requireUp(): void {
    if (this.fault !== null) throw this.fault;
  }

  /** Calls `cutOff` whenever the server goes down. @returns what ends that. */
  whenDown(cutOff: () => void): () => void {
    this.cutOffs.add(cutOff);
    return () => this.cutOffs.delete(cutOff);
  }

  /** From now on; what goes wrong before, at the start, ends the start. */
  tell(watch: ServerWatch): void {
    this.watch = watch;
  }

  /** Finds out whether the server is still there. */
  async suspect(): Promise<void> {
    if (this.fault === null) await this.probe();
  }

  /**
   * To be told of a connection that did not come about. A server that answers, if only to refuse, is not down.
   * @returns what its user is told.
   */
  couldNotConnect(error: unknown): unknown {
    // Somebody ended this session before it began; a server that goes down has other words.
    if (error instanceof DatabaseError && error.code === ADMIN_SHUTDOWN) return new ConnectionLost(error);
    const told = error instanceof DatabaseError ? error : new ConnectionLost(error);
    // A pooler that has no room for one more, or does not reach the server just now, still serves those who are in.
    const isRefused = told instanceof DatabaseError && told.code === PROTOCOL_VIOLATION;
    if (isLost(told) && !(isRefused && this.isUp)) this.goDown(told);
    return asPostgresRefusal(told);
  }

  /**
   * To be told of a connection that took too long to come about. One says little: before those in use are cut off,
   * another try shows whether anybody is there.
   * @returns what its user is told.
   */
  wasSilent(error: unknown): unknown {
    void this.suspect();
    return asPostgresRefusal(new ConnectionLost(error));
  }

  /** Ends whatever is in use. */
  cutOff(): void {
    for (const cutOff of [...this.cutOffs]) cutOff();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.retry);
  }

  private probe(): Promise<void> {
    this.probing ??= this.reach().finally(() => (this.probing = null));
    return this.probing;
  }

  private async reach(): Promise<void> {
    const client = new PromptClient(this.config('heliograph probe'));
    client.on('error', () => undefined);
    try {
      await withPatience(CONNECT_PATIENCE_MS, client.connect());
      this.comeBack();
    } catch (error) {
      this.couldNotConnect(error);
      if (error instanceof DatabaseError && !isLost(error)) this.comeBack();
    } finally {
      void client.end().catch(() => undefined);
    }
  }

  private comeBack(): void {
    if (this.fault === null) return;
    this.fault = null;
    if (!this.isClosed) this.watch?.onBack(Math.round(performance.now() - this.goneAtMs));
  }

  private goDown(cause: unknown): void {
    const wasUp = this.fault === null;
    this.fault = unavailable(cause);
    if (wasUp) {
      this.goneAtMs = performance.now();
      if (!this.isClosed) this.watch?.onGone(cause instanceof Error ? cause.message : String(cause));
      this.cutOff();
    }
    if (this.isClosed) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.probe(), RETRY_EVERY_MS);
    this.retry.unref();
  }
}

const ADMIN_SHUTDOWN = '57P01';
/** In which a pooler refuses a connection. */
const PROTOCOL_VIOLATION = '08P01';

const INT8 = 20;

/** Ids, instants and counts are below 2^53: numbers, as everywhere else, where the driver would give text. */
const numericTypes = new TypeOverrides();
numericTypes.setTypeParser(INT8, Number);

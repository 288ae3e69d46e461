import { type ServerLook } from './server-looks';

/** What was true of the store when its server was looked at. */
export interface Moment {
  /** When the look began, on the clock of `performance.now()`. */
  readonly atMs: number;
  /** In the server's log: whatever was committed before lies before it. */
  readonly position: bigint;
  /** Every entry of the record with an id up to this one had been committed, or given up. */
  readonly mark: number;
  /** The newest entry that was committed. */
  readonly newestEntry: number;
}

/** Ids given out, and the transactions that may still have held some of them back. */
interface Pending {
  readonly lastId: number;
  readonly writing: Set<string>;
}

/** Beyond so many that nobody can settle, because somebody keeps a transaction open, later ones are left out. */
const MAX_PENDING = 1_000;

/**
 * The last moments at which the server was looked at. They tell for a position of its log which writes are sure to lie
 * before it: an id is given to an entry before the commit that the log holds, so that ids which were given out before a
 * look count from the look on at which all transactions that wrote then are over. Neither the clocks of machines nor
 * the time that a transaction may take come into it.
 */
export class WriteHistory {
  private moments: readonly Moment[] = [];
  private pending: readonly Pending[] = [];
  private mark: number | null = null;
  private latest: ServerLook | null = null;
  private beganMs = Infinity;

  /** @param keptForMs for how long moments are kept. */
  constructor(private readonly keptForMs: number) {}

  /** What the server is, as the last look has shown it; null where there was none since `forget`. */
  get server(): Pick<ServerLook, 'identity' | 'table'> | null {
    return this.latest;
  }

  add(look: ServerLook, atMs: number): void {
    // After a start, or in the place of the former, a server may count transactions, ids and bytes anew.
    if (look.instance !== this.latest?.instance) this.forget();
    this.latest = look;
    this.settle(look);
    if (this.mark === null) return;
    const { position, newestEntry } = look;
    const kept = this.moments.filter(moment => atMs - moment.atMs <= this.keptForMs);
    this.moments = [...kept, { atMs, position, newestEntry, mark: this.mark }];
    this.beganMs = Math.min(this.beganMs, atMs);
  }

  /** The latest moment, not before `sinceMs`, of which a server that has come to `position` shows everything. */
  upTo(position: bigint, sinceMs: number): Moment | null {
    const shown = this.moments.filter(moment => moment.position <= position && moment.atMs >= sinceMs);
    return shown.at(-1) ?? null;
  }

  /** Whether it knows the time since then: else that it has no moment to name says nothing of a server's position. */
  reachesBackTo(sinceMs: number): boolean {
    const last = this.moments.at(-1);
    return last !== undefined && this.beganMs <= sinceMs && sinceMs <= last.atMs;
  }

  forget(): void {
    this.beganMs = Infinity;
    this.moments = [];
    this.pending = [];
    this.mark = null;
    this.latest = null;
  }

  private settle({ lastId, writing }: ServerLook): void {
    const all = this.pending.length < MAX_PENDING ? [...this.pending, { lastId, writing }] : this.pending;
    const still = all.map(each => ({
      lastId: each.lastId,
      writing: new Set([...each.writing].filter(transaction => writing.has(transaction))),
    }));
    this.pending = still.filter(each => each.writing.size > 0);
    this.mark = still.findLast(each => each.writing.size === 0)?.lastId ?? this.mark;
  }
}

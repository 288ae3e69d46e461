import { DatabaseError } from 'pg';
import { Deadline } from '../../deadline';
import { type SqlValue } from '../query';
import { codeOf, LOOK_TIMEOUT_MS, Replica, type Standing } from './replica';
import { type Server } from './server';
import { lookAtServer } from './server-looks';
import { Sessions } from './sessions';
import { WriteHistory } from './write-history';

export interface ReplicaOptions {
  /** Of servers that follow the one of the store, each of one server: not of something that stands before several. */
  readonly urls: readonly string[];
  /** The table in which every write leaves an entry, with an id that ascends. */
  readonly record: string;
  /** How old, in milliseconds, what they show may be. They are looked at six times as often. */
  readonly maxLagMs: number;
  /** Told when one is used from now on (`why` is null), or left alone and why. */
  readonly onChange: (replica: string, why: string | null) => void;
}

/** A replica for one request. */
export interface Choice {
  /** It shows every entry of the record with an id up to this one. */
  readonly mark: number;
  /** @throws what keeps it from answering. */
  read<Row>(sql: string, parameters: readonly SqlValue[] | undefined, deadline: Deadline): Promise<Row[]>;
}

const LOOKS_PER_LAG = 6;

/**
 * Those replicas to which reads may go. The server of the store is looked at, then each of them, again and again: what a
 * replica has replayed it never loses, so that an old look at it errs on the safe side.
 */
export class Replicas {
  private readonly all: readonly Replica[];
  private readonly history: WriteHistory;
  private readonly lookouts: Sessions;
  /** Whether the operator has heard that it is used, or that it is not. */
  private readonly told = new Map<Replica, Standing['kind']>();
  /** Why nothing can be learnt from the server of the store, though it answers. */
  private fault: string | null = null;
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void>;
  private isClosed = false;

  /** @param connections so many to each of them. */
  constructor(
    server: Server,
    connections: number,
    private readonly options: ReplicaOptions,
  ) {
    this.all = options.urls.map(url => new Replica(url, connections));
    this.history = new WriteHistory(options.maxLagMs);
    this.lookouts = new Sessions(server, 'heliograph watch', 1);
    // What comes back may be another server, which has never seen the last of the former's writes.
    server.whenDown(() => this.history.forget());
    this.round = this.lookAround();
  }

  /** Each in its turn; null where none is fit. */
  choose(): Choice | null {
    const fit = this.all.flatMap(replica => {
      const standing = this.standingOf(replica);
      return standing.kind === 'fit' ? [{ replica, ...standing }] : [];
    });
    this.turn = (this.turn + 1) % Math.max(1, fit.length);
    const chosen = fit[this.turn];
    if (chosen === undefined) return null;
    const { replica, instance, moment } = chosen;
    return {
      mark: moment.mark,
      read: (sql, parameters, deadline) => replica.read(instance, sql, parameters, deadline),
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.round;
    for (const each of [this.lookouts, ...this.all]) await each.close();
  }

  private async lookAround(): Promise<void> {
    await this.lookAtServer();
    await Promise.all(this.all.map(replica => replica.look(this.options.record)));
    for (const replica of this.all) this.tell(replica);
    if (this.isClosed) return;
    const next = (): void => {
      this.round = this.lookAround();
    };
    this.timer = setTimeout(next, this.options.maxLagMs / LOOKS_PER_LAG).unref();
  }

  private async lookAtServer(): Promise<void> {
    const atMs = performance.now();
    try {
      const look = await this.lookouts.use(Deadline.in(LOOK_TIMEOUT_MS), session =>
        lookAtServer(session, this.options.record),
      );
      this.history.add(look, atMs);
      this.fault = null;
    } catch (error) {
      // While it is away, or busy, there is nothing to tell of the replicas.
      this.fault =
        error instanceof DatabaseError ? `the server does not tell its state${codeOf(error)}` : null;
    }
  }

  private standingOf(replica: Replica): Standing {
    if (this.fault !== null) return { kind: 'unfit', why: this.fault };
    return replica.standing(this.history, performance.now() - this.options.maxLagMs);
  }

  private tell(replica: Replica): void {
    const standing = this.standingOf(replica);
    if (standing.kind === 'unknown' || this.told.get(replica) === standing.kind) return;
    this.told.set(replica, standing.kind);
    this.options.onChange(replica.name, standing.kind === 'fit' ? null : standing.why);
  }
}

import { type Database } from '../../platform/database/database';
import { type Query } from '../../platform/database/query';
import { type UnitOfWork } from '../../platform/database/unit-of-work';
import { type Table } from '../../platform/database/table';
import { type RawRequest } from '../provider.kinds';
import { keptRequest, keptText } from '../raws/kept-request.rules';
import { type Seal } from '../raws/seal';
import { IntakeFailure } from './intake-failure.entity';

/** What is kept because it could not be read, or not be stored. */
export interface Failure {
  readonly providerId: string;
  readonly request: RawRequest;
  /** What must not be kept of the request, but in its body. */
  readonly secrets: readonly string[];
  /** Fit for a log. */
  readonly reason: string;
  readonly at: Date;
}

/** In characters; of many items, the first say enough. */
const MAX_REASON_LENGTH = 500;

/** Failures that one transaction removes: many would make others wait. */
const REMOVED_AT_ONCE = 200;

/** Failures as rows. Lists are in `failure.pages.ts`. */
export class FailureStore {
  private readonly table: Table<IntakeFailure>;

  constructor(
    private readonly database: Database,
    private readonly seal: Seal,
  ) {
    this.table = database.table(IntakeFailure);
  }

  /** Keeps a request; one that is kept already is counted once more, and is to be resolved anew. */
  async keep({ query }: UnitOfWork, { providerId, request, secrets, reason, at }: Failure): Promise<void> {
    const { method, url, body } = request;
    const { text, keyId } = this.seal.seal(keptText(request, secrets), providerId);
    const told = reason.length > MAX_REASON_LENGTH ? `${reason.slice(0, MAX_REASON_LENGTH - 1)}…` : reason;
    const digest = this.seal.digest([method, url, body]);
    await query(
      `insert into intake_failures
        (provider_id, received_at, last_at, times, reason, bytes, digest, request, key_id, resolved_at)
        values (?, ?, ?, 1, ?, ?, ?, ?, ?, null)
        on conflict (provider_id, digest) do update set times = intake_failures.times + 1,
          last_at = excluded.last_at, reason = excluded.reason, request = excluded.request, key_id = excluded.key_id,
          resolved_at = null`,
      [providerId, at.getTime(), at.getTime(), told, body.length, digest, text, keyId],
    );
  }

  async findById(id: number): Promise<IntakeFailure | undefined> {
    const [failure] = await this.table.select(this.database.readFresh, 'from intake_failures where id = ?', [
      id,
    ]);
    return failure;
  }

  /** Those that wait, oldest first. @param all those that are resolved as well. */
  async list(all: boolean): Promise<readonly IntakeFailure[]> {
    const where = all ? '' : 'where resolved_at is null';
    return this.table.select(this.database.readFresh, `from intake_failures ${where} order by id`);
  }

  /** The ids of those that wait, oldest first. */
  async unresolved(): Promise<readonly number[]> {
    const rows = await this.database.readFresh<{ id: number }>(
      'select id from intake_failures where resolved_at is null order by id',
    );
    return rows.map(({ id }) => id);
  }

  /** @throws WrongKey */
  async requestOf({ id, providerId, keyId }: IntakeFailure): Promise<RawRequest> {
    const [row] = await this.database.readFresh<{ request: string }>(
      'select request from intake_failures where id = ?',
      [id],
    );
    return keptRequest(this.seal.open({ text: row?.request ?? '', keyId }, providerId));
  }

  /** Sets down what came of another try. @param reason null where all of it is stored now. */
  async settle(query: Query, id: number, reason: string | null, at: Date): Promise<void> {
    await (reason === null
      ? query('update intake_failures set resolved_at = ? where id = ?', [at.getTime(), id])
      : query('update intake_failures set reason = ? where id = ?', [
          reason.slice(0, MAX_REASON_LENGTH),
          id,
        ]));
  }

  /** Removes what came last before an instant, some at a time. @returns how many there were. */
  async removeBefore(before: Date): Promise<number> {
    let [removed, some] = [0, REMOVED_AT_ONCE];
    while (some === REMOVED_AT_ONCE) {
      some = await this.database.write(async ({ query, dialect }) => {
        const rows = await query(
          `delete from intake_failures where id in (
            select id from intake_failures where last_at < ? order by last_at limit ${REMOVED_AT_ONCE} ${dialect.forRemoval}
          ) returning id`,
          [before.getTime()],
        );
        return rows.length;
      });
      removed += some;
    }
    return removed;
  }
}

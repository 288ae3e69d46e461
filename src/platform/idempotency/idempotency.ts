import { createHash } from 'node:crypto';
import { type Clock } from '../clock';
import { type Database } from '../database/database';
import { type Query } from '../database/query';
import { type UnitOfWork } from '../database/unit-of-work';
import { badUserInput, Refusal } from '../errors';

/** How long a key is remembered, in milliseconds: longer than any client keeps trying. */
const KEPT_FOR_MS = 24 * 60 * 60_000;

/** A write keeps one key, and removes up to so many that are forgotten: they become fewer, and it stays short. */
const FORGOTTEN_AT_ONCE = 100;

/** A write that its caller may repeat without repeating its effect. */
export interface KeyedWrite {
  /** Whose key it is. */
  readonly owner: string;
  readonly key: string;
  readonly operation: string;
  /** Everything that decides what is written; compared by its JSON text. */
  readonly input: unknown;
}

/** What a write did: its result, and what to keep so that the result can be given again. */
export interface Done<Result, Outcome> {
  readonly result: Result;
  /** Null when nothing was written: then a repetition may try again. */
  readonly outcome: Outcome | null;
}

/** Makes writes happen once per key. The outcome is stored in the transaction of the write itself. */
export class Idempotency {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    /** The keys whose writes are running in this process; one set for all of its requests. */
    private readonly running: Set<string>,
  ) {}

  /**
   * Does `work` unless its key has been used: then `replay` makes the result anew from the stored outcome.
   * @throws Refusal CONFLICT while the first is still running, IDEMPOTENCY_KEY_REUSED when its input was another.
   */
  async once<Result, Outcome>(
    write: KeyedWrite,
    work: (unit: UnitOfWork) => Promise<Done<Result, Outcome>>,
    replay: (unit: UnitOfWork, outcome: Outcome) => Promise<Result>,
  ): Promise<Result> {
    const name = JSON.stringify([write.owner, write.key]);
    if (this.running.has(name) && !(await this.isDone(write))) throw stillRunning();
    this.running.add(name);
    try {
      return await this.database.write(async unit => {
        // Before the claim: many may repeat at the same time what is done.
        const kept = (await this.find(unit.query, write)) ?? (await this.claim(unit, name, write));
        if (kept !== null) return await replay(unit, kept as Outcome);
        const { result, outcome } = await work(unit);
        if (outcome !== null) await this.keep(unit, write, outcome);
        return result;
      });
    } finally {
      this.running.delete(name);
    }
  }

  private async isDone(write: KeyedWrite): Promise<boolean> {
    return (await this.find(this.database.readFresh, write)) !== null;
  }

  /**
   * Another process may be running the same: it has the name until its transaction ends.
   * @returns what it has done, if it ended just now.
   */
  private async claim({ query, dialect }: UnitOfWork, name: string, write: KeyedWrite): Promise<unknown> {
    if (dialect.claim === null) return null;
    const [row] = await query<{ free: boolean }>(dialect.claim, [name]);
    if (row?.free !== true) throw stillRunning();
    return this.find(query, write);
  }

  /** The outcome stored under the key, or null where it is new or forgotten. */
  private async find(query: Query, { owner, key, operation, input }: KeyedWrite): Promise<unknown> {
    const [row] = await query<{ operation: string; input_hash: string; outcome: string }>(
      'select operation, input_hash, outcome from idempotency_keys where owner = ? and key = ? and created_at > ?',
      [owner, key, this.oldestKept()],
    );
    if (row === undefined) return null;
    if (row.operation !== operation || row.input_hash !== hash(input)) {
      throw new Refusal(
        'IDEMPOTENCY_KEY_REUSED',
        'This idempotency key was used with another input; choose a new one.',
      );
    }
    return JSON.parse(row.outcome) as unknown;
  }

  private async keep(
    unit: UnitOfWork,
    { owner, key, operation, input }: KeyedWrite,
    outcome: unknown,
  ): Promise<void> {
    // The same key may have been used before that time; what else is forgotten is nobody's to wait for.
    await unit.query('delete from idempotency_keys where owner = ? and key = ? and created_at <= ?', [
      owner,
      key,
      this.oldestKept(),
    ]);
    await unit.query(
      `delete from idempotency_keys where (owner, key) in (
        select owner, key from idempotency_keys where created_at <= ?
          order by created_at limit ${FORGOTTEN_AT_ONCE} ${unit.dialect.forRemoval}
      )`,
      [this.oldestKept()],
    );
    await unit.query(
      'insert into idempotency_keys (owner, key, operation, input_hash, outcome, created_at) values (?, ?, ?, ?, ?, ?)',
      [owner, key, operation, hash(input), JSON.stringify(outcome), this.clock.now().getTime()],
    );
  }

  private oldestKept(): number {
    return this.clock.now().getTime() - KEPT_FOR_MS;
  }
}

function stillRunning(): Refusal {
  return new Refusal(
    'CONFLICT',
    'A request with this idempotency key is still running; repeat it when it is done.',
  );
}

function hash(input: unknown): string {
  return createHash('sha256').update(textOf(input)).digest('hex');
}

/** JSON can be read however deep it is, but written only as deep as the stack goes. */
function textOf(input: unknown): string {
  try {
    return JSON.stringify(input);
  } catch (error) {
    if (error instanceof RangeError)
      throw badUserInput([{ path: [], message: 'The input is nested too deeply.' }]);
    throw error;
  }
}

import { type Actor } from '../../audit/actor';
import { type Database } from '../../platform/database/database';
import { type UnitOfWork } from '../../platform/database/unit-of-work';
import { badUserInput, type Issue } from '../../platform/errors';
import { type Done, type Idempotency } from '../../platform/idempotency/idempotency';
import { type CallerKey, keyedWrite } from '../../platform/idempotency/caller-key';
import { type Attempt, type MessageAttempts, type RequestedChange } from './message.attempts';
import { idOf } from '../../platform/id.rules';
import { type Message } from '../message.entity';
import {
  type BatchErrorPolicy,
  type MessageDraft,
  type MessageStatus,
  type Objection,
} from '../message.kinds';
import { type MessageStore } from '../message.store';

/** Items in one batch: what fits into one request and one short transaction. */
const MAX_BATCH_SIZE = 500;

export interface BatchResult {
  readonly index: number;
  readonly id: string | null;
  readonly applied: boolean;
  /** The message as it stands in the store afterwards; null where there is none. */
  readonly message: Message | null;
  readonly ignoredFields: readonly string[];
  readonly errors: readonly Objection[];
}

export interface BatchOptions {
  readonly policy: BatchErrorPolicy;
  readonly key?: CallerKey | undefined;
}

/** What is kept of a batch under its idempotency key: everything but the messages, which are read afresh. */
type Outcome = readonly Omit<BatchResult, 'message' | 'index'>[];

/**
 * Writing many messages in one transaction. Items are tried one by one; what is refused stops the whole batch (ATOMIC)
 * or only itself (PARTIAL). Results stand in the order of the items.
 */
export class MessageBatches {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageStore,
    private readonly attempts: MessageAttempts,
    private readonly idempotency: Idempotency,
  ) {}

  async create(
    by: Actor,
    drafts: readonly MessageDraft[],
    options: BatchOptions,
  ): Promise<readonly BatchResult[]> {
    requireSize(drafts, 'inputs');
    await this.attempts.judgeSchedules(drafts);
    const tryAll = (unit: UnitOfWork) => this.attempts.toCreate(unit, drafts);
    return this.run(by, 'batchCreateMessages', { drafts, policy: options.policy }, options, tryAll, []);
  }

  async update(
    by: Actor,
    changes: readonly RequestedChange[],
    options: BatchOptions,
  ): Promise<readonly BatchResult[]> {
    requireSize(changes, 'resources');
    const ids = changes.map(({ id }) => id);
    requireUnique(ids, index => ['resources', String(index), 'id']);
    await this.attempts.judgeSchedules(changes.map(({ patch }) => patch));
    const tryAll = (unit: UnitOfWork) => this.attempts.toChange(unit, changes, ['patch']);
    return this.run(by, 'batchUpdateMessages', { changes, policy: options.policy }, options, tryAll, ids);
  }

  /** @param shown what is asked of the messages, of which no more is read then; otherwise they are read whole. */
  async updateStatus(
    by: Actor,
    ids: readonly string[],
    status: MessageStatus,
    options: BatchOptions,
    shown?: ReadonlySet<keyof Message>,
  ): Promise<readonly BatchResult[]> {
    requireSize(ids, 'ids');
    requireUnique(ids, index => ['ids', String(index)]);
    const changes = ids.map(id => ({ id, patch: { status } }));
    const tryAll = (unit: UnitOfWork) => this.attempts.toChange(unit, changes, [], shown);
    return this.run(
      by,
      'batchUpdateMessageStatus',
      { ids, status, policy: options.policy },
      options,
      tryAll,
      ids,
    );
  }

  private async run(
    by: Actor,
    operation: string,
    input: unknown,
    { policy, key }: BatchOptions,
    tryAll: (unit: UnitOfWork) => Promise<readonly Attempt[]>,
    ids: readonly string[],
  ): Promise<readonly BatchResult[]> {
    const work = async (unit: UnitOfWork) => this.settle(unit, by, await tryAll(unit), policy, ids);
    if (key === undefined) return (await this.database.write(work)).result;
    return this.idempotency.once(keyedWrite(key, operation, input), work, (unit, kept) =>
      this.replay(unit, kept),
    );
  }

  private async settle(
    unit: UnitOfWork,
    by: Actor,
    attempts: readonly Attempt[],
    policy: BatchErrorPolicy,
    ids: readonly string[],
  ): Promise<Done<readonly BatchResult[], Outcome>> {
    const isRefused = ({ objections }: Attempt) => objections.length > 0;
    if (policy === 'ATOMIC' && attempts.some(isRefused)) {
      const undone = await this.attempts.undone(unit, attempts);
      return {
        result: undone.map((attempt, index) => resultOf(attempt, index, ids[index], false)),
        outcome: null,
      };
    }
    await this.attempts.store(unit, by, attempts);
    const result = attempts.map((attempt, index) =>
      resultOf(attempt, index, ids[index], !isRefused(attempt)),
    );
    return { result, outcome: attempts.some(({ changed }) => changed) ? result.map(withoutMessage) : null };
  }

  private async replay({ query }: UnitOfWork, outcome: Outcome): Promise<readonly BatchResult[]> {
    const ids = outcome.map(({ id }) => idOf(id)).filter(id => id !== null);
    const messages = await this.messages.findByIds(ids, query);
    return outcome.map((kept, index) => ({
      ...kept,
      index,
      message: messages.get(idOf(kept.id) ?? 0) ?? null,
    }));
  }
}

function resultOf(
  attempt: Attempt,
  index: number,
  askedFor: string | undefined,
  applied: boolean,
): BatchResult {
  const { message, objections } = attempt;
  const id = askedFor ?? (applied && message !== null ? String(message.id) : null);
  return {
    index,
    id,
    applied,
    message,
    ignoredFields: applied ? attempt.ignoredFields : [],
    errors: objections,
  };
}

function withoutMessage({ id, applied, ignoredFields, errors }: BatchResult): Outcome[number] {
  return { id, applied, ignoredFields, errors };
}

function requireSize(items: readonly unknown[], argument: string): void {
  if (items.length >= 1 && items.length <= MAX_BATCH_SIZE) return;
  throw badUserInput([{ path: [argument], message: `must hold 1 to ${MAX_BATCH_SIZE} items` }]);
}

function requireUnique(ids: readonly string[], pathOf: (index: number) => readonly string[]): void {
  const seen = new Set<string>();
  const issues: Issue[] = [];
  ids.forEach((id, index) => {
    if (seen.has(id)) issues.push({ path: pathOf(index), message: 'stands more than once in this batch' });
    seen.add(id);
  });
  if (issues.length > 0) throw badUserInput(issues);
}

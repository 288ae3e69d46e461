import { type Actor } from '../../audit/actor';
import { type Database } from '../../platform/database/database';
import { type UnitOfWork } from '../../platform/database/unit-of-work';
import { type Idempotency } from '../../platform/idempotency/idempotency';
import { type Attempt, type MessageAttempts } from './message.attempts';
import { type Message } from '../message.entity';
import { type MessageDraft, type MessagePatch, type MessageStatus } from '../message.kinds';
import { type MessageStore } from '../message.store';
import { refusalOf } from './refusal';
import { type CallerKey, keyedWrite } from '../../platform/idempotency/caller-key';

/** A message that was written, or that needed no writing. */
export interface Written {
  readonly message: Message;
  /** The fields of the patch that an INCOMING message does not take. */
  readonly ignoredFields: readonly string[];
}

/**
 * Writing one message: every method is one transaction, which also records who did it, and throws a Refusal where the
 * rules say no.
 */
export class MessageService {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageStore,
    private readonly attempts: MessageAttempts,
    private readonly idempotency: Idempotency,
  ) {}

  /** Creates an OUTGOING, PENDING message; with a key, only the first time. */
  async create(by: Actor, draft: MessageDraft, key?: CallerKey): Promise<Written> {
    if (key === undefined) return this.database.write(unit => this.createIn(unit, by, draft));
    return this.idempotency.once(
      keyedWrite(key, 'createMessage', draft),
      async unit => {
        const written = await this.createIn(unit, by, draft);
        return { result: written, outcome: { id: written.message.id } };
      },
      async (unit, { id }: { id: number }) => {
        const message = (await this.messages.findByIds([id], unit.query)).get(id);
        if (message === undefined)
          throw new Error(`The message ${id} of an idempotency key is not in the store.`);
        return { message, ignoredFields: [] };
      },
    );
  }

  async update(by: Actor, id: string, patch: MessagePatch): Promise<Written> {
    return this.change(by, id, patch, ['input']);
  }

  /** @param shown what is asked of the message, of which no more is read then; otherwise it is read whole. */
  async updateStatus(
    by: Actor,
    id: string,
    status: MessageStatus,
    expectedVersion?: number | null,
    shown?: ReadonlySet<keyof Message>,
  ): Promise<Written> {
    return this.change(by, id, { status, expectedVersion }, [], shown);
  }

  private async createIn(unit: UnitOfWork, by: Actor, draft: MessageDraft): Promise<Written> {
    const tried = await this.attempts.toCreate(unit, [draft]);
    const [attempt] = tried.map(each => ({
      ...each,
      objections: each.objections.map(objection => ({ ...objection, path: ['input', ...objection.path] })),
    }));
    return this.settle(unit, by, attempt);
  }

  private async change(
    by: Actor,
    id: string,
    patch: MessagePatch,
    patchPath: readonly string[],
    shown?: ReadonlySet<keyof Message>,
  ): Promise<Written> {
    return this.database.write(async unit => {
      const [attempt] = await this.attempts.toChange(unit, [{ id, patch }], patchPath, shown);
      return this.settle(unit, by, attempt);
    });
  }

  private async settle(unit: UnitOfWork, by: Actor, attempt: Attempt | undefined): Promise<Written> {
    if (attempt === undefined) throw new Error('There was nothing to try.');
    if (attempt.message === null || attempt.objections.length > 0) throw refusalOf(attempt.objections);
    await this.attempts.store(unit, by, [attempt]);
    return { message: attempt.message, ignoredFields: attempt.ignoredFields };
  }
}

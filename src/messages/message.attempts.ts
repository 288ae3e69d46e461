import { type Clock } from '../platform/clock';
import { type UnitOfWork } from '../platform/database/query';
import { planDraft } from './draft.rules';
import { messageIdOf } from './message-id.rules';
import { Message } from './message.entity';
import { type MessageDraft, type MessagePatch, type Objection } from './message.kinds';
import { type MessageStore } from './message.store';

/** What became of one thing that a caller asked for, before and after it is written. */
export interface Attempt {
  /** The message: new, changed, or as it stands where it refused; null where there is none. */
  readonly message: Message | null;
  /** Whether there is something to write. */
  readonly changed: boolean;
  readonly ignoredFields: readonly string[];
  /** Empty where the attempt is accepted. */
  readonly objections: readonly Objection[];
}

export interface RequestedChange {
  readonly id: string;
  readonly patch: MessagePatch;
}

/**
 * The two steps that every write of messages takes inside its transaction: try everything on the messages themselves,
 * then store what was accepted. Between them the caller decides whether what was refused stops the rest.
 */
export class MessageAttempts {
  constructor(
    private readonly messages: MessageStore,
    private readonly clock: Clock,
  ) {}

  async toCreate({ query }: UnitOfWork, drafts: readonly MessageDraft[]): Promise<readonly Attempt[]> {
    const now = this.clock.now();
    const parentIds = drafts.map(draft => messageIdOf(draft.parentId)).filter(id => id !== null);
    const parents =
      parentIds.length === 0 ? new Map<number, Message>() : await this.messages.findByIds(parentIds, query);
    return drafts.map(draft => {
      const parent = parents.get(messageIdOf(draft.parentId) ?? 0) ?? null;
      const { state, issues } = planDraft(draft, parent, now);
      const orphaned = typeof draft.parentId === 'string' && parent === null;
      // What a reply leaves out, an unknown parent cannot fill in: that is no second problem.
      const own =
        orphaned && draft.channels === undefined
          ? issues.filter(({ path }) => path[0] !== 'channels')
          : issues;
      const objections = [...(orphaned ? [UNKNOWN_PARENT] : []), ...own].map(
        ({ path, message }): Objection => ({ code: 'BAD_USER_INPUT', path, message }),
      );
      if (objections.length > 0) return { message: null, changed: false, ignoredFields: [], objections };
      return { message: Message.of(state), changed: true, ignoredFields: [], objections };
    });
  }

  /** @param patchPath where the patch stands in the caller's input, for the paths of objections. */
  async toChange(
    { query }: UnitOfWork,
    changes: readonly RequestedChange[],
    patchPath: readonly string[],
  ): Promise<readonly Attempt[]> {
    const now = this.clock.now();
    const ids = changes.map(({ id }) => messageIdOf(id)).filter(id => id !== null);
    const found = await this.messages.findWhole(ids, query);
    return changes.map(({ id, patch }) => {
      const message = found.get(messageIdOf(id) ?? 0);
      if (message === undefined)
        return { message: null, changed: false, ignoredFields: [], objections: [NOT_FOUND] };
      const { changed, ignoredFields, objections } = message.change(patch, now);
      const placed = objections.map(objection => ({ ...objection, path: [...patchPath, ...objection.path] }));
      return { message, changed, ignoredFields, objections: placed };
    });
  }

  /** Writes what the attempts have changed. */
  async store({ query }: UnitOfWork, attempts: readonly Attempt[]): Promise<void> {
    const changed = attempts.filter(attempt => attempt.changed).map(attempt => attempt.message as Message);
    await this.messages.insert(
      query,
      changed.filter(message => message.version === 1),
    );
    for (const message of changed.filter(({ version }) => version > 1)) {
      const written = await this.messages.update(query, message);
      // The transaction holds the only write lock since before the message was read.
      if (!written) throw new Error(`Message ${message.id} changed between its reading and its writing.`);
    }
  }

  /** The same attempts after all was refused: with the messages as the store has them. */
  async undone({ query }: UnitOfWork, attempts: readonly Attempt[]): Promise<readonly Attempt[]> {
    const ids = attempts
      .map(({ message }) => (message as { id?: number } | null)?.id)
      .filter(id => id !== undefined);
    const stored = await this.messages.findByIds(ids, query);
    return attempts.map(attempt => ({ ...attempt, message: stored.get(attempt.message?.id ?? 0) ?? null }));
  }
}

const UNKNOWN_PARENT = { path: ['parentId'], message: 'names no message' };

const NOT_FOUND: Objection = {
  code: 'NOT_FOUND',
  path: ['id'],
  message: 'There is no message with this id.',
};

import { type Actor } from '../../audit/actor';
import { type AuditAction, type FieldChange } from '../../audit/audit.kinds';
import { record } from '../../audit/audit.store';
import { type Clock } from '../../platform/clock';
import { type Query } from '../../platform/database/query';
import { type UnitOfWork } from '../../platform/database/unit-of-work';
import { type Deadline } from '../../platform/deadline';
import { TimeSlices } from '../../platform/time-slices';
import { judgeSchedule } from '../../schedules/schedule.judgement.rules';
import { type ContactStore } from '../../contacts/contact.store';
import { type Issue } from '../../platform/errors';
import { planChange } from '../rules/change.rules';
import { planDraft } from '../rules/draft.rules';
import { idOf } from '../../platform/id.rules';
import { Message } from '../message.entity';
import { type MessageDraft, type MessagePatch, type Objection } from '../message.kinds';
import { type MessageStore } from '../message.store';
import { cleanText } from '../../platform/text.rules';

/** What became of one thing that a caller asked for, before and after it is written. */
export interface Attempt {
  /** The message: new, changed, or as it stands where it refused; null where there is none. */
  readonly message: Message | null;
  /** Whether there is something to write. */
  readonly changed: boolean;
  /** What is new about a message that was there before. */
  readonly changes: readonly FieldChange[];
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
    private readonly contacts: ContactStore,
    private readonly clock: Clock,
    private readonly slices: TimeSlices,
  ) {}

  /**
   * To be awaited before the transaction of a batch: whether a schedule ever occurs can take tens of milliseconds to find out,
   * for each, and the store would have to wait.
   */
  async judgeSchedules(given: readonly Pick<MessageDraft, 'schedule'>[]): Promise<void> {
    for (const { schedule } of given) if (schedule) await this.slices.run(() => judgeSchedule(schedule));
  }

  async toCreate(
    { query, deadline }: UnitOfWork,
    drafts: readonly MessageDraft[],
  ): Promise<readonly Attempt[]> {
    const now = this.clock.now();
    const parentIds = drafts.map(draft => idOf(draft.parentId)).filter(id => id !== null);
    const parents =
      parentIds.length === 0 ? new Map<number, Message>() : await this.messages.findByIds(parentIds, query);
    const known = await this.knownContacts(query, drafts);
    return inSlices(deadline, drafts, draft => {
      const parent = parents.get(idOf(draft.parentId) ?? 0) ?? null;
      const { state, issues } = planDraft(draft, parent, now);
      const orphaned = typeof draft.parentId === 'string' && parent === null;
      // What a reply leaves out, an unknown parent cannot fill in: that is no second problem.
      const own =
        orphaned && draft.channels === undefined
          ? issues.filter(({ path }) => path[0] !== 'channels')
          : issues;
      const unknown = isUnknownContact(draft, known, own) ? [UNKNOWN_CONTACT] : [];
      const objections = [...(orphaned ? [UNKNOWN_PARENT] : []), ...own, ...unknown].map(
        ({ path, message }): Objection => ({ code: 'BAD_USER_INPUT', path, message }),
      );
      if (objections.length > 0) return refused(null, objections);
      return { message: Message.of(state), changed: true, changes: [], ignoredFields: [], objections };
    });
  }

  /**
   * @param patchPath where the patch stands in the caller's input, for the paths of objections.
   * @param properties what to read of the messages, where that is not all of them.
   */
  async toChange(
    { query, deadline }: UnitOfWork,
    changes: readonly RequestedChange[],
    patchPath: readonly string[],
    properties?: ReadonlySet<string>,
  ): Promise<readonly Attempt[]> {
    const now = this.clock.now();
    const ids = changes.map(({ id }) => idOf(id)).filter(id => id !== null);
    const found = await this.messages.findToChange(ids, query, properties);
    const keys = await this.wantedKeys(query, changes, found);
    const known = await this.knownContacts(query, changes.flatMap(contactChange(found)));
    return inSlices(deadline, changes, ({ id, patch }) => {
      const message = found.get(idOf(id) ?? 0);
      if (message === undefined) return refused(null, [NOT_FOUND]);
      const place = (objection: Objection) => ({ ...objection, path: [...patchPath, ...objection.path] });
      if (!keys.mayTake(message, patch)) return refused(message, [place(PROVIDER_KEY_TAKEN)]);
      const [wanted] = contactChange(found)({ id, patch });
      if (wanted !== undefined && isUnknownContact(wanted, known, [])) {
        // What else is wrong is told as well, and nothing of the patch happens.
        const { objections } = planChange(message, patch, now);
        const isTold = objections.some(({ path }) => path[0] === 'contactId');
        const unknown: Objection = { code: 'BAD_USER_INPUT', ...UNKNOWN_CONTACT };
        return refused(message, (isTold ? objections : [...objections, unknown]).map(place));
      }
      const { changes, ignoredFields, objections } = message.change(patch, now);
      const changed = changes.length > 0;
      return { message, changed, changes, ignoredFields, objections: objections.map(place) };
    });
  }

  /** The contacts that exist among those that are named; nothing is asked where none is. */
  private async knownContacts(
    query: Query,
    given: readonly Pick<MessageDraft, 'contactId'>[],
  ): Promise<ReadonlySet<string>> {
    const ids = given.flatMap(({ contactId }) =>
      typeof contactId === 'string' ? [cleanText(contactId)] : [],
    );
    return ids.length === 0 ? new Set() : this.contacts.existing(query, [...new Set(ids)]);
  }

  /** Who has, or gets in this transaction, the pairs of provider and provider's id that patches would make. */
  private async wantedKeys(
    query: Query,
    changes: readonly RequestedChange[],
    found: ReadonlyMap<number, Message>,
  ): Promise<ProviderKeys> {
    const keys = changes.flatMap(({ id, patch }) => {
      const message = found.get(idOf(id) ?? 0);
      const key = message === undefined ? null : wantedKey(message, patch);
      return key === null ? [] : [key];
    });
    const owners = keys.length === 0 ? [] : await this.messages.findByProviderKeys(keys, query);
    return new ProviderKeys(owners);
  }

  /** Writes what the attempts have changed, and records who did so. */
  async store(unit: UnitOfWork, by: Actor, attempts: readonly Attempt[]): Promise<void> {
    const changed = attempts.flatMap(({ changed, message, changes }) =>
      changed && message !== null ? [{ message, changes }] : [],
    );
    const [added, moved] = [changed.filter(isNew), changed.filter(each => !isNew(each))];
    await this.messages.insert(unit.query, messagesOf(added));
    const fields = new Set(moved.flatMap(({ changes }) => changes.map(({ field }) => field)));
    const written = await this.messages.update(unit.query, messagesOf(moved), fields);
    // The transaction holds the only write lock since before the messages were read.
    if (written !== moved.length) throw new Error('A message changed between its reading and its writing.');
    await recordAll(unit, by, 'CREATED', added);
    await recordAll(unit, by, 'CHANGED', moved);
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

const UNKNOWN_CONTACT = { path: ['contactId'], message: 'names no contact' };

/** @param issues what is wrong with it already: an id that no contact can have is no second problem. */
function isUnknownContact(
  { contactId }: Pick<MessageDraft, 'contactId'>,
  known: ReadonlySet<string>,
  issues: readonly Issue[],
): boolean {
  if (typeof contactId !== 'string' || issues.some(({ path }) => path[0] === 'contactId')) return false;
  return !known.has(cleanText(contactId));
}

/** The contact that a patch would give a message; nothing where it leaves it alone, as an INCOMING one does. */
function contactChange(
  found: ReadonlyMap<number, Message>,
): (change: RequestedChange) => readonly Pick<MessagePatch, 'contactId'>[] {
  return ({ id, patch: { contactId } }) => {
    const message = found.get(idOf(id) ?? 0);
    const isTaken = message?.direction === 'OUTGOING' && typeof contactId === 'string';
    return isTaken && message.contactId !== contactId ? [{ contactId }] : [];
  };
}

const NOT_FOUND: Objection = {
  code: 'NOT_FOUND',
  path: ['id'],
  message: 'There is no message with this id.',
};

const PROVIDER_KEY_TAKEN: Objection = {
  code: 'BAD_USER_INPUT',
  path: ['dataProviderId'],
  message: 'has another message with this dataProviderMessageId',
};

type ProviderKey = readonly [dataProviderId: string, dataProviderMessageId: string];

/** The pair that a patch would give a message; null where it leaves the pair alone or incomplete. */
function wantedKey(message: Message, { dataProviderId }: MessagePatch): ProviderKey | null {
  if (message.direction === 'INCOMING' || message.dataProviderMessageId === null) return null;
  if (typeof dataProviderId !== 'string') return null;
  return [cleanText(dataProviderId), message.dataProviderMessageId];
}

class ProviderKeys {
  private readonly owners: Map<string, number>;

  constructor(owners: readonly Message[]) {
    this.owners = new Map(
      owners.map(owner => [JSON.stringify([owner.dataProviderId, owner.dataProviderMessageId]), owner.id]),
    );
  }

  /** Takes the pair for the message if nobody else has it; the first of a batch is the one that gets it. */
  mayTake(message: Message, patch: MessagePatch): boolean {
    const key = wantedKey(message, patch);
    if (key === null) return true;
    const owner = this.owners.get(JSON.stringify(key)) ?? message.id;
    this.owners.set(JSON.stringify(key), owner);
    return owner === message.id;
  }
}

interface Changed {
  readonly message: Message;
  readonly changes: readonly FieldChange[];
}

function isNew({ message }: Changed): boolean {
  return message.version === 1;
}

function messagesOf(changed: readonly Changed[]): readonly Message[] {
  return changed.map(({ message }) => message);
}

async function recordAll(
  unit: UnitOfWork,
  by: Actor,
  action: AuditAction,
  changed: readonly Changed[],
): Promise<void> {
  const [first] = changed;
  if (first === undefined) return;
  const written = changed.map(({ message: { id, version }, changes }) => ({
    messageId: id,
    version,
    changes,
  }));
  // All attempts of one write were made at the same instant, which is the one that the messages bear.
  await record(unit, by, { action, at: first.message.updatedAt, written });
}

function refused(message: Message | null, objections: readonly Objection[]): Attempt {
  return { message, changed: false, changes: [], ignoredFields: [], objections };
}

/**
 * How long trying may take in all, in milliseconds. The whole store waits for the transaction meanwhile; a batch takes tens of
 * milliseconds, unless its messages have schedules that were chosen to be hard to follow.
 */
const MAX_TRYING_MS = 3_000;

function inSlices<Item, Result>(
  deadline: Deadline,
  items: readonly Item[],
  work: (item: Item) => Result,
): Promise<readonly Result[]> {
  return new TimeSlices(deadline.sooner(MAX_TRYING_MS)).map(items, work);
}

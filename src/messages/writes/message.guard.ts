import {
  type EntityManager,
  type EntitySubscriberInterface,
  type FindOptionsWhere,
  type InsertEvent,
  type ObjectLiteral,
  type QueryRunner,
  type UpdateEvent,
} from 'typeorm';
import { OPERATOR } from '../../audit/actor';
import { type AuditAction, type FieldChange } from '../../audit/audit.kinds';
import { record } from '../../audit/audit.store';
import { Contact } from '../../contacts/contact.entity';
import { dialectOf } from '../../platform/database/dialects';
import { type Clock } from '../../platform/clock';
import { type Query } from '../../platform/database/query';
import { badUserInput, Refusal } from '../../platform/errors';
import { Schedule } from '../../schedules/schedule.entity';
import { cleanContent } from '../rules/content.rules';
import { Message } from '../message.entity';
import { type MessageState } from '../message.kinds';
import { recordedChanges } from '../rules/recorded-changes.rules';
import { refusalOf } from './refusal';
import { searchTextOf } from '../rules/search.rules';
import { stateIssues, stepObjections } from '../rules/state.rules';

/**
 * Keeps the rules of messages against whoever saves or removes them through TypeORM itself: what the entity's own
 * methods refuse is refused here too, `version` and `updatedAt` count on, and the audit record is written in the
 * transaction of the save. It is written afterwards: TypeORM runs what comes before the saves of several entities at
 * once, and does not wait for the others when one refuses.
 */
export class MessageGuard implements EntitySubscriberInterface<Message> {
  /** The version that each entity was read at: an entity that has been overtaken since must not be saved over. */
  private readonly readAt = new WeakMap<object, number>();
  /** What a save that is going on changes of each entity. */
  private readonly changes = new WeakMap<object, readonly FieldChange[]>();

  constructor(private readonly clock: Clock) {}

  listenTo(): typeof Message {
    return Message;
  }

  afterLoad(message: Message): void {
    this.readAt.set(message, message.version);
  }

  async beforeInsert({ entity, manager }: InsertEvent<Message>): Promise<void> {
    await refuseUpsert(entity, manager);
    const now = this.clock.now();
    const given = { ...NOTHING_YET, createdAt: now, updatedAt: now, ...present(entity), version: 1 };
    const state = { ...given, sentAt: given.status === 'SENT' ? (given.sentAt ?? now) : given.sentAt };
    const { content } = cleanContent(state);
    const complete = { ...state, ...content };
    const issues = stateIssues(complete, now);
    if (issues.length > 0) throw refusalOf(issues.map(issue => ({ code: 'BAD_USER_INPUT', ...issue })));
    await requireContact(complete.contactId, manager);
    Object.assign(entity, complete, { searchText: searchTextOf(complete.title, complete.message) });
  }

  async beforeUpdate({ entity, databaseEntity, manager }: UpdateEvent<Message>): Promise<void> {
    const stored = databaseEntity as Message | undefined;
    if (entity === undefined || stored === undefined) {
      throw new Refusal(
        'BAD_USER_INPUT',
        'A message is changed through its entity, not by an update of rows.',
      );
    }
    const readAt = this.readAt.get(entity) ?? (entity as Partial<Message>).version ?? stored.version;
    if (readAt !== stored.version) {
      throw new Refusal('CONFLICT', `The message has moved on: it is at version ${stored.version}.`);
    }
    const now = this.clock.now();
    const schedule =
      stored.scheduleId === null ? null : await manager.findOneBy(Schedule, { id: stored.scheduleId });
    const before = { ...present(stored), schedule } as MessageState;
    const asked: MessageState = { ...before, ...present(entity), schedule: scheduleAfter(entity, schedule) };
    const after: MessageState = { ...asked, ...sentAfter(before, asked, now) };
    const clean: MessageState = { ...after, ...cleanContent(after).content };
    const objections = stepObjections(before, clean, now);
    if (objections.length > 0) throw refusalOf(objections);
    if (clean.contactId !== before.contactId) await requireContact(clean.contactId, manager);
    const changes = recordedChanges(before, clean);
    const changed = changes.length > 0;
    this.changes.set(entity, changes);
    Object.assign(entity, {
      ...clean,
      schedule: entity['schedule'] as unknown,
      version: changed ? stored.version + 1 : stored.version,
      updatedAt: changed ? now : stored.updatedAt,
      searchText: searchTextOf(clean.title, clean.message),
      scheduleId: clean.schedule === schedule ? stored.scheduleId : undefined,
    });
  }

  async afterInsert({ entity, queryRunner }: InsertEvent<Message>): Promise<void> {
    await recordSave(queryRunner, entity, 'CREATED', this.clock.now(), []);
  }

  async afterUpdate({ entity, queryRunner }: UpdateEvent<Message>): Promise<void> {
    if (entity === undefined) return;
    const message = entity as Message;
    // What was saved may be changed and saved again.
    this.readAt.set(message, message.version);
    const changes = this.changes.get(message) ?? [];
    this.changes.delete(message);
    if (changes.length > 0) await recordSave(queryRunner, message, 'CHANGED', message.updatedAt, changes);
  }

  beforeRemove(): void {
    throw new Refusal('BAD_USER_INPUT', 'A message is never deleted; archive it instead.');
  }

  beforeSoftRemove(): void {
    this.beforeRemove();
  }
}

/**
 * An upsert over a message that is there would change it past everything that a change must pass, and TypeORM does not
 * tell an upsert from an insert.
 */
async function refuseUpsert(entity: Partial<Message>, manager: EntityManager): Promise<void> {
  const { id, dataProviderId, dataProviderMessageId } = entity;
  const taken: FindOptionsWhere<Message>[] = [
    ...(isGiven(id) ? [{ id }] : []),
    ...(isGiven(dataProviderId) && isGiven(dataProviderMessageId)
      ? [{ dataProviderId, dataProviderMessageId }]
      : []),
  ];
  if (taken.length === 0 || !(await manager.existsBy(Message, taken))) return;
  throw new Refusal(
    'CONFLICT',
    'The message is there already. It is changed through its entity; of an INCOMING one only the status changes.',
  );
}

async function requireContact(id: string | null, manager: EntityManager): Promise<void> {
  if (id === null || (await manager.existsBy(Contact, { id }))) return;
  throw badUserInput([{ path: ['contactId'], message: 'names no contact' }]);
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

async function recordSave(
  runner: QueryRunner,
  { id, version }: Message,
  action: AuditAction,
  at: Date,
  changes: readonly FieldChange[],
): Promise<void> {
  const query: Query = (sql, parameters = []) => runner.query(sql, [...parameters]);
  await record({ query, dialect: dialectOf(runner.connection) }, OPERATOR, {
    action,
    at,
    written: [{ messageId: id, version, changes }],
  });
}

const NOTHING_YET = {
  version: 1,
  title: null,
  recipientIds: [],
  parentId: null,
  contactId: null,
  postId: null,
  dataFeedId: null,
  dataProviderId: null,
  dataProviderMessageId: null,
  additionalData: null,
  schedule: null,
  sendAt: null,
  sentAt: null,
} as unknown as MessageState;

/** What an entity says; it may have been made, or read, with only some of its fields. */
function present(entity: ObjectLiteral): Partial<MessageState> {
  return Object.fromEntries(Object.entries(entity).filter(([, value]) => value !== undefined));
}

/** SENT and `sentAt` go together, as in the entity's own methods: whichever is set brings the other along. */
function sentAfter(
  before: MessageState,
  { direction, status, sentAt }: MessageState,
  now: Date,
): Pick<MessageState, 'status' | 'sentAt'> {
  if (direction === 'OUTGOING' && status !== before.status) {
    if (status === 'SENT') return { status, sentAt: sentAt ?? now };
    if (status === 'PENDING') return { status, sentAt: null };
  }
  const marksSent = direction === 'OUTGOING' && status === 'PENDING' && sentAt !== null;
  return { status: marksSent ? 'SENT' : status, sentAt };
}

/** A schedule that was not read stays as it is; null takes it away; one that is new replaces it. */
function scheduleAfter(entity: ObjectLiteral, stored: Schedule | null): Schedule | null {
  const given = entity['schedule'] as Schedule | null | undefined;
  if (given === undefined) return stored;
  return stored !== null && given?.id === stored.id ? stored : given;
}

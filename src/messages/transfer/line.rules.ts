import { type GivenContactLine, readContactLine } from '../../contacts/transfer/contact.line.rules';
import { type Issue } from '../../platform/errors';
import { isJsonObject, readFields } from '../../platform/json-fields.rules';
import { bareRule } from '../../schedules/same-schedule.rules';
import { type Parent, planContent, type PlannedMessage } from '../rules/draft.rules';
import { type MessageState, type MessageStatus } from '../message.kinds';
import { standingIssues } from '../rules/state.rules';
import { planTiming } from '../rules/timing.rules';
import { DERIVED_FIELDS, type GivenFields, LINE_FIELDS, type LineField } from './line.fields.rules';

/** What a line says, before anything but its JSON types has been looked at. */
export interface GivenLine {
  readonly given: GivenFields;
  /** What could not be read; such fields are not among `given`. */
  readonly issues: readonly Issue[];
}

export interface UnreadableLine {
  /** Why there is nothing to be read, as the rest of a sentence. */
  readonly problem: string;
}

/** A contact's line says what it is; any other is that of a message. */
export type AnyLine = GivenLine | { readonly contact: GivenContactLine } | UnreadableLine;

/** Reads one line of NDJSON. */
export function readLine(text: string): AnyLine {
  const json = parsed(text);
  if (json === undefined) return { problem: 'is not valid JSON' };
  if (!isJsonObject(json)) return { problem: 'must be a JSON object' };
  const { record = 'message' } = json as { readonly record?: unknown };
  if (record === 'contact') return { contact: readContactLine(json) };
  const issues: Issue[] = [];
  if (record !== 'message') issues.push({ path: ['record'], message: 'must be "message" or "contact"' });
  const given = readFields(json, 'a message', LINE_FIELDS, DERIVED_FIELDS, (message, ...path) =>
    issues.push({ path, message }),
  );
  return { given, issues };
}

/**
 * The message that a line makes, with all that is wrong with it. What is left out has a default: the line is an
 * INCOMING message that was received, made now, at its first version.
 * @param parent of a line with a `parentId`: what it names.
 */
export function planLine({ given, issues }: GivenLine, parent: Parent | null, now: Date): PlannedMessage {
  const { direction = 'INCOMING', version = 1, createdAt = now, updatedAt = createdAt } = given;
  const { content, issues: contentIssues } = planContent(given, parent, DEFAULT_TYPES[direction]);
  const { schedule, sendAt, issues: timingIssues } = planTiming(given, UNTIMED, null);
  const status = given.status ?? defaultStatus(direction, given.sentAt ?? null);
  const sentAt = given.sentAt === undefined ? defaultSentAt(direction, status, given, now) : given.sentAt;
  const { parentId = null } = given;
  const { message, title, type, channels, recipientIds, contactId, postId } = content;
  const { dataFeedId, dataProviderId, dataProviderMessageId, additionalData } = content;
  // Field by field, as an object of a fixed shape: spreading the content takes half the time of planning a line.
  const state: MessageState = {
    message,
    title,
    type,
    channels,
    recipientIds,
    contactId,
    postId,
    dataFeedId,
    dataProviderId,
    dataProviderMessageId,
    additionalData,
    direction,
    status,
    parentId,
    schedule,
    sendAt,
    sentAt,
    createdAt,
    updatedAt,
    version,
  };
  // Nobody can say when a rule occurs that is no rule.
  const judged = timingIssues.length === 0 ? state : { ...state, schedule: null };
  const steps = [contentIssues, timingIssues, parentIssues(given), standingIssues(judged, now)];
  return { state, issues: steps.reduce(withNews, issues) };
}

/** The line of a message, without its line end: every stored field, in the order of the schema. */
export function lineOf(message: MessageState & { readonly id: number }): string {
  return JSON.stringify({
    id: String(message.id),
    version: message.version,
    direction: message.direction,
    status: message.status,
    type: message.type,
    title: message.title,
    message: message.message,
    channels: message.channels,
    recipientIds: message.recipientIds,
    parentId: message.parentId === null ? null : String(message.parentId),
    contactId: message.contactId,
    postId: message.postId,
    dataFeedId: message.dataFeedId,
    dataProviderId: message.dataProviderId,
    dataProviderMessageId: message.dataProviderMessageId,
    additionalData: message.additionalData,
    repeats: message.schedule !== null,
    schedule: message.schedule === null ? null : bareRule(message.schedule),
    sendAt: message.sendAt,
    sentAt: message.sentAt,
    createdAt: message.createdAt,
    updatedAt: message.updatedAt,
  } satisfies Record<LineField, unknown>);
}

const DEFAULT_TYPES = { INCOMING: 'REPORT', OUTGOING: 'ALERT' } as const;
const UNTIMED = { schedule: null, sendAt: null } as const;

/** What cannot be judged where a field could not be read. */
const SPOILED_BY: Readonly<Partial<Record<LineField, readonly LineField[]>>> = {
  direction: ['status', 'sentAt', 'schedule'],
  status: ['sentAt'],
  schedule: ['repeats', 'sendAt'],
};

/** Adds issues of fields that nothing was said about yet: a later look at a field must not repeat the earlier one. */
function withNews(issues: readonly Issue[], later: readonly Issue[]): readonly Issue[] {
  if (later.length === 0) return issues;
  const told = new Set(issues.map(({ path }) => path[0]));
  const spoiled = new Set([...told].flatMap(field => SPOILED_BY[field as LineField] ?? []));
  return [...issues, ...later.filter(({ path }) => !told.has(path[0]) && !spoiled.has(path[0] as LineField))];
}

function parentIssues({ id, parentId }: GivenFields): readonly Issue[] {
  // So that in the order of ids, which is that of the export, every parent stands before its replies.
  const misplaced = typeof id === 'number' && typeof parentId === 'number' && parentId >= id;
  return misplaced
    ? [{ path: ['parentId'], message: 'must be smaller than id: a parent stands before its replies' }]
    : [];
}

function defaultStatus(direction: MessageState['direction'], sentAt: Date | null): MessageStatus {
  if (direction === 'INCOMING') return 'RECEIVED';
  return sentAt === null ? 'PENDING' : 'SENT';
}

function defaultSentAt(
  direction: MessageState['direction'],
  status: MessageStatus,
  { updatedAt, createdAt }: GivenFields,
  now: Date,
): Date | null {
  return direction === 'OUTGOING' && status === 'SENT' ? (updatedAt ?? createdAt ?? now) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

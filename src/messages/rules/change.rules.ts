import { type FieldChange } from '../../audit/audit.kinds';
import { type Issue } from '../../platform/errors';
import { cleanContent } from './content.rules';
import { MAX_VERSION, type MessagePatch, type MessageState, type Objection } from '../message.kinds';
import { recordedChanges } from './recorded-changes.rules';
import { statusObjection } from './status.rules';
import { CLOCK_TOLERANCE_MS, isRepeating, planTiming, sentAtIssue } from './timing.rules';

/** What a patch would make of a message. With objections, nothing of it happens. */
export interface PlannedChange {
  /** What the message is to be given; what is left out stays as it is. */
  readonly values: Partial<MessageState>;
  /** Empty where the patch says what is true already: then version and `updatedAt` stay as well. */
  readonly changes: readonly FieldChange[];
  readonly ignoredFields: readonly string[];
  readonly objections: readonly Objection[];
}

/** All that a patch which gives a status, and perhaps a version, has the rules look at. */
export const LOOKED_AT_FOR_STATUS = [
  ...(['version', 'direction', 'status', 'schedule', 'sendAt', 'sentAt'] as const),
] satisfies readonly (keyof MessageState)[];

/** Decides what a patch means for a message as it stands, and whether the rules let it happen. */
export function planChange(current: MessageState, patch: MessagePatch, now: Date): PlannedChange {
  const { expectedVersion } = patch;
  if (typeof expectedVersion === 'number' && expectedVersion !== current.version) {
    return refused([
      {
        code: 'CONFLICT',
        path: ['expectedVersion'],
        message: `The message has moved on: it is at version ${current.version}. Read it again, then decide.`,
      },
    ]);
  }
  return current.direction === 'INCOMING' ? planIncoming(current, patch) : planOutgoing(current, patch, now);
}

/** The fields of a patch, in the schema's order; the compiler finds one that is missing here. */
const PATCH_FIELDS: readonly (keyof MessagePatch)[] = Object.keys({
  message: true,
  title: true,
  type: true,
  channels: true,
  recipientIds: true,
  contactId: true,
  postId: true,
  dataFeedId: true,
  dataProviderId: true,
  additionalData: true,
  repeats: true,
  schedule: true,
  sendAt: true,
  sentAt: true,
  status: true,
  expectedVersion: true,
} satisfies Record<keyof MessagePatch, true>) as (keyof MessagePatch)[];

/** What people sent in is kept as they sent it: only its status moves. */
function planIncoming(current: MessageState, patch: MessagePatch): PlannedChange {
  const ignoredFields = PATCH_FIELDS.filter(
    field => field !== 'status' && field !== 'expectedVersion' && patch[field] !== undefined,
  );
  if (patch.status === undefined) return { values: {}, changes: [], ignoredFields, objections: [] };
  if (patch.status === null) return refused([asObjection(nullStatus)]);
  const objection = statusObjection(current, patch.status, false);
  if (objection !== null) return refused([objection]);
  return planned(current, { status: patch.status }, ignoredFields);
}

function planOutgoing(current: MessageState, patch: MessagePatch, now: Date): PlannedChange {
  const { content, issues: contentIssues } = cleanContent(patch);
  const earliest = new Date(now.getTime() - CLOCK_TOLERANCE_MS);
  const { schedule, sendAt, issues: timingIssues } = planTiming(patch, current, earliest);
  const step = planStatus(current, schedule, patch, now);
  const issues = [
    ...contentIssues,
    ...(patch.repeats === null ? [nullRepeats] : []),
    ...timingIssues,
    ...step.issues,
  ];
  const objections = [...(step.objection === null ? [] : [step.objection]), ...issues.map(asObjection)];
  if (objections.length > 0) return refused(objections);
  return planned(current, { ...content, schedule, sendAt, status: step.status, sentAt: step.sentAt }, []);
}

interface PlannedStatus extends Pick<MessageState, 'status' | 'sentAt'> {
  readonly objection: Objection | null;
  readonly issues: readonly Issue[];
}

/**
 * `status` and `sentAt` are two sides of one thing: a message is SENT exactly when it has been sent at a time.
 * @param schedule the one that the message is to have.
 */
function planStatus(
  current: MessageState,
  schedule: MessageState['schedule'],
  patch: MessagePatch,
  now: Date,
): PlannedStatus {
  const { sentAt } = patch;
  if (patch.status === null)
    return { status: current.status, sentAt: null, objection: null, issues: [nullStatus] };
  const marksSent = sentAt instanceof Date && current.status === 'PENDING';
  const status = patch.status ?? (marksSent ? 'SENT' : current.status);
  const repeating = isRepeating(schedule, now);
  const issues = sentAt === undefined ? [] : sentAtIssues(current, patch, now, repeating);
  if (patch.schedule && repeating && current.sentAt !== null) {
    issues.push({ path: ['schedule'], message: 'cannot be given to a message that has been sent' });
  }
  const objection = patch.status === undefined ? null : statusObjection(current, status, repeating);
  return { status, sentAt: sentAtAfter(current, status, sentAt ?? null, now), objection, issues };
}

function sentAtAfter(
  current: MessageState,
  status: MessageState['status'],
  given: Date | null,
  now: Date,
): Date | null {
  if (status === 'SENT') return given ?? current.sentAt ?? now;
  return status === 'ARCHIVED' ? current.sentAt : null;
}

function sentAtIssues(
  current: MessageState,
  { sentAt, status }: MessagePatch,
  now: Date,
  repeating: boolean,
): Issue[] {
  const issue = (message: string): Issue[] => [{ path: ['sentAt'], message }];
  if (current.status !== 'PENDING' && current.status !== 'SENT') {
    return issue(
      `cannot be given for a message that is ${current.status}, only for one that is PENDING or SENT`,
    );
  }
  if (status !== undefined && status !== 'SENT') return issue('goes only with the status SENT');
  if (sentAt === null || sentAt === undefined) {
    const staysSent = current.status === 'SENT' || status === 'SENT';
    return staysSent ? issue('cannot be null on a message that is SENT') : [];
  }
  if (repeating) return issue('cannot be given while occurrences of a repeating message are to come');
  const late = sentAtIssue(sentAt, now);
  return late === null ? [] : [late];
}

const nullStatus: Issue = { path: ['status'], message: 'cannot be null' };
const uncountable: Issue = { path: [], message: 'The message has changed as often as can be counted.' };
const nullRepeats: Issue = { path: ['repeats'], message: 'cannot be null; say false to end the repetition' };

function asObjection({ path, message }: Issue): Objection {
  return { code: 'BAD_USER_INPUT', path, message };
}

function refused(objections: readonly Objection[]): PlannedChange {
  return { values: {}, changes: [], ignoredFields: [], objections };
}

function planned(
  current: MessageState,
  values: Partial<MessageState>,
  ignoredFields: readonly string[],
): PlannedChange {
  const changes = recordedChanges(current, values);
  if (changes.length > 0 && current.version >= MAX_VERSION) return refused([asObjection(uncountable)]);
  return { values, changes, ignoredFields, objections: [] };
}

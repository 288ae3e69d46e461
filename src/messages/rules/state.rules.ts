import { isDeepStrictEqual } from 'node:util';
import { type Issue } from '../../platform/errors';
import { sameSchedule } from '../../schedules/same-schedule.rules';
import { scheduleIssues } from '../../schedules/schedule.rules';
import { cleanContent } from './content.rules';
import { MESSAGE_DIRECTIONS, type MessageState, type Objection } from '../message.kinds';
import { STATUSES_OF, statusObjection } from './status.rules';
import { CLOCK_TOLERANCE_MS, isRepeating, sentAtIssue } from './timing.rules';

type StateField = keyof MessageState;

/** Everything that a message is; what the store counts itself (`version`, `updatedAt`) aside. */
const COMPARED_FIELDS = Object.keys({
  direction: true,
  status: true,
  type: true,
  title: true,
  message: true,
  channels: true,
  recipientIds: true,
  parentId: true,
  contactId: true,
  postId: true,
  dataFeedId: true,
  dataProviderId: true,
  dataProviderMessageId: true,
  additionalData: true,
  schedule: true,
  sendAt: true,
  sentAt: true,
  createdAt: true,
} satisfies Record<Exclude<StateField, 'version' | 'updatedAt'>, true>) as StateField[];

/** The fields in which two states of a message differ; what the later one leaves out is as it was before. */
export function changedFields(before: MessageState, after: Partial<MessageState>): readonly StateField[] {
  return COMPARED_FIELDS.filter(field => {
    // Of most changes all fields but one are left out, or the very same values.
    if (after[field] === undefined || before[field] === after[field]) return false;
    if (field === 'schedule') return !sameSchedule(before.schedule, after.schedule ?? null);
    // Key order is part of additionalData, and only its text shows it.
    if (field === 'additionalData') return JSON.stringify(before[field]) !== JSON.stringify(after[field]);
    return !isDeepStrictEqual(before[field], after[field]);
  });
}

/** What is wrong with a whole message, however it came about: what the store must never hold. */
export function stateIssues(state: MessageState, now: Date): readonly Issue[] {
  return [...cleanContent(state).issues, ...standingIssues(state, now)];
}

/** What is wrong with a whole message beside its content: where it stands, and when it goes or went. */
export function standingIssues(state: MessageState, now: Date): readonly Issue[] {
  const issues: Issue[] = [];
  const report = (field: StateField, message: string) => issues.push({ path: [field], message });
  if (!MESSAGE_DIRECTIONS.includes(state.direction)) {
    return [{ path: ['direction'], message: `must be one of ${MESSAGE_DIRECTIONS.join(', ')}` }];
  }
  const statuses = STATUSES_OF[state.direction];
  if (!statuses.includes(state.status)) {
    report('status', `must be one of ${statuses.join(', ')} for an ${state.direction} message`);
  }
  const ruleIssues = state.schedule === null ? [] : scheduleIssues(state.schedule);
  issues.push(...ruleIssues.map(({ path, message }) => ({ path: ['schedule', ...path], message })));
  // A rule that is refused must not be asked when it occurs.
  const repeating = ruleIssues.length === 0 && isRepeating(state.schedule, now);
  if (state.direction === 'OUTGOING') reportOutgoing(state, repeating, report);
  else if (state.schedule !== null) report('schedule', 'belongs to OUTGOING messages only');
  if (state.schedule !== null && state.sendAt !== null) {
    report('sendAt', 'must be null on a repeating message: its schedule says when it goes');
  }
  if (state.sentAt !== null) issues.push(...[sentAtIssue(state.sentAt, now)].filter(issue => issue !== null));
  return issues;
}

/** Why a stored message cannot become another state, by whichever way it was changed. */
export function stepObjections(before: MessageState, after: MessageState, now: Date): readonly Objection[] {
  const changed = changedFields(before, after);
  const fixed = changed.filter(field => isFixed(before, field));
  const objections: Objection[] = fixed.map(field => ({
    code: 'BAD_USER_INPUT',
    path: [field],
    message: before.direction === 'INCOMING' ? 'of an INCOMING message never changes' : 'never changes',
  }));
  const issues =
    changed.length === 0 ? [] : [...stateIssues(after, now), ...newSendAtIssues(before, after, now)];
  // A rule that is refused must not be asked when it occurs.
  const repeating = !issues.some(({ path }) => path[0] === 'schedule') && isRepeating(after.schedule, now);
  const status = statusObjection(before, after.status, repeating);
  if (status !== null) objections.push(status);
  return [
    ...objections,
    ...issues.map(({ path, message }) => ({ code: 'BAD_USER_INPUT' as const, path, message })),
  ];
}

function newSendAtIssues(before: MessageState, { sendAt }: MessageState, now: Date): readonly Issue[] {
  const isNew = sendAt !== null && sendAt.getTime() !== before.sendAt?.getTime();
  if (!isNew || sendAt.getTime() >= now.getTime() - CLOCK_TOLERANCE_MS) return [];
  return [{ path: ['sendAt'], message: 'must not lie more than 5 minutes in the past' }];
}

function reportOutgoing(
  state: MessageState,
  repeating: boolean,
  report: (field: StateField, message: string) => unknown,
): void {
  if (state.status === 'SENT' && state.sentAt === null)
    report('sentAt', 'must be set on a message that is SENT');
  if (state.status !== 'SENT' && state.status !== 'ARCHIVED' && state.sentAt !== null) {
    report('sentAt', `must be null on a message that is ${state.status}`);
  }
  if (state.sentAt !== null && repeating) {
    report('sentAt', 'must be null while occurrences of a repeating message are to come');
  }
}

/** Never to be changed, except that a provider's own id may be set once; of what people sent in, only the status moves. */
function isFixed(before: MessageState, field: StateField): boolean {
  if (field === 'dataProviderMessageId') return before.dataProviderMessageId !== null;
  if (field === 'direction' || field === 'parentId' || field === 'createdAt') return true;
  return before.direction === 'INCOMING' && field !== 'status';
}

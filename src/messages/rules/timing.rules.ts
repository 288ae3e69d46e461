import { type Issue } from '../../platform/errors';
import { sameSchedule } from '../../schedules/same-schedule.rules';
import { type ScheduleRule } from '../../schedules/schedule.kinds';
import { nextOccurrence } from '../../schedules/schedule.recurrence';
import { judgeSchedule } from '../../schedules/schedule.judgement.rules';
import { type MessageDraft, type MessageState } from '../message.kinds';

/** How far a clock may be off before an instant counts as too early or too late: five minutes, in milliseconds. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

type Timing = Pick<MessageState, 'schedule' | 'sendAt'>;
type GivenTiming = Pick<MessageDraft, 'repeats' | 'schedule' | 'sendAt'>;

export interface PlannedTiming extends Timing {
  readonly issues: readonly Issue[];
}

/**
 * What `repeats`, `schedule` and `sendAt` say together about when a message goes out, given what is stored.
 * @param earliest a new `sendAt` before this is refused; null where history is being imported.
 */
export function planTiming(given: GivenTiming, stored: Timing, earliest: Date | null): PlannedTiming {
  const { schedule, issues } = planSchedule(given, stored.schedule);
  if (given.sendAt === undefined || given.sendAt === null) {
    const kept = given.sendAt === undefined && schedule === null;
    return { schedule, sendAt: kept ? stored.sendAt : null, issues };
  }
  const isNew = given.sendAt.getTime() !== stored.sendAt?.getTime();
  if (schedule !== null) {
    issues.push({
      path: ['sendAt'],
      message: 'cannot be given for a repeating message: its schedule says when it goes',
    });
  } else if (isNew && earliest !== null && given.sendAt < earliest) {
    issues.push({ path: ['sendAt'], message: 'must not lie more than 5 minutes in the past' });
  }
  return { schedule, sendAt: given.sendAt, issues };
}

/** Whether a message with this schedule has occurrences to come at `now`, and so is not done with being sent. */
export function isRepeating(schedule: ScheduleRule | null, now: Date): boolean {
  return schedule !== null && nextOccurrence(schedule, now) !== null;
}

/** Why `sentAt` cannot be this instant; null where it can. */
export function sentAtIssue(sentAt: Date, now: Date): Issue | null {
  const late = sentAt.getTime() > now.getTime() + CLOCK_TOLERANCE_MS;
  return late ? { path: ['sentAt'], message: 'must not lie more than 5 minutes in the future' } : null;
}

function planSchedule(
  { repeats, schedule }: GivenTiming,
  stored: ScheduleRule | null,
): { schedule: ScheduleRule | null; issues: Issue[] } {
  if (schedule !== undefined && schedule !== null) {
    const { rule, issues: ruleIssues } = judgeSchedule(schedule);
    const issues = ruleIssues.map(issue => ({ ...issue, path: ['schedule', ...issue.path] }));
    if (repeats === false) {
      issues.push({
        path: ['repeats'],
        message: 'cannot be false when a schedule is given: a schedule makes it repeat',
      });
    }
    // A rule that is refused must not be asked when it occurs. The same rule again is no change: the stored one stays.
    return { schedule: issues.length > 0 || sameSchedule(rule, stored) ? stored : rule, issues };
  }
  const kept = schedule === null || repeats === false ? null : stored;
  const issues: Issue[] = [];
  if (repeats === true && kept === null) {
    issues.push({ path: ['repeats'], message: 'cannot be true without a schedule: give one in `schedule`' });
  }
  return { schedule: kept, issues };
}

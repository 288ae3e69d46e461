import { type Issue } from '../platform/errors';
import { type ScheduleRule } from './schedule.kinds';
import { completeSchedule, scheduleIssues, type ScheduleInput } from './schedule.rules';

/** What a schedule that somebody gives comes to. */
export interface ScheduleJudgement {
  readonly rule: ScheduleRule;
  readonly issues: readonly Issue[];
}

/** By the input itself, which nobody changes: what is judged in good time is at hand when the store is waiting. */
const judgements = new WeakMap<ScheduleInput, ScheduleJudgement>();

/** Takes some tens of milliseconds at worst; the second time nothing. */
export function judgeSchedule(input: ScheduleInput): ScheduleJudgement {
  const known = judgements.get(input);
  if (known !== undefined) return known;
  const rule = completeSchedule(input);
  const judgement = { rule, issues: scheduleIssues(rule) };
  judgements.set(input, judgement);
  return judgement;
}

import { type FieldChange } from '../../audit/audit.kinds';
import { bareRule } from '../../schedules/same-schedule.rules';
import { type ScheduleRule } from '../../schedules/schedule.kinds';
import { type MessageState } from '../message.kinds';
import { changedFields } from './state.rules';

/**
 * What differs between two states of a message, as the audit record tells it: in the words and the order of the schema.
 * @param after what it leaves out is as it was before.
 */
export function recordedChanges(before: MessageState, after: Partial<MessageState>): readonly FieldChange[] {
  return changedFields(before, after).flatMap(field =>
    field === 'schedule'
      ? scheduleChanges(before.schedule, after.schedule ?? null)
      : [{ field, from: before[field], to: after[field] }],
  );
}

function scheduleChanges(before: ScheduleRule | null, after: ScheduleRule | null): readonly FieldChange[] {
  const [from, to] = [before, after].map(rule => rule && bareRule(rule));
  const schedule = { field: 'schedule', from, to };
  const repeats = { field: 'repeats', from: before !== null, to: after !== null };
  return repeats.from === repeats.to ? [schedule] : [repeats, schedule];
}

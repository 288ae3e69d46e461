import { isDeepStrictEqual } from 'node:util';
import { type ScheduleRule } from './schedule.kinds';

/** Whether two rules say the same in every field, whatever else the objects that carry them may hold. */
export function sameSchedule(a: ScheduleRule | null, b: ScheduleRule | null): boolean {
  if (a === null || b === null) return a === b;
  return RULE_FIELDS.every(field => isDeepStrictEqual(a[field], b[field]));
}

/** The rule alone, in the order of the schema, without whatever else the object that carries it may hold. */
export function bareRule(rule: ScheduleRule): ScheduleRule {
  const { start, timeZone, frequency, interval, endType, count, until } = rule;
  const { byDay, byMonth, byMonthDay, bySetPosition } = rule;
  return {
    start,
    timeZone,
    frequency,
    interval,
    endType,
    count,
    until,
    byDay,
    byMonth,
    byMonthDay,
    bySetPosition,
  };
}

const RULE_FIELDS = Object.keys({
  start: true,
  timeZone: true,
  frequency: true,
  interval: true,
  endType: true,
  count: true,
  until: true,
  byDay: true,
  byMonth: true,
  byMonthDay: true,
  bySetPosition: true,
} satisfies Record<keyof ScheduleRule, true>) as (keyof ScheduleRule)[];

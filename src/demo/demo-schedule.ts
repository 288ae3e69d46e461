import type { ScheduleEndType, ScheduleFrequency, ScheduleRule, Weekday } from '../schedules/schedule.kinds';
import { instantOf, localTime } from '../schedules/schedule.zone';

/** A recurrence as the stories write it: days count from today, the time is on the wall clock of the zone. */
export interface DemoRule {
  readonly frequency: ScheduleFrequency;
  readonly time: `${number}:${number}`;
  readonly timeZone: string;
  readonly fromDay: number;
  readonly interval?: number;
  /** At most one of `count` and `untilDay`; neither means for ever. */
  readonly count?: number;
  readonly untilDay?: number;
  readonly byDay?: readonly Weekday[];
  readonly byMonth?: readonly number[];
  readonly byMonthDay?: readonly number[];
  readonly bySetPosition?: number;
}

/** A rule in the import's form: instants are ISO strings. */
export type DemoSchedule = Omit<ScheduleRule, 'start' | 'until'> & {
  readonly start: string;
  readonly until: string | null;
};

export function demoSchedule(rule: DemoRule, now: Date): DemoSchedule {
  return {
    start: onDay(rule.fromDay, rule, now),
    timeZone: rule.timeZone,
    frequency: rule.frequency,
    interval: rule.interval ?? 1,
    endType: endTypeOf(rule),
    count: rule.count ?? null,
    until: rule.untilDay === undefined ? null : onDay(rule.untilDay, rule, now),
    byDay: rule.byDay ?? [],
    byMonth: rule.byMonth ?? [],
    byMonthDay: rule.byMonthDay ?? [],
    bySetPosition: rule.bySetPosition ?? null,
  };
}

function onDay(days: number, { time, timeZone }: DemoRule, now: Date): string {
  const today = Math.floor(localTime(now.getTime(), timeZone) / DAY_MS);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const local = (today + days) * DAY_MS + (hour * 60 + minute) * 60_000;
  // A time that clocks skip on that very day is told an hour later, as people would.
  return new Date(instantOf(local, timeZone) ?? instantOf(local + HOUR_MS, timeZone) ?? local).toISOString();
}

function endTypeOf(rule: DemoRule): ScheduleEndType {
  if (rule.count !== undefined) return 'AFTER';
  return rule.untilDay === undefined ? 'NEVER' : 'ON';
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

import { Temporal } from 'temporal-polyfill';
import { WEEKDAYS, type ScheduleRule } from '../../src/schedules/schedule.kinds';

const DAY_MS = 86_400_000;

/** A day as its midnight in UTC, whatever the zone of the rule: only its date is looked at. */
type Day = Date;

/** The occurrences of a rule up to an instant, found without any cleverness: by looking at each single day. */
export function walkDays(rule: ScheduleRule, end: Date): Date[] {
  const start = Temporal.Instant.fromEpochMilliseconds(rule.start.getTime()).toZonedDateTimeISO(
    rule.timeZone,
  );
  const startDay = new Date(Date.UTC(start.year, start.month - 1, start.day));
  const found: Date[] = [];
  let set: Day[] = [];
  // Whole years, and some days before, so that the set of every period is whole.
  const lastDay = Date.UTC(end.getUTCFullYear() + 1, 11, 31);
  for (let midnight = Date.UTC(start.year - 1, 11, 1); midnight <= lastDay; midnight += DAY_MS) {
    const day = new Date(midnight);
    if (matches(rule, startDay, day)) set.push(day);
    const period = periodsFromStart(rule, startDay, day);
    if (periodsFromStart(rule, startDay, new Date(midnight + DAY_MS)) === period) continue;
    if (period >= 0 && period % rule.interval === 0)
      found.push(...realInstants(start, positioned(rule, set)));
    set = [];
  }
  return found
    .filter(instant => instant >= rule.start && (rule.until === null || instant <= rule.until))
    .slice(0, rule.count ?? undefined)
    .filter(instant => instant <= end);
}

function periodsFromStart(rule: ScheduleRule, startDay: Day, day: Day): number {
  const years = day.getUTCFullYear() - startDay.getUTCFullYear();
  switch (rule.frequency) {
    case 'DAILY':
      return (day.getTime() - startDay.getTime()) / DAY_MS;
    case 'WEEKLY':
      return Math.floor(((day.getTime() - startDay.getTime()) / DAY_MS + weekday(startDay)) / 7);
    case 'MONTHLY':
      return years * 12 + day.getUTCMonth() - startDay.getUTCMonth();
    case 'YEARLY':
      return years;
  }
}

function matches(rule: ScheduleRule, startDay: Day, day: Day): boolean {
  const { frequency, byDay, byMonth, byMonthDay } = rule;
  const sameMonthDay = day.getUTCDate() === startDay.getUTCDate();
  if (byMonth.length > 0 && !byMonth.includes(day.getUTCMonth() + 1)) return false;
  if (byDay.length > 0 && !byDay.some(name => WEEKDAYS[weekday(day)] === name)) return false;
  if (byMonthDay.length > 0)
    return [day.getUTCDate(), dayFromEnd(day)].some(number => byMonthDay.includes(number));
  if (byDay.length > 0 || frequency === 'DAILY') return true;
  if (frequency === 'WEEKLY') return weekday(day) === weekday(startDay);
  const anyMonth = frequency === 'MONTHLY' || byMonth.length > 0;
  return sameMonthDay && (anyMonth || day.getUTCMonth() === startDay.getUTCMonth());
}

/** 0 for Monday. */
function weekday(day: Day): number {
  return (day.getUTCDay() + 6) % 7;
}

/** -1 for the last day of a month. */
function dayFromEnd(day: Day): number {
  const endOfMonth = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0));
  return day.getUTCDate() - endOfMonth.getUTCDate() - 1;
}

function positioned({ bySetPosition }: ScheduleRule, set: readonly Day[]): readonly Day[] {
  if (bySetPosition === null) return set;
  return set.filter((_, index) => index + 1 === bySetPosition || index - set.length === bySetPosition);
}

/** The start's time of day on each of these days, where clocks in its zone show it. */
function realInstants(start: Temporal.ZonedDateTime, days: readonly Day[]): Date[] {
  return days
    .map(day => Temporal.PlainDate.from(day.toISOString().slice(0, 10)).toPlainDateTime(start.toPlainTime()))
    .map(local => ({ local, zoned: local.toZonedDateTime(start.timeZoneId, { disambiguation: 'earlier' }) }))
    .filter(({ local, zoned }) => zoned.toPlainDateTime().equals(local))
    .map(({ zoned }) => new Date(zoned.epochMilliseconds));
}

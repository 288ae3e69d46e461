import {
  calendarDate,
  firstDayOf,
  monthLength,
  spanOf,
  SPANS_IN_CALENDAR_CYCLE,
  weekdayOf,
  type Span,
} from './schedule.calendar';
import { WEEKDAYS, type ScheduleFrequency, type ScheduleRule } from './schedule.kinds';

/**
 * Which days a rule names, as a matter of the calendar alone: no clock, no zone, no end. RFC 5545 tells lists that
 * expand a period from lists that limit it; for a rule that occurs at most once a day both come to the same: a day
 * is in if every list admits it, and an absent list that the frequency needs is read off the start.
 */
export interface DayRule {
  /** What a search walks by. A DAILY rule is walked by months, as its lists speak of months. */
  readonly span: Span;
  /** Spans from one period of the rule to the next. */
  readonly step: number;
  /** After so many spans the rule names the same weekdays, months and month days again. */
  readonly cycle: number;
  readonly firstPeriod: number;
  readonly startDay: number;
  /** Days from one to the next, counted from the start; 1 where the frequency is not DAILY. */
  readonly dayInterval: number;
  /** Indexed by month, 1 to 12. */
  readonly months: readonly boolean[];
  /** Indexed by weekday, 0 (Monday) to 6. */
  readonly weekdays: readonly boolean[];
  /** Indexed by the length of the month, 28 to 31, less 28; then by the day in it, 1 to 31. */
  readonly monthDays: readonly (readonly boolean[])[];
  readonly position: number | null;
}

/** @param startDay The day of the start on clocks in the rule's zone. */
export function dayRuleOf(rule: ScheduleRule, startDay: number): DayRule {
  const { frequency, interval, bySetPosition } = rule;
  const daily = frequency === 'DAILY';
  const span = SPAN_WALKED[frequency];
  const lists = impliedLists(rule, startDay);
  return {
    span,
    step: daily ? 1 : interval,
    cycle: SPANS_IN_CALENDAR_CYCLE[span] * interval,
    firstPeriod: spanOf(span, startDay),
    startDay,
    dayInterval: daily ? interval : 1,
    months: admitted(12, month => lists.months.length === 0 || lists.months.includes(month)),
    weekdays: admitted(6, weekday => lists.weekdays.length === 0 || lists.weekdays.includes(weekday)),
    monthDays: MONTH_LENGTHS.map(length => admittedMonthDays(lists.monthDays, length)),
    // The set that a DAILY rule picks from is one day, its first and its last: 1 and -1 change nothing.
    position: daily ? null : bySetPosition,
  };
}

/** The rule's period that a day lies in, else its next one. */
export function periodOn(rule: DayRule, day: number): number {
  const steps = Math.ceil((spanOf(rule.span, day) - rule.firstPeriod) / rule.step);
  return rule.firstPeriod + Math.max(steps, 0) * rule.step;
}

/** The days that the rule names within one of its periods, ascending; in the first one also days before the start. */
export function daysOf(rule: DayRule, period: number): number[] {
  const days = admittedDays(rule, period);
  const { position } = rule;
  if (position === null) return days;
  const picked = days.at(position > 0 ? position - 1 : position);
  return picked === undefined ? [] : [picked];
}

interface Lists {
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
  readonly monthDays: readonly number[];
}

/** "Information, not contained in the rule, … is derived from DTSTART" (RFC 5545, 3.3.10). */
function impliedLists(rule: ScheduleRule, startDay: number): Lists {
  const { byDay, byMonth, byMonthDay } = rule;
  const given = {
    months: byMonth,
    weekdays: byDay.map(name => WEEKDAYS.indexOf(name)),
    monthDays: byMonthDay,
  };
  if (byDay.length > 0 || byMonthDay.length > 0) return given;
  const { month, day } = calendarDate(startDay);
  switch (rule.frequency) {
    case 'DAILY':
      return given;
    case 'WEEKLY':
      return { ...given, weekdays: [weekdayOf(startDay)] };
    case 'MONTHLY':
      return { ...given, monthDays: [day] };
    case 'YEARLY':
      return { ...given, months: byMonth.length > 0 ? byMonth : [month], monthDays: [day] };
  }
}

/** Cuts the period into pieces of months, within which a day's number in the month just counts up. */
function admittedDays(rule: DayRule, period: number): number[] {
  const days: number[] = [];
  const end = firstDayOf(rule.span, period + 1);
  let pieceEnd: number;
  for (let piece = firstDayOf(rule.span, period); piece < end; piece = pieceEnd) {
    const { year, month, day: firstDay } = calendarDate(piece);
    const length = monthLength(year, month);
    const beforeMonth = piece - firstDay;
    pieceEnd = Math.min(end, beforeMonth + length + 1);
    const monthDays = rule.monthDays[length - SHORTEST_MONTH];
    if (rule.months[month] !== true || monthDays === undefined) continue;
    const first = onInterval(rule, piece);
    let weekday = weekdayOf(first);
    for (let day = first; day < pieceEnd; day += rule.dayInterval) {
      if (monthDays[day - beforeMonth] === true && rule.weekdays[weekday] === true) days.push(day);
      weekday = (weekday + rule.dayInterval) % 7;
    }
  }
  return days;
}

/** The first day, from this one on, that lies whole intervals from the start. */
function onInterval({ startDay, dayInterval }: DayRule, day: number): number {
  return dayInterval === 1 ? day : startDay + Math.ceil((day - startDay) / dayInterval) * dayInterval;
}

function admittedMonthDays(monthDays: readonly number[], length: number): boolean[] {
  const fromFirst = monthDays.map(day => (day > 0 ? day : length + 1 + day));
  return admitted(31, day => monthDays.length === 0 || fromFirst.includes(day));
}

function admitted(last: number, admits: (number: number) => boolean): boolean[] {
  return Array.from({ length: last + 1 }, (_, number) => admits(number));
}

const MONTH_LENGTHS = [28, 29, 30, 31] as const;
const SHORTEST_MONTH = MONTH_LENGTHS[0];

const SPAN_WALKED: Readonly<Record<ScheduleFrequency, Span>> = {
  DAILY: 'month',
  WEEKLY: 'week',
  MONTHLY: 'month',
  YEARLY: 'year',
};

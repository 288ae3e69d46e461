/**
 * The Gregorian calendar in whole numbers: a day is the count of days since 1970-01-01, with no clock time and no
 * zone. Written out rather than asked of `Date`, which reads the years 1 to 99 as 1901 to 1999, and because a
 * search may look at a hundred thousand months within one answer.
 */

const { floor } = Math;

export interface CalendarDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** The units that a search walks by. Weeks begin on Monday, RFC 5545's default for WKST. */
export type Span = 'week' | 'month' | 'year';

/** How many spans pass until the calendar repeats itself, weekdays included: 400 years, or 146,097 days. */
export const SPANS_IN_CALENDAR_CYCLE: Readonly<Record<Span, number>> = {
  week: 20_871,
  month: 4_800,
  year: 400,
};

/** Spans are numbered without a hole, so that "every third month" is a step of 3. */
export function spanOf(span: Span, day: number): number {
  if (span === 'week') return floor((day - FIRST_MONDAY) / 7);
  const { year, month } = calendarDate(day);
  return span === 'year' ? year : year * 12 + month - 1;
}

export function firstDayOf(span: Span, number: number): number {
  switch (span) {
    case 'week':
      return number * 7 + FIRST_MONDAY;
    case 'month':
      return dayNumber(floor(number / 12), (number % 12) + 1, 1);
    case 'year':
      return dayNumber(number, 1, 1);
  }
}

/** 0 for Monday to 6 for Sunday, as in `WEEKDAYS`; of a day from the year 1 on. */
export function weekdayOf(day: number): number {
  return (day - FIRST_MONDAY) % 7;
}

export function monthLength(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** After Howard Hinnant's `days_from_civil`: with March as the first month, the leap day is the last of its year. */
function dayNumber(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + floor(yearOfEra / 4) - floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_ERA + dayOfEra - DAYS_FROM_ERA_ZERO_TO_EPOCH;
}

/** The inverse of `dayNumber`, after Hinnant's `civil_from_days`. */
export function calendarDate(dayNumber: number): CalendarDate {
  const sinceEraZero = dayNumber + DAYS_FROM_ERA_ZERO_TO_EPOCH;
  const era = floor(sinceEraZero / DAYS_IN_ERA);
  const dayOfEra = sinceEraZero - era * DAYS_IN_ERA;
  const leapDays = floor(dayOfEra / 1_460) - floor(dayOfEra / 36_524) + floor(dayOfEra / 146_096);
  const yearOfEra = floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + floor(yearOfEra / 4) - floor(yearOfEra / 100));
  const marchMonth = floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

const DAYS_IN_ERA = 146_097;
/** Era 0 begins on 0000-03-01. */
const DAYS_FROM_ERA_ZERO_TO_EPOCH = 719_468;
/** The first day of the year 1 was a Monday. */
const FIRST_MONDAY = -719_162;

import { type Issue } from '../platform/errors';
import {
  WEEKDAYS,
  type ScheduleEndType,
  type ScheduleFrequency,
  type ScheduleRule,
  type Weekday,
} from './schedule.kinds';
import { nextOccurrence } from './schedule.recurrence';
import { instantOf, isTimeZone, localTime } from './schedule.zone';

/** Every 1,000th day, week, month or year is far beyond use, and near enough to be found at once. */
export const MAX_INTERVAL = 1_000;

/**
 * Almost three years of days; who wants more sets `until`. Where such a rule ends is only known by looking at each
 * occurrence, which takes a millisecond or two for this many, and a page may show 500 of them.
 */
export const MAX_COUNT = 1_000;

/** A rule as a caller gives it: null says the same as leaving a field out. */
export interface ScheduleInput {
  readonly start: Date;
  readonly timeZone?: string | null | undefined;
  readonly frequency: ScheduleFrequency;
  readonly interval?: number | null | undefined;
  readonly endType?: ScheduleEndType | null | undefined;
  readonly count?: number | null | undefined;
  readonly until?: Date | null | undefined;
  readonly byDay?: readonly Weekday[] | null | undefined;
  readonly byMonth?: readonly number[] | null | undefined;
  readonly byMonthDay?: readonly number[] | null | undefined;
  readonly bySetPosition?: number | null | undefined;
}

/**
 * Fills in the defaults. Two inputs that mean the same become equal rules: lists lose repetitions and are sorted
 * (Monday first, numbers ascending), and `start` and `until` are cut to the whole second, the resolution of RFC 5545,
 * so that a client may send the present moment. A list with a wrong item stays as given, for an issue to point at.
 */
export function completeSchedule(input: ScheduleInput): ScheduleRule {
  return {
    start: wholeSecond(input.start),
    timeZone: input.timeZone ?? 'UTC',
    frequency: input.frequency,
    interval: input.interval ?? 1,
    endType: input.endType ?? 'NEVER',
    count: input.count ?? null,
    until: input.until instanceof Date ? wholeSecond(input.until) : null,
    byDay: canonical(input.byDay, isWeekday, weekdayOrder),
    byMonth: canonical(input.byMonth, isMonth, ascending),
    byMonthDay: canonical(input.byMonthDay, isMonthDay, ascending),
    bySetPosition: input.bySetPosition ?? null,
  };
}

/**
 * Every problem of a rule at once, at the names of its fields; none where the rule is sound and occurs at least once.
 * One that never occurs is refused, as nobody means it: at the field that rules out the rest, or at none (an empty
 * path) where several do so together. Takes some tens of milliseconds at worst.
 */
export function scheduleIssues(rule: ScheduleRule): Issue[] {
  const issues = [
    ...startIssues(rule),
    ...issueUnless(
      isWithin(rule.interval, 1, MAX_INTERVAL),
      'interval',
      `must be a whole number from 1 to ${MAX_INTERVAL}`,
    ),
    ...endIssues(rule),
    ...listIssues('byDay', rule.byDay, isWeekday, WEEKDAYS.length, `must be one of ${WEEKDAYS.join(', ')}`),
    ...listIssues('byMonth', rule.byMonth, isMonth, 12, 'must be a whole number from 1 to 12'),
    ...listIssues(
      'byMonthDay',
      rule.byMonthDay,
      isMonthDay,
      62,
      'must be a whole number from 1 to 31 or from -31 to -1',
    ),
    ...issueUnless(
      rule.frequency !== 'WEEKLY' || rule.byMonthDay.length === 0,
      'byMonthDay',
      'cannot be given with the frequency WEEKLY (RFC 5545)',
    ),
    ...setPositionIssues(rule),
  ];
  return issues.length > 0 ? issues : barrenIssues(rule);
}

function startIssues({ start, timeZone }: ScheduleRule): Issue[] {
  const yearIssues = issueUnless(
    hasFourDigitYear(start.getTime()),
    'start',
    'must lie in the years 0001 to 9999',
  );
  if (!isTimeZone(timeZone)) {
    return [...yearIssues, { path: ['timeZone'], message: TIME_ZONE_EXPECTED }];
  }
  if (yearIssues.length > 0) return yearIssues;
  const local = localTime(start.getTime(), timeZone);
  if (!hasFourDigitYear(local))
    return [{ path: ['start'], message: 'must lie in the years 0001 to 9999, in timeZone too' }];
  return issueUnless(
    instantOf(local, timeZone) === start.getTime(),
    'start',
    'must not lie in the second pass of an hour that clocks in timeZone show twice: a rule can only name the first',
  );
}

/** What goes with each way to end. */
const END_FIELDS: Readonly<Record<ScheduleEndType, 'count' | 'until' | null>> = {
  NEVER: null,
  ON: 'until',
  AFTER: 'count',
};

function endIssues(rule: ScheduleRule): Issue[] {
  const { endType, count, until, start } = rule;
  const wanted = END_FIELDS[endType];
  const agreement = (['count', 'until'] as const).flatMap(field => {
    const given = rule[field] !== null;
    if (field === wanted) return issueUnless(given, field, `must be given with the endType ${endType}`);
    return issueUnless(!given, field, `cannot be given with the endType ${endType}`);
  });
  return [
    ...agreement,
    ...issueUnless(
      count === null || isWithin(count, 1, MAX_COUNT),
      'count',
      `must be a whole number from 1 to ${MAX_COUNT}; for more, end with until`,
    ),
    ...issueUnless(
      until === null || hasFourDigitYear(until.getTime()),
      'until',
      'must lie in the years 0001 to 9999',
    ),
    ...issueUnless(until === null || !(until < start), 'until', 'must not lie before start'),
  ];
}

/** How many days a period can hold at most, and so how far a position in it can reach. */
const MAX_SET_POSITION: Readonly<Record<ScheduleFrequency, number>> = {
  DAILY: 1,
  WEEKLY: 7,
  MONTHLY: 31,
  YEARLY: 366,
};

function setPositionIssues({ bySetPosition, frequency, byDay, byMonth, byMonthDay }: ScheduleRule): Issue[] {
  if (bySetPosition === null) return [];
  const max = MAX_SET_POSITION[frequency];
  return [
    ...issueUnless(
      isWithin(Math.abs(bySetPosition), 1, max),
      'bySetPosition',
      max === 1
        ? `must be 1 or -1 with the frequency ${frequency}`
        : `must be a whole number from 1 to ${max} or from -${max} to -1 with the frequency ${frequency}`,
    ),
    ...issueUnless(
      byDay.length + byMonth.length + byMonthDay.length > 0,
      'bySetPosition',
      'cannot be given without byDay, byMonth or byMonthDay, from which it picks (RFC 5545)',
    ),
  ];
}

/** Of a rule that is sound in itself: whether it ever occurs, and if not, which field stands in the way. */
function barrenIssues(rule: ScheduleRule): Issue[] {
  if (occurs(rule)) return [];
  // UTC shows every time of day, so this rule asks about the days alone.
  const start = new Date(localTime(rule.start.getTime(), rule.timeZone));
  const days: ScheduleRule = { ...rule, start, timeZone: 'UTC', endType: 'NEVER', count: null, until: null };
  if (!occurs(days)) {
    const culprit = BY_FIELDS.find(
      field => isGiven(rule[field]) && occurs({ ...days, [field]: NOT_GIVEN[field] }),
    );
    const path = culprit === undefined ? [] : [culprit];
    return [{ path, message: 'leaves no day that meets all conditions: the schedule would never occur' }];
  }
  if (rule.until !== null && occurs({ ...rule, endType: 'NEVER', until: null })) {
    return [
      {
        path: ['until'],
        message: 'must not lie before the first occurrence: the schedule would never occur',
      },
    ];
  }
  return [
    {
      path: ['start'],
      message: 'must not be at a time of day that clocks skip on every day of the schedule',
    },
  ];
}

const NOT_GIVEN = { bySetPosition: null, byMonthDay: [], byDay: [], byMonth: [] } as const;
const BY_FIELDS = ['bySetPosition', 'byMonthDay', 'byDay', 'byMonth'] as const;

function isGiven(value: ScheduleRule[(typeof BY_FIELDS)[number]]): boolean {
  return typeof value === 'number' || (value !== null && value.length > 0);
}

function occurs(rule: ScheduleRule): boolean {
  return nextOccurrence(rule, rule.start) !== null;
}

/** A list with more items than there are different ones gets one issue, so that no input buys endless answers. */
function listIssues<Item>(
  field: string,
  items: readonly Item[],
  isValid: (item: Item) => boolean,
  maxItems: number,
  expected: string,
): Issue[] {
  if (items.every(isValid)) return [];
  if (items.length > maxItems)
    return [{ path: [field], message: `has a value that is wrong: each ${expected}` }];
  return items.flatMap((item, index) =>
    isValid(item) ? [] : [{ path: [field, String(index)], message: expected }],
  );
}

function issueUnless(condition: boolean, field: keyof ScheduleRule, message: string): Issue[] {
  return condition ? [] : [{ path: [field], message }];
}

function canonical<Item>(
  items: readonly Item[] | null | undefined,
  isValid: (item: Item) => boolean,
  order: (a: Item, b: Item) => number,
): readonly Item[] {
  if (items === null || items === undefined) return [];
  return items.every(isValid) ? [...new Set(items)].sort(order) : items;
}

const ascending = (a: number, b: number): number => a - b;
const weekdayOrder = (a: Weekday, b: Weekday): number => WEEKDAYS.indexOf(a) - WEEKDAYS.indexOf(b);

const isWeekday = (day: Weekday): boolean => WEEKDAYS.includes(day);
const isMonth = (month: number): boolean => isWithin(month, 1, 12);
const isMonthDay = (day: number): boolean => isWithin(Math.abs(day), 1, 31);

function isWithin(number: number, lowest: number, highest: number): boolean {
  return Number.isInteger(number) && number >= lowest && number <= highest;
}

/** What RFC 5545 and ISO 8601 can write. False for an invalid date. */
function hasFourDigitYear(instant: number): boolean {
  return isWithin(new Date(instant).getUTCFullYear(), 1, 9999);
}

function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1_000) * 1_000);
}

const TIME_ZONE_EXPECTED =
  'must be UTC or a name of the IANA time zone database, spelled as there, for example Europe/Berlin';

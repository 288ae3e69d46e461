import { spanOf } from './schedule.calendar';
import { dayRuleOf, daysOf, periodOn, type DayRule } from './schedule.days';
import { type ScheduleRule } from './schedule.kinds';
import { instantOf, localTime } from './schedule.zone';

/**
 * When a rule occurs, by RFC 5545. All its occurrences show the start's time of day on clocks in its zone; which
 * days they fall on is a matter of the calendar alone. So a search
 *
 * 1. walks the periods of the rule (weeks, months or years, every `interval`-th), beginning at the one asked about
 *    and not at the start, so that an old rule costs no more than a new one;
 * 2. lists the days of each that the BY lists admit, and picks one of them where `bySetPosition` asks for it;
 * 3. asks the zone for the instant, and skips the day where its clocks never show that time.
 *
 * Positions (2) are counted before anything is skipped (3): the second Sunday stays the second. `count` counts what
 * is left after (3), as RFC 5545 wants: a skipped occurrence does not use it up. Nothing occurs after the year 9999.
 *
 * Rules are taken to have passed `scheduleIssues`. No answer looks further than the year 9999, so each takes a few
 * tens of milliseconds at worst, also for rules that occur once in a thousand years or never.
 */

/** The first `first` (1 to 500) occurrences at or after `from`, ascending; fewer where the rule ends before. */
export function occurrences(rule: ScheduleRule, from: Date, first: number): Date[] {
  const plan = planOf(rule);
  const found: Date[] = [];
  // Which occurrence is number `count` is only known by walking from the start.
  let left = rule.count ?? Infinity;
  for (const instant of ascending(plan, rule.count === null ? from.getTime() : plan.earliest)) {
    if (left === 0) break;
    left -= 1;
    if (instant < from.getTime()) continue;
    found.push(new Date(instant));
    if (found.length === first) break;
  }
  return found;
}

/** The first occurrence at or after `from`, or null where none is left. */
export function nextOccurrence(rule: ScheduleRule, from: Date): Date | null {
  return occurrences(rule, from, 1)[0] ?? null;
}

/** The last occurrence of all, or null where the rule is endless (or never occurs, which `scheduleIssues` refuses). */
export function lastOccurrence(rule: ScheduleRule): Date | null {
  switch (rule.endType) {
    case 'NEVER':
      return null;
    case 'AFTER':
      return occurrences(rule, rule.start, Infinity).at(-1) ?? null;
    case 'ON':
      return lastWithin(planOf(rule));
  }
}

interface Plan {
  readonly days: DayRule;
  readonly timeZone: string;
  /** Milliseconds from midnight, on clocks in the zone. */
  readonly timeOfDay: number;
  /** Nothing occurs before the first or after the second of these instants. */
  readonly earliest: number;
  readonly latest: number;
}

function planOf(rule: ScheduleRule): Plan {
  const start = rule.start.getTime();
  const local = localTime(start, rule.timeZone);
  const startDay = dayOf(local);
  return {
    days: dayRuleOf(rule, startDay),
    timeZone: rule.timeZone,
    timeOfDay: local - startDay * DAY_MS,
    earliest: start,
    latest: Math.min(rule.until?.getTime() ?? Infinity, END_OF_CALENDAR),
  };
}

/**
 * Every occurrence at or after an instant. Gives up when nothing occurred for a whole cycle of the calendar, as the
 * same would only come again: at once if the rule named no day at all, after 2100 if clocks skipped every day that
 * it named, because until then clock changes differ from year to year.
 */
function* ascending(plan: Plan, from: number): Generator<number> {
  const { days } = plan;
  const earliest = Math.max(from, plan.earliest);
  if (earliest > plan.latest) return;
  // One day early and one day late: clocks that go back at midnight return to the day before.
  const first = periodOn(days, localDay(plan, earliest) - 1);
  const last = spanOf(days.span, localDay(plan, plan.latest) + 1);
  const settled = periodOn(days, CLOCK_CHANGES_SETTLED);
  let barren = 0;
  for (let period = first; period <= last && barren <= days.cycle; period += days.step) {
    barren += days.step;
    for (const day of daysOf(days, period)) {
      if (period <= settled) barren = 0;
      const instant = occurrenceOn(plan, day);
      if (instant === null || instant < earliest) continue;
      barren = 0;
      yield instant;
    }
  }
}

/** The same backwards: what did not occur for a whole cycle can only have occurred before 2100. */
function lastWithin(plan: Plan): Date | null {
  const { days } = plan;
  const last = periodOn(days, localDay(plan, plan.latest) + 1);
  const settled = periodOn(days, CLOCK_CHANGES_SETTLED);
  const barrenTo = last - days.cycle;
  let period = last;
  while (period >= days.firstPeriod) {
    for (const day of daysOf(days, period).reverse()) {
      const instant = occurrenceOn(plan, day);
      if (instant !== null) return new Date(instant);
    }
    period = period < barrenTo && period > settled ? settled : period - days.step;
  }
  return null;
}

function occurrenceOn(plan: Plan, day: number): number | null {
  const instant = instantOf(day * DAY_MS + plan.timeOfDay, plan.timeZone);
  return instant === null || instant < plan.earliest || instant > plan.latest ? null : instant;
}

function localDay(plan: Plan, instant: number): number {
  return dayOf(localTime(instant, plan.timeZone));
}

function dayOf(local: number): number {
  return Math.floor(local / DAY_MS);
}

const DAY_MS = 86_400_000;

/** The last instant that ISO 8601 and RFC 5545 can write with four digits for the year. */
const END_OF_CALENDAR = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** From here on zones follow yearly rules; before, the database lists single changes (Morocco's up to 2087). */
const CLOCK_CHANGES_SETTLED = dayOf(Date.UTC(2100, 0, 1));

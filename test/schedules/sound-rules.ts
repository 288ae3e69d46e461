import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { SCHEDULE_FREQUENCIES, WEEKDAYS, type ScheduleRule } from '../../src/schedules/schedule.kinds';
import { completeSchedule, scheduleIssues } from '../../src/schedules/schedule.rules';

/** Any rule that is accepted, in zones that change their clocks in every way known, mostly in the hours of change. */
export function soundRule(): fc.Arbitrary<ScheduleRule> {
  return fc
    .record({
      local: localStart(),
      timeZone: fc.constantFrom(...ZONES),
      frequency: fc.constantFrom(...SCHEDULE_FREQUENCIES),
      interval: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 40 })),
      byDay: sometimes(fc.subarray([...WEEKDAYS], { minLength: 1 })),
      byMonth: sometimes(fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 })),
      byMonthDay: sometimes(fc.uniqueArray(monthDay(), { minLength: 1, maxLength: 8 })),
      bySetPosition: sometimes(fc.constantFrom(1, 2, 3, 5, -1, -2, -4, 20, -30)),
      end: fc.oneof(
        fc.constant({}),
        fc.record({ endType: fc.constant('AFTER' as const), count: fc.integer({ min: 1, max: 40 }) }),
        fc.record({ endType: fc.constant('ON' as const), daysToUntil: fc.nat(1_500) }),
      ),
    })
    .map(({ local, end, frequency, byMonthDay, bySetPosition, ...rest }) => {
      const start = new Date(local.toZonedDateTime(rest.timeZone).epochMilliseconds);
      const limited = [rest.byDay, rest.byMonth, frequency === 'WEEKLY' ? undefined : byMonthDay].some(
        Array.isArray,
      );
      return completeSchedule({
        ...rest,
        ...('daysToUntil' in end
          ? { endType: 'ON', until: new Date(start.getTime() + end.daysToUntil * 86_400_000) }
          : end),
        start,
        frequency,
        byMonthDay: frequency === 'WEEKLY' ? undefined : byMonthDay,
        bySetPosition: limited ? bySetPosition : undefined,
      });
    })
    .filter(rule => scheduleIssues(rule).length === 0);
}

export const ZONES = [
  ...['UTC', 'America/New_York', 'Europe/Berlin', 'America/Santiago', 'Australia/Lord_Howe'],
  ...['Africa/Casablanca', 'Asia/Kolkata', 'Pacific/Apia'],
] as const;

function localStart(): fc.Arbitrary<Temporal.PlainDateTime> {
  return fc
    .record({
      year: fc.integer({ min: 1995, max: 2045 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 31 }),
      hour: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 23 })),
      minute: fc.constantFrom(0, 15, 30, 45),
    })
    .map(fields => Temporal.PlainDateTime.from(fields));
}

function monthDay(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: -31, max: -1 }));
}

function sometimes<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

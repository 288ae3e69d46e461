import { describe, expect, test } from '@jest/globals';
import {
  completeSchedule,
  MAX_COUNT,
  MAX_INTERVAL,
  scheduleIssues,
} from '../../src/schedules/schedule.rules';
import { type ScheduleInput } from '../../src/schedules/schedule.rules';

const start = new Date('2024-01-01T09:00:00Z');
const daily: ScheduleInput = { start, frequency: 'DAILY' };

describe('Completing a schedule', () => {
  test('fills in what was left out', () => {
    expect(completeSchedule(daily)).toEqual({
      start,
      timeZone: 'UTC',
      frequency: 'DAILY',
      interval: 1,
      endType: 'NEVER',
      count: null,
      until: null,
      byDay: [],
      byMonth: [],
      byMonthDay: [],
      bySetPosition: null,
    });
  });

  test('reads null as left out', () => {
    const nothing = { timeZone: null, interval: null, endType: null, count: null, until: null };
    const noLists = { byDay: null, byMonth: null, byMonthDay: null, bySetPosition: null };
    expect(completeSchedule({ ...daily, ...nothing, ...noLists })).toEqual(completeSchedule(daily));
  });

  test('sorts lists and folds repetitions, as neither changes what they mean', () => {
    const rule = completeSchedule({
      ...daily,
      byDay: ['SU', 'MO', 'SU'],
      byMonth: [12, 2, 12, 1],
      byMonthDay: [31, -1, 4, -31, 4],
    });
    expect(rule).toMatchObject({ byDay: ['MO', 'SU'], byMonth: [1, 2, 12], byMonthDay: [-31, -1, 4, 31] });
  });

  test('leaves a list with a wrong item as it is, so that the issue names the place that the caller knows', () => {
    const rule = completeSchedule({ ...daily, byMonth: [12, 13, 1, 1, 0] });
    expect(rule.byMonth).toEqual([12, 13, 1, 1, 0]);
    expect(issuePaths(rule)).toEqual(['byMonth.1', 'byMonth.4']);
  });

  test('cuts start and until to the whole second', () => {
    const rule = completeSchedule({
      ...daily,
      start: new Date('2024-01-01T09:00:00.999Z'),
      endType: 'ON',
      until: new Date('2024-01-02T09:00:00.001Z'),
    });
    expect(rule).toMatchObject({ start, until: new Date('2024-01-02T09:00:00Z') });
  });

  test('does not change what it was given', () => {
    const byDay = Object.freeze(['SU', 'MO'] as const);
    expect(completeSchedule({ ...daily, byDay }).byDay).toEqual(['MO', 'SU']);
    expect(byDay).toEqual(['SU', 'MO']);
  });
});

describe('A schedule is accepted', () => {
  test.each<[string, Partial<ScheduleInput>]>([
    ['with nothing but start and frequency', {}],
    ['with the largest interval', { interval: MAX_INTERVAL }],
    ['with the largest count', { endType: 'AFTER', count: MAX_COUNT }],
    ['with an until equal to its start', { endType: 'ON', until: start }],
    ['with every month and month day', { byMonth: [1, 12], byMonthDay: [-31, -1, 1, 31] }],
    ['in a zone with an alias for its name', { timeZone: 'Asia/Kolkata' }],
    ['in a zone with three parts to its name', { timeZone: 'America/North_Dakota/New_Salem' }],
    ['in a zone of three letters that IANA knows', { timeZone: 'CET' }],
    ['in a zone with dashes', { timeZone: 'America/Port-au-Prince' }],
    ['in the zones of a fixed offset that IANA knows', { timeZone: 'Etc/GMT+5' }],
    [
      'if it first occurs in 376 years',
      { frequency: 'YEARLY', interval: 400, byMonth: [2], byMonthDay: [29] },
    ],
    ['if only some of its months have the day', { byMonth: [2, 3], byMonthDay: [30] }],
    ['in the first year', { start: new Date('0001-01-01T00:00:00Z') }],
    ['at the end of the last year', { start: new Date('9999-12-31T23:59:59Z') }],
  ])('%s', (_, input) => {
    expect(scheduleIssues(completeSchedule({ ...daily, ...input }))).toEqual([]);
  });
});

describe('A schedule is refused', () => {
  test.each<[string, Partial<ScheduleInput>, string[]]>([
    ['in an unknown zone', { timeZone: 'Europe/Atlantis' }, ['timeZone']],
    ['in no zone', { timeZone: '' }, ['timeZone']],
    ['at an offset', { timeZone: '+02:00' }, ['timeZone']],
    ['at Z', { timeZone: 'Z' }, ['timeZone']],
    ['in a zone spelled in small letters', { timeZone: 'europe/berlin' }, ['timeZone']],
    ['in an alias spelled in small letters', { timeZone: 'asia/kolkata' }, ['timeZone']],
    ['in a zone spelled in capitals', { timeZone: 'EUROPE/BERLIN' }, ['timeZone']],
    ['in three letters that mean many zones', { timeZone: 'IST' }, ['timeZone']],
    ['in a zone after a blank', { timeZone: ' UTC' }, ['timeZone']],
    ['with a start that is no instant', { start: new Date(NaN) }, ['start']],
    ['with a start in the year 10000', { start: new Date('+010000-01-01T00:00:00Z') }, ['start']],
    ['with a start in the year 0', { start: new Date('0000-12-31T00:00:00Z') }, ['start']],
    [
      'with a start in the year 0 of its zone',
      { start: new Date('0001-01-01T00:00:00Z'), timeZone: 'America/New_York' },
      ['start'],
    ],
    [
      'with a start in the second pass of an hour',
      { start: new Date('2024-11-03T06:30:00Z'), timeZone: 'America/New_York' },
      ['start'],
    ],
    ['with interval 0', { interval: 0 }, ['interval']],
    ['with an interval beyond the limit', { interval: MAX_INTERVAL + 1 }, ['interval']],
    ['with half an interval', { interval: 1.5 }, ['interval']],
    ['with a count that no end type asks for', { count: 3 }, ['count']],
    ['with an until that no end type asks for', { until: start }, ['until']],
    ['with AFTER but no count', { endType: 'AFTER' }, ['count']],
    ['with AFTER and an until as well', { endType: 'AFTER', count: 3, until: start }, ['until']],
    ['with AFTER and an until instead', { endType: 'AFTER', until: start }, ['count', 'until']],
    ['with ON but no until', { endType: 'ON' }, ['until']],
    ['with ON and a count as well', { endType: 'ON', count: 3, until: start }, ['count']],
    ['with count 0', { endType: 'AFTER', count: 0 }, ['count']],
    ['with a count beyond the limit', { endType: 'AFTER', count: MAX_COUNT + 1 }, ['count']],
    ['with an until before its start', { endType: 'ON', until: new Date('2024-01-01T08:59:59Z') }, ['until']],
    [
      'with an until in the year 10000',
      { endType: 'ON', until: new Date('+010000-01-01T00:00:00Z') },
      ['until'],
    ],
    ['with an until that is no instant', { endType: 'ON', until: new Date(NaN) }, ['until']],
    ['with month 0', { byMonth: [0] }, ['byMonth.0']],
    ['with month 13, among others', { byMonth: [1, 13] }, ['byMonth.1']],
    ['with a negative month', { byMonth: [-1] }, ['byMonth.0']],
    ['with month day 0', { byMonthDay: [0] }, ['byMonthDay.0']],
    ['with month days beyond 31', { byMonthDay: [32, 1, -32] }, ['byMonthDay.0', 'byMonthDay.2']],
    ['with month days in a week', { frequency: 'WEEKLY', byMonthDay: [1] }, ['byMonthDay']],
    ['with set position 0', { byDay: ['MO'], bySetPosition: 0 }, ['bySetPosition']],
    ['with set position 2 in a day', { byDay: ['MO'], bySetPosition: 2 }, ['bySetPosition']],
    [
      'with set position 8 in a week',
      { frequency: 'WEEKLY', byDay: ['MO'], bySetPosition: 8 },
      ['bySetPosition'],
    ],
    [
      'with set position -32 in a month',
      { frequency: 'MONTHLY', byDay: ['MO'], bySetPosition: -32 },
      ['bySetPosition'],
    ],
    [
      'with set position 367 in a year',
      { frequency: 'YEARLY', byDay: ['MO'], bySetPosition: 367 },
      ['bySetPosition'],
    ],
    ['with a set position that has no set', { frequency: 'MONTHLY', bySetPosition: 1 }, ['bySetPosition']],
  ])('%s', (_, input, paths) => {
    expect(issuePaths({ ...daily, ...input })).toEqual(paths);
  });

  test('with every problem at once', () => {
    const paths = issuePaths({
      start,
      timeZone: 'Nowhere',
      frequency: 'WEEKLY',
      interval: -1,
      endType: 'AFTER',
      until: start,
      byMonth: [13],
      byMonthDay: [0],
      bySetPosition: 400,
    });
    expect(paths).toEqual(
      ['timeZone', 'interval', 'count', 'until', 'byMonth.0', 'byMonthDay.0', 'byMonthDay', 'bySetPosition'], //
    );
  });

  test('with one issue for a list, even if thousands of its items are wrong', () => {
    expect(
      issuePaths({ ...daily, byMonth: Array.from({ length: 5_000 }, (_, index) => index + 13) }),
    ).toEqual(['byMonth']);
  });

  test('without repeating what the caller sent', () => {
    const [issue] = scheduleIssues(completeSchedule({ ...daily, timeZone: '<script>' }));
    expect(issue?.message).not.toContain('script');
  });
});

describe('A schedule that never occurs is refused', () => {
  const FEBRUARY: Partial<ScheduleInput> = { byMonth: [2] };
  test.each<[string, Partial<ScheduleInput>, string[]]>([
    ['on 30 February', { ...FEBRUARY, byMonthDay: [30] }, ['byMonthDay']],
    ['on 30 February, by the year', { ...FEBRUARY, frequency: 'YEARLY', byMonthDay: [30] }, ['byMonthDay']],
    ['on the 31st of months with 30 days', { byMonth: [4, 6, 9, 11], byMonthDay: [31] }, ['byMonthDay']],
    [
      'on the 31st before the end of such months',
      { byMonth: [4, 6, 9, 11], byMonthDay: [-31] },
      ['byMonthDay'],
    ],
    [
      'on a 31st that comes from its start',
      { ...FEBRUARY, frequency: 'MONTHLY', start: at('2024-01-31') },
      ['byMonth'],
    ],
    ['every 12 months in another month', { ...FEBRUARY, frequency: 'MONTHLY', interval: 12 }, ['byMonth']],
    ['every 7 days on another weekday', { interval: 7, byDay: ['TU'] }, ['byDay']],
    ['every 980 days on another weekday', { interval: 980, byDay: ['TU', 'SU'] }, ['byDay']],
    ['on the sixth Monday', { frequency: 'MONTHLY', byDay: ['MO'], bySetPosition: 6 }, ['bySetPosition']],
    [
      'on the second of one day a week',
      { frequency: 'WEEKLY', byDay: ['MO'], bySetPosition: 2 },
      ['bySetPosition'],
    ],
    ['on 29 February of odd years', { ...oddYears(), byMonth: [2], byMonthDay: [29] }, ['byMonthDay']],
    [
      'where two fields stand in the way',
      { ...oddYears(), byMonth: [2], byMonthDay: [29, 30], byDay: ['MO'] },
      ['byMonthDay'],
    ],
    [
      'until before its first Tuesday',
      { byDay: ['TU'], endType: 'ON', until: at('2024-01-02', '08:59') },
      ['until'],
    ],
    ['until its first Tuesday', { byDay: ['TU'], endType: 'ON', until: at('2024-01-02', '09:00') }, []],
    [
      'at an hour that New York skips on that Sunday each year',
      {
        start: at('2024-01-01', '07:30'),
        timeZone: 'America/New_York',
        frequency: 'YEARLY',
        byMonth: [3],
        byDay: ['SU'],
        bySetPosition: 2,
      },
      ['start'],
    ],
  ])('%s', (_, input, paths) => {
    expect(issuePaths({ ...daily, ...input })).toEqual(paths);
  });

  test('at no field where none of them alone stands in the way', () => {
    const rule: ScheduleInput = { ...daily, interval: 7, byDay: ['TU'], byMonth: [2], byMonthDay: [30] };
    const [issue] = scheduleIssues(completeSchedule(rule));
    expect(issue?.path).toEqual([]);
  });
});

function at(day: string, time = '09:00'): Date {
  return new Date(`${day}T${time}:00Z`);
}

function oddYears(): Partial<ScheduleInput> {
  return { start: at('2023-01-01'), frequency: 'YEARLY', interval: 2 };
}

function issuePaths(input: ScheduleInput): string[] {
  return scheduleIssues(completeSchedule(input)).map(({ path }) => path.join('.'));
}

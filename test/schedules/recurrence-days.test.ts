import { describe, test } from '@jest/globals';
import { type ScheduleFrequency, type Weekday } from '../../src/schedules/schedule.kinds';
import { expectOccurrences, type Case } from './hand-derived';

const WORKDAYS: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR'];
const NEW_YORK = 'America/New_York';

const CASES: Readonly<Record<ScheduleFrequency, readonly Case[]>> = {
  DAILY: [
    {
      name: 'every day, over a leap day',
      rule: { start: '2024-02-27T09:00' },
      expected: '2024-02-27T09:00 2024-02-28T09:00 2024-02-29T09:00 2024-03-01T09:00',
    },
    {
      name: 'every third day, over a new year',
      rule: { start: '2024-12-30T23:59', interval: 3 },
      expected: '2024-12-30T23:59 2025-01-02T23:59 2025-01-05T23:59',
    },
    {
      name: 'on workdays, starting on a Saturday that the rule does not match',
      rule: { start: '2024-01-06T09:00', byDay: WORKDAYS },
      expected: '2024-01-08T09:00 2024-01-09T09:00 2024-01-10T09:00',
    },
    {
      name: 'every second day, if it is a Monday',
      rule: { start: '2024-01-01T09:00', interval: 2, byDay: ['MO'] },
      expected: '2024-01-01T09:00 2024-01-15T09:00 2024-01-29T09:00',
    },
    {
      name: 'on the last day of January',
      rule: { start: '2024-01-01T09:00', byMonth: [1], byMonthDay: [-1] },
      expected: '2024-01-31T09:00 2025-01-31T09:00',
    },
    {
      name: 'the last of the one day in its period, which is that day',
      rule: { start: '2024-01-01T09:00', byDay: ['MO'], bySetPosition: -1 },
      expected: '2024-01-01T09:00 2024-01-08T09:00',
    },
    {
      name: 'every ten days, five times (RFC)',
      rule: { start: '1997-09-02T13:00', timeZone: NEW_YORK, interval: 10, endType: 'AFTER', count: 5 },
      expected: '1997-09-02T13:00 1997-09-12T13:00 1997-09-22T13:00 1997-10-02T13:00 1997-10-12T13:00',
      ends: true,
    },
  ],
  WEEKLY: [
    {
      name: 'on the weekday of its start',
      rule: { start: '2024-02-29T09:00' },
      expected: '2024-02-29T09:00 2024-03-07T09:00 2024-03-14T09:00',
    },
    {
      name: 'on the weekday that its start has in its zone, not in UTC',
      rule: { start: '2024-01-01T02:00', timeZone: NEW_YORK },
      expected: '2024-01-01T02:00 2024-01-08T02:00',
    },
    {
      name: 'on three days',
      rule: { start: '2024-01-03T09:00', byDay: ['MO', 'WE', 'FR'] },
      expected: '2024-01-03T09:00 2024-01-05T09:00 2024-01-08T09:00 2024-01-10T09:00',
    },
    {
      name: 'every other week on Tuesday and Sunday, weeks beginning on Monday (RFC)',
      rule: {
        start: '1997-08-05T13:00',
        timeZone: NEW_YORK,
        interval: 2,
        byDay: ['TU', 'SU'],
        endType: 'AFTER',
        count: 4,
      },
      expected: '1997-08-05T13:00 1997-08-10T13:00 1997-08-19T13:00 1997-08-24T13:00',
      ends: true,
    },
    {
      name: 'every other week, counted from the week of a start that it does not match',
      rule: { start: '2024-01-03T09:00', interval: 2, byDay: ['MO'] },
      expected: '2024-01-15T09:00 2024-01-29T09:00',
    },
    {
      name: 'on the last of three days',
      rule: { start: '2024-01-01T09:00', byDay: ['MO', 'WE', 'FR'], bySetPosition: -1 },
      expected: '2024-01-05T09:00 2024-01-12T09:00',
    },
    {
      name: 'on the first of three days, which in the week of the start came before it',
      rule: { start: '2024-01-03T09:00', byDay: ['MO', 'WE', 'FR'], bySetPosition: 1 },
      expected: '2024-01-08T09:00 2024-01-15T09:00',
    },
    {
      name: 'only in February',
      rule: { start: '2024-01-31T09:00', byMonth: [2] },
      expected: '2024-02-07T09:00 2024-02-14T09:00 2024-02-21T09:00 2024-02-28T09:00 2025-02-05T09:00',
    },
    {
      name: 'twice, not counting a start that it does not match',
      rule: { start: '2024-01-03T09:00', byDay: ['MO'], endType: 'AFTER', count: 2 },
      expected: '2024-01-08T09:00 2024-01-15T09:00',
      ends: true,
    },
  ],
  MONTHLY: [
    {
      name: 'on the 31st, leaving out months without it',
      rule: { start: '2024-01-31T09:00' },
      expected: '2024-01-31T09:00 2024-03-31T09:00 2024-05-31T09:00 2024-07-31T09:00 2024-08-31T09:00',
    },
    {
      name: 'on the last day',
      rule: { start: '2024-01-31T09:00', byMonthDay: [-1] },
      expected: '2024-01-31T09:00 2024-02-29T09:00 2024-03-31T09:00 2024-04-30T09:00',
    },
    {
      name: 'on the first and the last day',
      rule: { start: '2024-01-15T09:00', byMonthDay: [1, -1] },
      expected: '2024-01-31T09:00 2024-02-01T09:00 2024-02-29T09:00 2024-03-01T09:00',
    },
    {
      name: 'on the 31st day from the end, which short months lack',
      rule: { start: '2024-01-01T09:00', byMonthDay: [-31] },
      expected: '2024-01-01T09:00 2024-03-01T09:00 2024-05-01T09:00 2024-07-01T09:00 2024-08-01T09:00',
    },
    {
      name: 'on the last workday',
      rule: { start: '2024-01-01T09:00', byDay: WORKDAYS, bySetPosition: -1 },
      expected: `
        2024-01-31T09:00 2024-02-29T09:00 2024-03-29T09:00 2024-04-30T09:00 2024-05-31T09:00
        2024-06-28T09:00`,
    },
    {
      name: 'on the last workday but one (RFC)',
      rule: { start: '1997-09-29T13:00', timeZone: NEW_YORK, byDay: WORKDAYS, bySetPosition: -2 },
      expected: `
        1997-09-29T13:00 1997-10-30T14:00 1997-11-27T14:00 1997-12-30T14:00 1998-01-29T14:00
        1998-02-26T14:00`,
    },
    {
      name: 'on the third of the Tuesdays, Wednesdays and Thursdays (RFC)',
      rule: {
        start: '1997-09-04T13:00',
        timeZone: NEW_YORK,
        byDay: ['TU', 'WE', 'TH'],
        bySetPosition: 3,
        endType: 'AFTER',
        count: 3,
      },
      expected: '1997-09-04T13:00 1997-10-07T13:00 1997-11-06T14:00',
      ends: true,
    },
    {
      name: 'on Friday the 13th (RFC)',
      rule: { start: '1997-09-02T13:00', timeZone: NEW_YORK, byDay: ['FR'], byMonthDay: [13] },
      expected: '1998-02-13T14:00 1998-03-13T14:00 1998-11-13T14:00 1999-08-13T13:00 2000-10-13T13:00',
    },
    {
      name: 'on the first Saturday after the first Sunday (RFC)',
      rule: {
        start: '1997-09-13T13:00',
        timeZone: NEW_YORK,
        byDay: ['SA'],
        byMonthDay: [7, 8, 9, 10, 11, 12, 13],
      },
      expected: '1997-09-13T13:00 1997-10-11T13:00 1997-11-08T14:00 1997-12-13T14:00 1998-01-10T14:00',
    },
    {
      name: 'every 18 months from the 10th to the 15th (RFC)',
      rule: {
        start: '1997-09-10T13:00',
        timeZone: NEW_YORK,
        interval: 18,
        byMonthDay: [10, 11, 12, 13, 14, 15],
      },
      expected: `
        1997-09-10T13:00 1997-09-11T13:00 1997-09-12T13:00 1997-09-13T13:00 1997-09-14T13:00
        1997-09-15T13:00 1999-03-10T14:00 1999-03-11T14:00 1999-03-12T14:00 1999-03-13T14:00`,
    },
    {
      name: 'every Tuesday of every other month (RFC)',
      rule: { start: '1997-09-02T13:00', timeZone: NEW_YORK, interval: 2, byDay: ['TU'] },
      expected: `
        1997-09-02T13:00 1997-09-09T13:00 1997-09-16T13:00 1997-09-23T13:00 1997-09-30T13:00
        1997-11-04T14:00 1997-11-11T14:00`,
    },
    {
      name: 'on the fifth Monday, where there is one',
      rule: { start: '2024-01-01T09:00', byDay: ['MO'], bySetPosition: 5 },
      expected: '2024-01-29T09:00 2024-04-29T09:00 2024-07-29T09:00 2024-09-30T09:00 2024-12-30T09:00',
    },
    {
      name: 'on the day of its start, in February and March, though February never has it',
      rule: { start: '2024-01-30T09:00', byMonth: [2, 3] },
      expected: '2024-03-30T09:00 2025-03-30T09:00',
    },
  ],
  YEARLY: [
    {
      name: 'on 29 February in leap years only',
      rule: { start: '2088-02-29T09:00' },
      expected: '2088-02-29T09:00 2092-02-29T09:00 2096-02-29T09:00 2104-02-29T09:00',
    },
    {
      name: 'in two months, on the day of its start (RFC)',
      rule: { start: '1997-06-10T13:00', timeZone: NEW_YORK, byMonth: [6, 7] },
      expected: '1997-06-10T13:00 1997-07-10T13:00 1998-06-10T13:00 1998-07-10T13:00',
    },
    {
      name: 'every other year in three months (RFC)',
      rule: { start: '1997-03-10T14:00', timeZone: NEW_YORK, interval: 2, byMonth: [1, 2, 3] },
      expected: '1997-03-10T14:00 1999-01-10T14:00 1999-02-10T14:00 1999-03-10T14:00 2001-01-10T14:00',
    },
    {
      name: 'every Thursday in March (RFC)',
      rule: { start: '1997-03-13T14:00', timeZone: NEW_YORK, byMonth: [3], byDay: ['TH'] },
      expected: '1997-03-13T14:00 1997-03-20T14:00 1997-03-27T14:00 1998-03-05T14:00 1998-03-12T14:00',
    },
    {
      name: 'on the 20th Monday of the year (RFC)',
      rule: { start: '1997-05-19T13:00', timeZone: NEW_YORK, byDay: ['MO'], bySetPosition: 20 },
      expected: '1997-05-19T13:00 1998-05-18T13:00 1999-05-17T13:00',
    },
    {
      name: 'on the day of presidential elections in the United States (RFC)',
      rule: {
        start: '1996-11-05T14:00',
        timeZone: NEW_YORK,
        interval: 4,
        byMonth: [11],
        byDay: ['TU'],
        byMonthDay: [2, 3, 4, 5, 6, 7, 8],
      },
      expected: '1996-11-05T14:00 2000-11-07T14:00 2004-11-02T14:00',
    },
    {
      name: 'on the 13th, which without a month is that of every month',
      rule: { start: '2024-01-01T09:00', byMonthDay: [13] },
      expected: '2024-01-13T09:00 2024-02-13T09:00 2024-03-13T09:00',
    },
    {
      name: 'on the last Sunday of the year',
      rule: { start: '2024-01-01T09:00', byDay: ['SU'], bySetPosition: -1 },
      expected: '2024-12-29T09:00 2025-12-28T09:00 2026-12-27T09:00',
    },
    {
      name: 'on the 366th day',
      rule: { start: '2023-01-01T09:00', byDay: [...WORKDAYS, 'SA', 'SU'], bySetPosition: 366 },
      expected: '2024-12-31T09:00 2028-12-31T09:00',
    },
  ],
};

describe.each(Object.entries(CASES))('A %s rule occurs', (frequency, cases) => {
  test.each(cases)('$name', ({ rule, expected, ends }) => {
    expectOccurrences(frequency as ScheduleFrequency, rule, expected, ends);
  });
});

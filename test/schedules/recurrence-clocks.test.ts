import { describe, test } from '@jest/globals';
import { expectOccurrences, type Case } from './hand-derived';

const NEW_YORK = 'America/New_York';

/** What clocks do on a night when they change: a daily rule at the hour in question, day by day. */
const CLOCK_CHANGES: readonly Case[] = [
  {
    name: 'keeps to nine in the morning in New York when clocks go forward',
    rule: { start: '2024-03-09T14:00', timeZone: NEW_YORK },
    expected: '2024-03-09T14:00 2024-03-10T13:00 2024-03-11T13:00',
  },
  {
    name: 'skips 02:30 in New York when there is none',
    rule: { start: '2024-03-08T07:30', timeZone: NEW_YORK },
    expected: '2024-03-08T07:30 2024-03-09T07:30 2024-03-11T06:30',
  },
  {
    name: 'does not count what it skips',
    rule: { start: '2024-03-09T07:30', timeZone: NEW_YORK, endType: 'AFTER', count: 2 },
    expected: '2024-03-09T07:30 2024-03-11T06:30',
    ends: true,
  },
  {
    name: 'takes the first 01:30 in New York when there are two',
    rule: { start: '2024-11-02T05:30', timeZone: NEW_YORK },
    expected: '2024-11-02T05:30 2024-11-03T05:30 2024-11-04T06:30',
  },
  {
    name: 'skips 02:30 in Berlin when there is none',
    rule: { start: '2024-03-30T01:30', timeZone: 'Europe/Berlin' },
    expected: '2024-03-30T01:30 2024-04-01T00:30',
  },
  {
    name: 'takes the first 02:30 in Berlin when there are two',
    rule: { start: '2024-10-26T00:30', timeZone: 'Europe/Berlin' },
    expected: '2024-10-26T00:30 2024-10-27T00:30 2024-10-28T01:30',
  },
  {
    name: 'skips 02:30 in Sydney, in October',
    rule: { start: '2024-10-04T16:30', timeZone: 'Australia/Sydney' },
    expected: '2024-10-04T16:30 2024-10-06T15:30',
  },
  {
    name: 'skips 00:30 in Santiago, where clocks change at midnight',
    rule: { start: '2024-09-07T04:30', timeZone: 'America/Santiago' },
    expected: '2024-09-07T04:30 2024-09-09T03:30',
  },
  {
    name: 'takes the first 23:30 in Santiago, where midnight returns to the day before',
    rule: { start: '2024-04-06T02:30', timeZone: 'America/Santiago' },
    expected: '2024-04-06T02:30 2024-04-07T02:30 2024-04-08T03:30',
  },
  {
    name: 'skips 02:15 on Lord Howe Island, where clocks go forward by half an hour',
    rule: { start: '2024-10-04T15:45', timeZone: 'Australia/Lord_Howe' },
    expected: '2024-10-04T15:45 2024-10-06T15:15',
  },
  {
    name: 'finds 02:45 on Lord Howe Island in the same night',
    rule: { start: '2024-10-04T16:15', timeZone: 'Australia/Lord_Howe' },
    expected: '2024-10-04T16:15 2024-10-05T15:45 2024-10-06T15:45',
  },
  {
    name: 'takes the first 01:45 on Lord Howe Island when there are two',
    rule: { start: '2024-04-05T14:45', timeZone: 'Australia/Lord_Howe' },
    expected: '2024-04-05T14:45 2024-04-06T14:45 2024-04-07T15:15',
  },
  {
    name: 'skips the whole day that Samoa left out to cross the date line',
    rule: { start: '2011-12-28T20:00', timeZone: 'Pacific/Apia' },
    expected: '2011-12-28T20:00 2011-12-29T20:00 2011-12-30T20:00',
  },
];

describe('A rule in a zone whose clocks change', () => {
  test.each(CLOCK_CHANGES)('$name', ({ rule, expected, ends }) => {
    expectOccurrences('DAILY', rule, expected, ends);
  });

  test('keeps the second Sunday the second, even if its hour is skipped', () => {
    const rule = { start: '2024-02-11T07:30', timeZone: NEW_YORK, byDay: ['SU'], bySetPosition: 2 } as const;
    expectOccurrences('MONTHLY', rule, '2024-02-11T07:30 2024-04-14T06:30 2024-05-12T06:30');
  });
});

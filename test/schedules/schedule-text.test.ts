import { describe, expect, test } from '@jest/globals';
import { completeSchedule, type ScheduleInput } from '../../src/schedules/schedule.rules';
import { rruleText } from '../../src/schedules/schedule.text';

const start = new Date('2026-01-05T08:00:00Z');

describe('The RFC 5545 text of a rule', () => {
  test.each<[string, Omit<ScheduleInput, 'start'>, string, string]>([
    ['is short where little is said', { frequency: 'DAILY' }, 'DTSTART:20260105T080000Z', 'FREQ=DAILY'],
    [
      'gives the start in the time of its zone',
      { frequency: 'WEEKLY', timeZone: 'Europe/Berlin', byDay: ['MO', 'FR'] },
      'DTSTART;TZID=Europe/Berlin:20260105T090000',
      'FREQ=WEEKLY;BYDAY=MO,FR',
    ],
    [
      'gives the end in UTC, even if the zone is another',
      {
        frequency: 'WEEKLY',
        timeZone: 'America/New_York',
        interval: 2,
        endType: 'ON',
        until: new Date('2026-12-31T23:59:59Z'),
      },
      'DTSTART;TZID=America/New_York:20260105T030000',
      'FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231T235959Z',
    ],
    [
      'holds every part',
      {
        frequency: 'YEARLY',
        interval: 3,
        endType: 'AFTER',
        count: 7,
        byMonth: [11, 1],
        byMonthDay: [-1, 8],
        byDay: ['SU', 'TU'],
        bySetPosition: -2,
      },
      'DTSTART:20260105T080000Z',
      'FREQ=YEARLY;INTERVAL=3;COUNT=7;BYMONTH=1,11;BYMONTHDAY=-1,8;BYDAY=TU,SU;BYSETPOS=-2',
    ],
  ])('%s', (_, input, dtstart, rrule) => {
    expect(rruleText(completeSchedule({ start, ...input }))).toBe(`${dtstart}\nRRULE:${rrule}`);
  });

  test('pads the year to four digits', () => {
    const rule = completeSchedule({ start: new Date('0007-03-01T00:00:00Z'), frequency: 'DAILY' });
    expect(rruleText(rule)).toBe('DTSTART:00070301T000000Z\nRRULE:FREQ=DAILY');
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { WEEKDAYS } from '../../src/schedules/schedule.kinds';
import { lastOccurrence, nextOccurrence, occurrences } from '../../src/schedules/schedule.recurrence';
import { completeSchedule, scheduleIssues, type ScheduleInput } from '../../src/schedules/schedule.rules';
import { processorMs } from '../support/processor-time';

/** The promise is 50 ms; the test loader makes code several times slower. */
const BOUND_MS = 250;

const year1 = new Date('0001-01-01T09:00:00Z');
const start = new Date('2024-02-29T09:00:00Z');
const until = new Date('9999-12-31T23:59:59Z');
const berlin = { timeZone: 'Europe/Berlin' } as const;
const newYork = { timeZone: 'America/New_York' } as const;

describe('A rule cannot keep the server busy', () => {
  test.each<[string, ScheduleInput]>([
    ['daily since the year 1', { start: year1, frequency: 'DAILY' }],
    ['daily to the year 9999', { ...newYork, start, frequency: 'DAILY', endType: 'ON', until }],
    ['a thousand days', { ...newYork, start, frequency: 'DAILY', endType: 'AFTER', count: 1_000 }],
    ['29 February once in a thousand years', { ...berlin, start, frequency: 'YEARLY', interval: 1_000 }],
    ['30 February, daily', { start: year1, frequency: 'DAILY', byMonth: [2], byMonthDay: [30] }],
    ['30 February, monthly', { start: year1, frequency: 'MONTHLY', byMonth: [2], byMonthDay: [30] }],
    ['30 February, yearly', { start: year1, frequency: 'YEARLY', byMonth: [2], byMonthDay: [30] }],
    ['the seventh of one day a week', { start: year1, frequency: 'WEEKLY', byDay: ['MO'], bySetPosition: 7 }],
    [
      'the 31st of one weekday a month',
      { start: year1, frequency: 'MONTHLY', byDay: ['MO'], bySetPosition: 31 },
    ],
    [
      'the 366th of six weekdays',
      { start: year1, frequency: 'YEARLY', byDay: WEEKDAYS.slice(1), bySetPosition: 366 },
    ],
    [
      'every seventh day on another weekday',
      { ...berlin, start, frequency: 'DAILY', interval: 7, byDay: ['TU'] },
    ],
    [
      'every 994th day on another weekday',
      { start: year1, frequency: 'DAILY', interval: 994, byDay: ['TU'] },
    ],
    ['every 773rd week in February', { start: year1, frequency: 'WEEKLY', interval: 773, byMonth: [2] }],
    [
      'Monday, 29 February, a thousand times',
      { ...manyTimes('DAILY'), byMonth: [2], byMonthDay: [29], byDay: ['MO'] },
    ],
    [
      'every 997th day that is a Monday and a 31st',
      { ...manyTimes('DAILY'), interval: 997, byMonthDay: [31], byDay: ['MO'] },
    ],
    ['the 366th day, a thousand times', { ...manyTimes('YEARLY'), byDay: WEEKDAYS, bySetPosition: 366 }],
    ['a clock time that was skipped ever since 2007', skippedSince2007({ endType: 'ON', until })],
    ['a clock time that is skipped for ever', skippedSince2007({ start: new Date('2024-01-01T07:30:00Z') })],
  ])('%s', (_, input) => {
    const rule = completeSchedule(input);
    const questions = {
      issues: () => scheduleIssues(rule),
      next: () => nextOccurrence(rule, new Date('2026-01-01T00:00:00Z')),
      nextInFarFuture: () => nextOccurrence(rule, new Date('9990-01-01T00:00:00Z')),
      last: () => lastOccurrence(rule),
      page: () => occurrences(rule, rule.start, 500),
    };
    const slow = Object.entries(questions).filter(([, ask]) => processorMs(ask) > BOUND_MS);
    expect(slow.map(([question]) => question)).toEqual([]);
  });

  test('and its last occurrence is found behind thousands of skipped ones', () => {
    const last = lastOccurrence(completeSchedule(skippedSince2007({ endType: 'ON', until })));
    expect(last?.toISOString()).toBe('2006-03-12T07:30:00.000Z');
  });
});

describe('The zone of the server', () => {
  const script = `
    const { completeSchedule } = require('./src/schedules/schedule.rules.ts');
    const { lastOccurrence, occurrences } = require('./src/schedules/schedule.recurrence.ts');
    const { rruleText } = require('./src/schedules/schedule.text.ts');
    const answers = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'].flatMap(timeZone =>
      ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].map(frequency => {
        const rule = completeSchedule({
          start: new Date('2024-02-29T02:45:00Z'), timeZone, frequency,
          endType: 'ON', until: new Date('2033-03-01T00:00:00Z'),
        });
        return [rruleText(rule), lastOccurrence(rule), occurrences(rule, rule.start, 300)];
      }));
    console.log(JSON.stringify({ here: new Date(2024, 0).getTimezoneOffset(), answers }));`;

  test('changes no answer', () => {
    const [utc, ...others] = ['UTC', 'America/St_Johns', 'America/Los_Angeles', 'Pacific/Apia'].map(TZ => {
      const env = { ...process.env, TZ };
      const printed = execFileSync(process.execPath, ['--import', 'tsx', '--eval', script], {
        env,
        encoding: 'utf8',
      });
      return JSON.parse(printed) as { here: number; answers: unknown };
    });
    expect([utc, ...others].map(child => child?.here)).toEqual([0, 210, 480, -780]);
    for (const other of others) expect(other.answers).toEqual(utc?.answers);
  });
});

/** Half past two on the second Sunday in March, when New York has put its clocks forward since 2007. */
function skippedSince2007(rest: Partial<ScheduleInput>): ScheduleInput {
  const rule: ScheduleInput = { start: new Date('1999-01-01T07:30:00Z'), frequency: 'YEARLY', ...newYork };
  return { ...rule, byMonth: [3], byDay: ['SU'], bySetPosition: 2, ...rest };
}

function manyTimes(frequency: ScheduleInput['frequency']): ScheduleInput {
  return { ...berlin, start: year1, frequency, endType: 'AFTER', count: 1_000 };
}

import { describe, expect, test } from '@jest/globals';
import { lastOccurrence, nextOccurrence, occurrences } from '../../src/schedules/schedule.recurrence';
import { completeSchedule } from '../../src/schedules/schedule.rules';
import { isoMinutes } from './hand-derived';

describe('The end of a rule', () => {
  const start = new Date('2024-01-01T09:00:00Z');

  test.each([
    ['includes an occurrence at until itself', '2024-01-03T09:00:00Z', '2024-01-03T09:00:00.000Z'],
    ['leaves out one a second later', '2024-01-03T08:59:59Z', '2024-01-02T09:00:00.000Z'],
    ['may be the start itself', '2024-01-01T09:00:00Z', '2024-01-01T09:00:00.000Z'],
  ])('%s', (_, until, last) => {
    const rule = completeSchedule({ start, frequency: 'DAILY', endType: 'ON', until: new Date(until) });
    expect(lastOccurrence(rule)?.toISOString()).toBe(last);
    expect(occurrences(rule, start, 500).at(-1)?.toISOString()).toBe(last);
    expect(nextOccurrence(rule, new Date(Date.parse(last) + 1))).toBeNull();
  });

  test('is null for a rule that has none', () => {
    expect(lastOccurrence(completeSchedule({ start, frequency: 'DAILY' }))).toBeNull();
  });

  test('is the last occurrence before an until that falls between two', () => {
    const until = new Date('2026-06-01T00:00:00Z');
    const rule = completeSchedule({ start, frequency: 'YEARLY', interval: 2, endType: 'ON', until });
    expect(lastOccurrence(rule)?.toISOString()).toBe('2026-01-01T09:00:00.000Z');
  });

  test('is the end of the year 9999 even if count is not reached', () => {
    const rule = completeSchedule({
      start,
      frequency: 'YEARLY',
      interval: 1_000,
      endType: 'AFTER',
      count: 1_000,
    });
    expect(lastOccurrence(rule)?.toISOString()).toBe('9024-01-01T09:00:00.000Z');
  });

  test('never lies after 9999 in UTC, even if the zone is behind', () => {
    const eve = new Date('9999-12-30T03:00:00Z');
    const rule = completeSchedule({ start: eve, timeZone: 'America/New_York', frequency: 'DAILY' });
    expect(isoMinutes(occurrences(rule, eve, 500))).toEqual(['9999-12-30T03:00', '9999-12-31T03:00']);
  });
});

describe('Asked from an instant on, a rule', () => {
  const rule = completeSchedule({
    start: new Date('2024-01-01T09:00:00Z'),
    frequency: 'DAILY',
    interval: 3,
    endType: 'AFTER',
    count: 3,
  });

  test.each([
    ['includes an occurrence at that instant', '2024-01-04T09:00:00.000Z', '2024-01-04T09:00'],
    ['leaves out one a millisecond before', '2024-01-04T09:00:00.001Z', '2024-01-07T09:00'],
    ['begins at its start, even if asked from long before', '0001-01-01T00:00:00.000Z', '2024-01-01T09:00'],
    ['has nothing left after its end', '2024-01-07T09:00:00.001Z', undefined],
    ['has nothing left at the end of time', '+275760-09-13T00:00:00.000Z', undefined],
  ])('%s', (_, from, expected) => {
    const next = nextOccurrence(rule, new Date(from));
    expect(next?.toISOString().slice(0, 16)).toBe(expected);
  });

  test('gives as many as wanted and no more', () => {
    expect(occurrences(rule, rule.start, 2)).toHaveLength(2);
    expect(occurrences(rule, rule.start, 500)).toHaveLength(3);
  });
});

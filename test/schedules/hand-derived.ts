import { expect } from '@jest/globals';
import { type ScheduleFrequency } from '../../src/schedules/schedule.kinds';
import { lastOccurrence, occurrences } from '../../src/schedules/schedule.recurrence';
import { completeSchedule, scheduleIssues, type ScheduleInput } from '../../src/schedules/schedule.rules';

/** Derived by hand from RFC 5545 and a calendar; "RFC" marks the examples of its section 3.8.5.3. */
export interface Case {
  readonly name: string;
  readonly rule: Omit<ScheduleInput, 'start' | 'frequency'> & { start: string };
  /** The first ones from the start on, in UTC, to the minute, separated by blanks. */
  readonly expected: string;
  /** Whether the rule ends after them. */
  readonly ends?: boolean;
}

export function expectOccurrences(
  frequency: ScheduleFrequency,
  { start, ...rest }: Case['rule'],
  expected: string,
  ends = false,
): void {
  const rule = completeSchedule({ ...rest, frequency, start: new Date(`${start}:00Z`) });
  expect(scheduleIssues(rule)).toEqual([]);
  const instants = expected.trim().split(/\s+/);
  expect(isoMinutes(occurrences(rule, rule.start, instants.length + (ends ? 1 : 0)))).toEqual(instants);
  if (ends) expect(lastOccurrence(rule)?.toISOString().slice(0, 16)).toBe(instants.at(-1));
}

export function isoMinutes(instants: readonly Date[]): string[] {
  return instants.map(instant => instant.toISOString().slice(0, 16));
}

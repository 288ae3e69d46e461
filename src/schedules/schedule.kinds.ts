export const SCHEDULE_FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type ScheduleFrequency = (typeof SCHEDULE_FREQUENCIES)[number];

export const SCHEDULE_END_TYPES = ['NEVER', 'ON', 'AFTER'] as const;
export type ScheduleEndType = (typeof SCHEDULE_END_TYPES)[number];

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * A recurrence rule as RFC 5545 means it: computed in the wall-clock time of `timeZone`. Complete: what the
 * caller left out has its default, an absent list is empty, an absent bound is null.
 */
export interface ScheduleRule {
  readonly start: Date;
  /** An IANA name, for example `America/Port-au-Prince`. */
  readonly timeZone: string;
  readonly frequency: ScheduleFrequency;
  readonly interval: number;
  readonly endType: ScheduleEndType;
  readonly count: number | null;
  readonly until: Date | null;
  readonly byDay: readonly Weekday[];
  readonly byMonth: readonly number[];
  readonly byMonthDay: readonly number[];
  readonly bySetPosition: number | null;
}

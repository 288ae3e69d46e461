import { Check, Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { instantColumn, jsonColumn } from '../platform/database/columns';
import { bareRule } from './same-schedule.rules';
import {
  type ScheduleEndType,
  type ScheduleFrequency,
  type ScheduleRule,
  type Weekday,
} from './schedule.kinds';

/**
 * A recurrence rule as it lies in the store. It never changes: giving a message another schedule stores a new one,
 * so that what was planned cannot shift under what has been computed from it.
 */
@Entity({ name: 'schedules' })
@Check('schedules_frequency', `frequency in ('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY')`)
@Check(
  'schedules_end',
  `(end_type = 'NEVER' and "count" is null and "until" is null) or ` +
    `(end_type = 'ON' and "count" is null and "until" is not null) or ` +
    `(end_type = 'AFTER' and "count" is not null and "until" is null)`,
)
@Check('schedules_interval', `"interval" >= 1`)
export class Schedule implements ScheduleRule {
  @PrimaryGeneratedColumn({ type: 'integer' })
  readonly id!: number;

  @Column(instantColumn)
  readonly start!: Date;

  @Column({ type: 'text', name: 'time_zone' })
  readonly timeZone!: string;

  @Column({ type: 'text' })
  readonly frequency!: ScheduleFrequency;

  @Column({ type: 'integer' })
  readonly interval!: number;

  @Column({ type: 'text', name: 'end_type' })
  readonly endType!: ScheduleEndType;

  @Column({ type: 'integer', nullable: true })
  readonly count!: number | null;

  @Column({ ...instantColumn, nullable: true })
  readonly until!: Date | null;

  @Column({ ...jsonColumn, name: 'by_day' })
  readonly byDay!: readonly Weekday[];

  @Column({ ...jsonColumn, name: 'by_month' })
  readonly byMonth!: readonly number[];

  @Column({ ...jsonColumn, name: 'by_month_day' })
  readonly byMonthDay!: readonly number[];

  @Column({ type: 'integer', name: 'by_set_position', nullable: true })
  readonly bySetPosition!: number | null;

  static of(rule: ScheduleRule): Schedule {
    return Object.assign(new Schedule(), bareRule(rule));
  }
}

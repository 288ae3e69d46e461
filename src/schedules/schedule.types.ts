import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../platform/graphql/scalars';
import { ScheduleEndTypeEnum, ScheduleFrequencyEnum, WeekdayEnum } from './schedule.enums';
import {
  type ScheduleEndType,
  type ScheduleFrequency,
  type ScheduleRule,
  type Weekday,
} from './schedule.kinds';

const ZONE =
  'An IANA time zone, such as `America/Port-au-Prince`. The rule is computed in its wall-clock time: nine o’clock stays ' +
  'nine o’clock when the clocks change. A local time that a change skips has no occurrence; of one that it repeats, ' +
  'the first counts (RFC 5545).';

@ObjectType('MessageSchedule', {
  description:
    'When a message repeats: a recurrence rule as in RFC 5545. A schedule never changes; a message can be given another.',
})
export class MessageSchedule implements ScheduleRule {
  @Field(() => DateTime, {
    description:
      'From when on the rule counts, and its time of day. Itself an occurrence only if the rule matches it.',
  })
  readonly start!: Date;

  @Field(() => String, { description: ZONE })
  readonly timeZone!: string;

  @Field(() => ScheduleFrequencyEnum, { description: 'How often the rule comes round.' })
  readonly frequency!: ScheduleFrequency;

  @Field(() => Int, { description: 'Every how many days, weeks, months or years; 1 for each of them.' })
  readonly interval!: number;

  @Field(() => ScheduleEndTypeEnum, { description: 'What ends the repetition.' })
  readonly endType!: ScheduleEndType;

  @Field(() => Int, {
    nullable: true,
    description: 'How many occurrences there are in all; set when `endType` is AFTER.',
  })
  readonly count!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'The last instant that may be an occurrence, included; set when `endType` is ON.',
  })
  readonly until!: Date | null;

  @Field(() => [WeekdayEnum], { description: 'Only on these weekdays; empty for no such limit.' })
  readonly byDay!: Weekday[];

  @Field(() => [Int], { description: 'Only in these months, 1 for January to 12; empty for no such limit.' })
  readonly byMonth!: number[];

  @Field(() => [Int], {
    description:
      'Only on these days of the month, 1 to 31, or −1 (the last) to −31 counted from its end; empty for no such limit.',
  })
  readonly byMonthDay!: number[];

  @Field(() => Int, {
    nullable: true,
    description:
      'Only the n-th of the days that match within one period, −1 for the last: with MONTHLY and `byDay: [MO TU WE TH FR]`, ' +
      '−1 is the month’s last working day.',
  })
  readonly bySetPosition!: number | null;
}

@InputType({
  description:
    'A recurrence rule as in RFC 5545. A rule that matches no day at all is refused, as are parts that contradict each other.',
})
export class MessageScheduleInput {
  @Field(() => DateTime, {
    description:
      'From when on the rule counts, and its time of day in `timeZone`; whole seconds. Itself an occurrence only if the rule matches it.',
  })
  readonly start!: Date;

  @Field(() => String, { defaultValue: 'UTC', description: ZONE })
  readonly timeZone!: string;

  @Field(() => ScheduleFrequencyEnum, { description: 'How often the rule comes round.' })
  readonly frequency!: ScheduleFrequency;

  @Field(() => Int, {
    defaultValue: 1,
    description: 'Every how many days, weeks, months or years: 1 to 1,000.',
  })
  readonly interval!: number;

  @Field(() => ScheduleEndTypeEnum, { defaultValue: 'NEVER', description: 'What ends the repetition.' })
  readonly endType!: ScheduleEndType;

  @Field(() => Int, {
    nullable: true,
    description: 'How many occurrences there are in all, 1 to 1,000; with `endType: AFTER` only.',
  })
  readonly count?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'The last instant that may be an occurrence, included; with `endType: ON` only.',
  })
  readonly until?: Date | null;

  @Field(() => [WeekdayEnum], { nullable: true, description: 'Only on these weekdays.' })
  readonly byDay?: Weekday[] | null;

  @Field(() => [Int], { nullable: true, description: 'Only in these months: 1 for January to 12.' })
  readonly byMonth?: number[] | null;

  @Field(() => [Int], {
    nullable: true,
    description:
      'Only on these days of the month: 1 to 31, or −1 (the last) to −31 counted from its end. Not with WEEKLY.',
  })
  readonly byMonthDay?: number[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Only the n-th of the days that match within one period, −1 for the last; needs another `by…` part.',
  })
  readonly bySetPosition?: number | null;
}

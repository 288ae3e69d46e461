import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { type Clock } from '../platform/clock';
import { badUserInput } from '../platform/errors';
import { DateTime } from '../platform/graphql/scalars';
import { type TimeSlices } from '../platform/time-slices';
import { lastOccurrence, nextOccurrence, occurrences } from './schedule.recurrence';
import { rruleText } from './schedule.text';
import { MessageSchedule } from './schedule.types';

/** What the schedule fields need from a request. */
export interface ScheduleContext {
  readonly clock: Clock;
  /** Occurrences may take tens of milliseconds to find, and a page may ask for thousands of them. */
  readonly slices: TimeSlices;
}

/** Occurrences that one selection may list. */
const MAX_OCCURRENCES = 500;

@Resolver(() => MessageSchedule)
export class ScheduleResolver {
  @FieldResolver(() => String, {
    description: 'The same rule as RFC 5545 text, `DTSTART` and `RRULE`, for calendars and other programs.',
  })
  rrule(@Root() schedule: MessageSchedule): string {
    return rruleText(schedule);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'The first occurrence that is not in the past; null when there is none left.',
  })
  nextOccurrence(
    @Root() schedule: MessageSchedule,
    @Ctx() { clock, slices }: ScheduleContext,
  ): Promise<Date | null> {
    return slices.run(() => nextOccurrence(schedule, clock.now()));
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'The last occurrence of the rule, past or to come; null when it goes on without end.',
  })
  lastOccurrence(
    @Root() schedule: MessageSchedule,
    @Ctx() { slices }: ScheduleContext,
  ): Promise<Date | null> {
    return slices.run(() => lastOccurrence(schedule));
  }

  @FieldResolver(() => [DateTime], { description: 'Occurrences in their order, from an instant on.' })
  occurrences(
    @Root() schedule: MessageSchedule,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many at most: 1 to 500.' }) first: number,
    @Arg('from', () => DateTime, {
      nullable: true,
      description: 'The earliest instant that may be listed, included; now when it is left out.',
    })
    from: Date | null | undefined,
    @Ctx() { clock, slices }: ScheduleContext,
  ): Promise<Date[]> {
    if (first < 1 || first > MAX_OCCURRENCES) {
      throw badUserInput([{ path: ['first'], message: `must be from 1 to ${MAX_OCCURRENCES}` }]);
    }
    return slices.run(() => occurrences(schedule, from ?? clock.now(), first));
  }
}

import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { type Clock } from '../platform/clock';
import { badUserInput } from '../platform/errors';
import { DateTime } from '../platform/graphql/scalars';
import { lastOccurrence, nextOccurrence, occurrences } from './schedule.recurrence';
import { rruleText } from './schedule.text';
import { MessageSchedule } from './schedule.types';

/** What the schedule fields need from a request. */
export interface ScheduleContext {
  readonly clock: Clock;
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
  nextOccurrence(@Root() schedule: MessageSchedule, @Ctx() { clock }: ScheduleContext): Date | null {
    return nextOccurrence(schedule, clock.now());
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'The last occurrence of the rule, past or to come; null when it goes on without end.',
  })
  lastOccurrence(@Root() schedule: MessageSchedule): Date | null {
    return lastOccurrence(schedule);
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
    @Ctx() { clock }: ScheduleContext,
  ): Date[] {
    if (first < 1 || first > MAX_OCCURRENCES) {
      throw badUserInput([{ path: ['first'], message: `must be from 1 to ${MAX_OCCURRENCES}` }]);
    }
    return occurrences(schedule, from ?? clock.now(), first);
  }
}

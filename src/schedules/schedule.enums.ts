import { registerEnumType } from 'type-graphql';
import { enumOf } from '../platform/graphql/enums';
import { SCHEDULE_END_TYPES, SCHEDULE_FREQUENCIES, WEEKDAYS } from './schedule.kinds';

export const ScheduleFrequencyEnum = enumOf(SCHEDULE_FREQUENCIES);
registerEnumType(ScheduleFrequencyEnum, {
  name: 'ScheduleFrequency',
  description:
    'How often a rule comes round (RFC 5545, FREQ). `interval` makes it every second, third, … time.',
  valuesConfig: {
    DAILY: { description: 'Every day, or every `interval` days.' },
    WEEKLY: {
      description: 'Every week, on `byDay` or, without it, on the weekday of `start`. Weeks begin on Monday.',
    },
    MONTHLY: {
      description: 'Every month, on `byMonthDay` or `byDay` or, without them, on the day of `start`.',
    },
    YEARLY: {
      description: 'Every year, in `byMonth` or, without any other part, on the month and day of `start`.',
    },
  },
});

export const ScheduleEndTypeEnum = enumOf(SCHEDULE_END_TYPES);
registerEnumType(ScheduleEndTypeEnum, {
  name: 'ScheduleEndType',
  description: 'What ends a repetition.',
  valuesConfig: {
    NEVER: { description: 'It goes on until it is cancelled. Neither `count` nor `until` is given.' },
    ON: { description: 'It ends on `until`, which is itself still included.' },
    AFTER: { description: 'It ends after `count` occurrences.' },
  },
});

export const WeekdayEnum = enumOf(WEEKDAYS);
registerEnumType(WeekdayEnum, {
  name: 'Weekday',
  description: 'A day of the week, as RFC 5545 writes it.',
  valuesConfig: {
    MO: { description: 'Monday.' },
    TU: { description: 'Tuesday.' },
    WE: { description: 'Wednesday.' },
    TH: { description: 'Thursday.' },
    FR: { description: 'Friday.' },
    SA: { description: 'Saturday.' },
    SU: { description: 'Sunday.' },
  },
});

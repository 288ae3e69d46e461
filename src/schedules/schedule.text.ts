import { WEEKDAYS, type ScheduleRule } from './schedule.kinds';
import { localTime } from './schedule.zone';

/**
 * The rule as RFC 5545 text, two lines: `DTSTART;TZID=Europe/Berlin:20260105T090000` and
 * `RRULE:FREQ=WEEKLY;BYDAY=MO`. In UTC the start has the form `DTSTART:20260105T090000Z`. INTERVAL is written where
 * it is not 1; WKST never, its default is Monday. The format knows whole seconds only, as do our rules.
 */
export function rruleText(rule: ScheduleRule): string {
  const { timeZone } = rule;
  const start = basicFormat(localTime(rule.start.getTime(), timeZone));
  const dtstart = timeZone === 'UTC' ? `DTSTART:${start}Z` : `DTSTART;TZID=${timeZone}:${start}`;
  return `${dtstart}\nRRULE:${ruleParts(rule).join(';')}`;
}

function ruleParts(rule: ScheduleRule): string[] {
  const parts = [`FREQ=${rule.frequency}`];
  if (rule.interval !== 1) parts.push(`INTERVAL=${rule.interval}`);
  if (rule.count !== null) parts.push(`COUNT=${rule.count}`);
  if (rule.until !== null) parts.push(`UNTIL=${basicFormat(rule.until.getTime())}Z`);
  if (rule.byMonth.length > 0) parts.push(`BYMONTH=${rule.byMonth.join(',')}`);
  if (rule.byMonthDay.length > 0) parts.push(`BYMONTHDAY=${rule.byMonthDay.join(',')}`);
  if (rule.byDay.length > 0)
    parts.push(`BYDAY=${WEEKDAYS.filter(day => rule.byDay.includes(day)).join(',')}`);
  if (rule.bySetPosition !== null) parts.push(`BYSETPOS=${rule.bySetPosition}`);
  return parts;
}

/** `20260105T090000`, of a local time in milliseconds. */
function basicFormat(local: number): string {
  return new Date(local).toISOString().replace(/[-:]|\.\d+Z$/g, '');
}

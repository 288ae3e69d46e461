/** What an instant is refused with, as the rest of a sentence that begins with a field's name. */
export const INSTANT_EXPECTED = 'must be an instant in ISO 8601 with an offset, such as 2026-03-01T08:30:00Z';

/** RFC 3339: a fraction of a second may be left out, an offset may not; a day may still lie beyond its month's end. */
const INSTANT =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** Years that ISO 8601 writes with four digits; beyond them a text is no longer sortable or portable. */
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The instant that a text names, cut to the millisecond; null where it names none in the years 0001 to 9999. There
 * are no leap seconds, as there are none in Unix time.
 */
export function parseInstant(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const [, year, month, day] = INSTANT.exec(value) ?? [];
  if (Number(day) > daysInMonth(Number(year), Number(month))) return null;
  // Lower-case letters are welcome, but not everything that reads dates knows them.
  const time = day === undefined ? NaN : Date.parse(value.toUpperCase());
  return time >= FIRST_INSTANT && time <= LAST_INSTANT ? new Date(time) : null;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

import { parseInstant } from '../../../platform/instant';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours from UTC, of the names that RFC 5322 still reads. By it, any other name says nothing and counts as UTC. */
const ZONES: Readonly<Record<string, number>> = {
  edt: -4,
  est: -5,
  cdt: -5,
  cst: -6,
  mdt: -6,
  mst: -7,
  pdt: -7,
  pst: -8,
};

const MAIL_DATE =
  /^(?:[a-z]{3,9}\.?,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([+-]\d{4}|[a-z]+))?/i;

/**
 * The instant of a header `Date`; null where it names none. JavaScript's own reading is no help: it takes a time
 * without a zone for one of this machine.
 */
export function parseMailDate(value: string): Date | null {
  // A comment may stand anywhere, mostly the name of the zone behind its number.
  const plain = value.replace(/\([^()]{0,200}\)/g, ' ').trim();
  const [, day, monthName = '', year, hour, minute, second = '0', zone = 'UT'] = MAIL_DATE.exec(plain) ?? [];
  if (year === undefined) return parseInstant(plain);
  const midnight = new Date(Date.UTC(fullYear(year), MONTHS.indexOf(monthName.toLowerCase()), Number(day)));
  // A 31st of April rolls over into May, and a month that is none into another year.
  const isReal =
    midnight.getUTCDate() === Number(day) && MONTHS[midnight.getUTCMonth()] === monthName.toLowerCase();
  if (!isReal || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const minutes = 60 * Number(hour) + Number(minute) - zoneOffsetMinutes(zone);
  return new Date(midnight.getTime() + 1000 * (60 * minutes + Number(second)));
}

/** RFC 5322: two digits up to 49 are of this century, two above and three of the last. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return digits.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

function zoneOffsetMinutes(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2})(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return 60 * (ZONES[zone.toLowerCase()] ?? 0);
  return (sign === '-' ? -1 : 1) * (60 * Number(hours) + Number(minutes));
}

/** An id is told in brackets; some programs write prose or addresses around them. By RFC 5322 a line ends before 998. */
const MESSAGE_ID = /<[^<>\s]{1,4096}>/g;

/** References of a long thread; the parent is among the last. */
const MAX_REFERENCES = 100;

/** The ids that a field of them holds, with their brackets, in its order; of too many the last ones. */
export function messageIds(field: string): readonly string[] {
  return (field.match(MESSAGE_ID) ?? []).slice(-MAX_REFERENCES);
}

/**
 * The id of a mail with its brackets, as the mails that answer it will name it; null where there is none that could be
 * kept. Some programs leave out the brackets; the answers to their mails have them.
 */
export function ownMessageId(field: string): string | null {
  const [bracketed] = messageIds(field);
  if (bracketed !== undefined) return bracketed;
  const bare = field.trim();
  return /^[^<>\s]{1,4096}$/.test(bare) ? `<${bare}>` : null;
}

const ADDRESS = /[^\s<>@,;:"()]{1,64}@[^\s<>@,;:"()]{1,255}/;

/** The first address in a field that holds little else, such as `X-Original-To`. */
export function addressIn(field: string): string | null {
  return ADDRESS.exec(field)?.[0] ?? null;
}

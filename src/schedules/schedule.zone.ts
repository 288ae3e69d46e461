/**
 * Wall clocks, as the time zone database inside Node tells them. A "local" time is the number of milliseconds that
 * a UTC clock would show at the same reading, so that plain arithmetic works on it; the server's own zone is never
 * asked. Intl is used directly: Temporal's polyfill sits on top of it and costs ten times as much per reading.
 */

/**
 * Whether this is `UTC` or a name of the IANA database, spelled as there. Offsets (`+02:00`) are refused, as they
 * know no daylight saving; so are the three-letter names that only ICU knows (`IST`, `BST`, `PST`, …), which mean
 * different zones to different people, and other spellings (`europe/berlin`), which other programs may not read.
 */
export function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  const isZone = namesZone(name);
  if (isZone) knownZones.add(name);
  return isZone;
}

/** Names that are right; to look one up takes longer than anything else about a line of an import. */
const knownZones = new Set<string>();

function namesZone(name: string): boolean {
  if (!IANA_SPELLING.test(name) || (THREE_LETTERS.test(name) && !IANA_THREE_LETTERS.has(name))) return false;
  try {
    const known = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
    // An alias (`Asia/Kolkata`) is answered with another name; the same name in other letters is a misspelling.
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** The local time that clocks in the zone show at an instant, both in milliseconds. */
export function localTime(instant: number, timeZone: string): number {
  return instant + offsetAt(instant, timeZone);
}

/**
 * The instant at which clocks in the zone show a local time. Null where they never do, because they were put
 * forward over it; the first of the two where they do so twice (RFC 5545, 3.3.5).
 */
export function instantOf(local: number, timeZone: string): number | null {
  // No offset reaches a day, so these two instants enclose every moment that could show this local time. Clocks
  // are not put forward and back within two days: equal offsets at both ends mean the same offset in between.
  const before = offsetAt(local - DAY_MS, timeZone);
  const after = offsetAt(local + DAY_MS, timeZone);
  if (before === after) return local - before;
  const instants = [local - before, local - after].filter(instant => localTime(instant, timeZone) === local);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** What clocks in the zone are ahead of UTC, in milliseconds; whole seconds, as the earliest offsets are. */
function offsetAt(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const text = offsetFormat(timeZone).format(instant);
  const sign = text.lastIndexOf('GMT') + 3;
  const [hours = 0, minutes = 0, seconds = 0] = text
    .slice(sign + 1)
    .split(':')
    .map(Number);
  const size = ((hours * 60 + minutes) * 60 + seconds) * 1_000;
  return text[sign] === '-' ? -size : size;
}

function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  const known = offsetFormats.get(timeZone);
  if (known !== undefined) return known;
  if (offsetFormats.size >= MAX_KEPT_FORMATS) offsetFormats.clear();
  // Reads `1/1/2026, GMT-03:30`, or `GMT-04:56:02` where the time was still that of the sun.
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  offsetFormats.set(timeZone, format);
  return format;
}

const DAY_MS = 86_400_000;

/** To build a format costs as much as a hundred readings. The database has about 600 names. */
const offsetFormats = new Map<string, Intl.DateTimeFormat>();
const MAX_KEPT_FORMATS = 700;

const IANA_SPELLING = /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/;
const THREE_LETTERS = /^[A-Z]{3}$/;
const IANA_THREE_LETTERS = new Set(
  ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET'], //
);

import { parseInstant } from '../platform/instant';

/** An instant with its offset, as ISO 8601 writes it, also without the colon: `2026-03-01T08:30:00.000+0000`. */
export function offsetTime(text: string | null): Date | null {
  return parseInstant(text?.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}

/** `2026-03-01 08:30:00`, by a service that counts in UTC and does not say so. */
export function utcTime(text: string | null): Date | null {
  return parseInstant(text?.replace(/^(\S+) (\S+)$/, '$1T$2Z'));
}

/** Seconds or milliseconds since 1970: what would be a year beyond 5000 in seconds is milliseconds. */
export function unixTime(text: string | null): Date | null {
  if (text === null || !/^\d{1,14}$/.test(text)) return null;
  const count = Number(text);
  return new Date(count < FIRST_MILLISECONDS ? count * 1000 : count);
}

const FIRST_MILLISECONDS = 1e11;

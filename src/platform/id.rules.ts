/** Decimal, without sign, leading zeros or white space: the one way in which an id is written. */
const DECIMAL_ID = /^[1-9][0-9]{0,15}$/;

/** The id that a text names, or null where it names none: ids are whole numbers from 1 to 2^53−1. */
export function idOf(text: string | null | undefined): number | null {
  if (text === null || text === undefined || !DECIMAL_ID.test(text)) return null;
  const id = Number(text);
  return Number.isSafeInteger(id) ? id : null;
}

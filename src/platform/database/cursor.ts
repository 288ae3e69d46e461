import { createHash } from 'node:crypto';
import { type SqlValue } from './query';

/** What a cursor points at: the sort values of one row, the last of which is unique. */
export type CursorValues = readonly SqlValue[];

/** Bytes of SHA-256 in front of the content: enough to notice damage. It is no signature: a cursor gives no rights. */
const CHECKSUM_BYTES = 6;

/** Writes a position in an order as opaque text, safe in a URL. `order` names the order, for example `TITLE ASC`. */
export function encodeCursor(order: string, values: CursorValues): string {
  const content = Buffer.from(JSON.stringify([order, ...values]));
  return Buffer.concat([checksum(content), content]).toString('base64url');
}

/**
 * Reads what `encodeCursor` wrote under the same order.
 * @returns null where the text is damaged, made up, or belongs to another order. Never throws.
 */
export function decodeCursor(order: string, cursor: string): CursorValues | null {
  const bytes = Buffer.from(cursor, 'base64url');
  // Node passes over what is no base64url; only one spelling of these bytes is a cursor.
  if (bytes.length <= CHECKSUM_BYTES || bytes.toString('base64url') !== cursor) return null;
  const content = bytes.subarray(CHECKSUM_BYTES);
  if (!checksum(content).equals(bytes.subarray(0, CHECKSUM_BYTES))) return null;
  const [name, ...values] = contentOf(content);
  return name === order && values.every(isSortValue) ? values : null;
}

function checksum(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest().subarray(0, CHECKSUM_BYTES);
}

/** The checksum can be right by chance or on purpose, so this may be anything. */
function contentOf(content: Buffer): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(content.toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** What the store can hold, and so what was written: a server fails at the rest, where a file finds nothing. */
function isSortValue(value: unknown): value is SqlValue {
  if (typeof value === 'string') return !UNSTORABLE.test(value);
  return value === null || Number.isSafeInteger(value);
}

const UNSTORABLE = /[\0\p{Surrogate}]/u;

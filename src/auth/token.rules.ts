import { hash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * A token is `hg_`, 256 random bits as 43 characters, and a checksum of 6 over all that: the CRC-32 of what stands
 * before it. Both are for scanners that look for leaked tokens: the prefix finds them, the checksum tells them from
 * what only looks like one. The gateway itself never looks at either, so that every wrong token costs it the same.
 */
const PREFIX = 'hg_';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BODY_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const RANDOM_BYTES = 32;

const MAX_NAME_LENGTH = 100;

/** @param random 32 bytes from a source that nobody can predict. */
export function makeToken(random: Uint8Array): string {
  if (random.length !== RANDOM_BYTES)
    throw new RangeError(`A token is made of ${RANDOM_BYTES} random bytes.`);
  const body = PREFIX + inBase62(BigInt(`0x${Buffer.from(random).toString('hex')}`), BODY_LENGTH);
  return body + checksumOf(body);
}

/**
 * What the store keeps of a token: SHA-256, 64 hexadecimal digits. A slow hash protects secrets that people choose;
 * among 256 random bits there is nothing to guess.
 */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex');
}

/** Compares two hashes in a time that says nothing about where they differ. */
export function isSameHash(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

export type TokenState = 'active' | 'expired' | 'revoked';

export interface TokenLife {
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A token ends at its expiry, that instant included. */
export function tokenState({ expiresAt, revokedAt }: TokenLife, now: Date): TokenState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

/** What is wrong with the name of a token; names are shown in tables and logs of commands, a line each. */
export function tokenNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'must not be blank';
  if (Array.from(name).length > MAX_NAME_LENGTH) return `must have at most ${MAX_NAME_LENGTH} characters`;
  return /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(name) ? 'must not hold control characters' : undefined;
}

/**
 * Reads an expiry: a date-time with its offset, or a date, which lasts to its end in UTC.
 * @returns nothing where the text is neither, or names a day that no calendar has.
 */
export function parseExpiry(text: string): Date | undefined {
  const [, date = '', time] = EXPIRY.exec(text) ?? [];
  if (!isCalendarDay(date)) return undefined;
  return new Date(`${date}${time ?? 'T23:59:59.999Z'}`);
}

const EXPIRY =
  /^(\d{4}-\d\d-\d\d)(T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;

function isCalendarDay(date: string): boolean {
  const midnight = new Date(`${date}T00:00:00.000Z`);
  // A day too many rolls over into the next month instead of failing.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date) && date !== '';
}

function checksumOf(text: string): string {
  return inBase62(BigInt(crc32(text)), CHECKSUM_LENGTH);
}

function inBase62(value: bigint, length: number): string {
  const base = BigInt(DIGITS.length);
  let text = '';
  for (let rest = value; text.length < length; rest /= base) text = DIGITS.charAt(Number(rest % base)) + text;
  return text;
}

import { createHash, createHmac } from 'node:crypto';
import { type Fields } from '../../fields';
import { sameText, someFits } from '../../secrets';

/** What the settings of an account call "Signature method": a plain MD5 hash, or an HMAC. */
export const SIGNATURE_METHODS = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const;
export type SignatureMethod = (typeof SIGNATURE_METHODS)[number];

type Entries = readonly (readonly [name: string, value: string])[];

export function smsSignatureDoubt(
  fields: Fields,
  method: SignatureMethod,
  secrets: readonly string[],
  now: Date,
  toleranceSeconds: number,
): string | null {
  const given = fields.only('sig');
  if (given === null) return 'there is not exactly one field "sig"';
  if (new Set(fields.entries.map(([name]) => name)).size < fields.entries.length) {
    return 'a field came several times, and the signature does not tell which counts';
  }
  if (fields.entries.some(([name]) => /[&=]/.test(name))) {
    return 'the name of a field could be several fields, and the signature does not tell which';
  }
  const timestamp = fields.only('timestamp') ?? '';
  if (!/^\d{1,11}$/.test(timestamp)) return 'the field "timestamp" is no number of seconds';
  if (Math.abs(Number(timestamp) - now.getTime() / 1000) > toleranceSeconds) {
    return 'the field "timestamp" lies too far from now';
  }
  const signed = fields.entries.filter(([name]) => name !== 'sig');
  const isRight = someFits(secrets, secret =>
    someFits([documentedForm(signed), libraryForm(signed)], text =>
      isHash(given, hash(text, method, secret)),
    ),
  );
  return isRight ? null : 'the signature is not right for these fields and signature secret';
}

/** The service writes hashes in small letters and HMACs in capitals; its documentation has both. */
function isHash(given: string, wanted: string): boolean {
  return someFits([wanted, wanted.toUpperCase()], text => sameText(given, text));
}

export function smsSignature(entries: Entries, method: SignatureMethod, secret: string): string {
  return hash(documentedForm(entries), method, secret);
}

/**
 * As the service signs: `&name=value` for each field, sorted, with what would look like another field made harmless.
 */
function documentedForm(entries: Entries): string {
  return sorted(entries)
    .map(([name, value]) => `&${name}=${value.replace(/[&=]/g, '_')}`)
    .join('');
}

/**
 * As Vonage's library for Node signs, joined by `_`. No text in one form can be one in the other, which starts with
 * `&`.
 */
function libraryForm(entries: Entries): string {
  const query = new URLSearchParams(entries.map(([name, value]): [string, string] => [name, value]));
  query.sort();
  return query.toString().replace(/[&=]/g, '_');
}

function sorted(entries: Entries): Entries {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

function hash(text: string, method: SignatureMethod, secret: string): string {
  const hashed =
    method === 'md5hash' ? createHash('md5').update(text + secret) : createHmac(method, secret).update(text);
  return hashed.digest('hex');
}

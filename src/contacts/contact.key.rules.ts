import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
// The smallest of its sets of numbering plans (83 kB): the larger ones tell landlines from mobiles, which no key asks for.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { foldCase, mendedForm } from '../platform/text.rules';
import { type ContactType } from './contact.kinds';

/** Of an address and of a key, in code points: the longest mail address. */
export const MAX_ADDRESS_LENGTH = 320;

/**
 * What an address comes to, so that two ways to write one address are one contact. Any text has a key, however odd, and a
 * key is its own key.
 * @param region ISO 3166 country for a number without its own; null where numbers are international.
 */
export function contactKey(type: ContactType, address: string, region: string | null = null): string {
  // Folding may add a mark.
  return bounded(mendedForm(KEYS[type](mended(address).trim(), region)));
}

/** The address as it is stored: the text itself, as far as a store can hold it. */
export function mendedAddress(address: string): string {
  return Array.from(mended(address).trim()).slice(0, MAX_ADDRESS_LENGTH).join('');
}

/** What a service tells is not refused for its form: U+FFFD stands for what no store and no page can show. */
export function mended(text: string): string {
  return mendedForm(text.replace(UNFIT, '\ufffd'));
}

/**
 * Numbers with fewer digits and without their country are codes of a service: they mean something within their network alone,
 * though some numbering plans have numbers as short.
 */
const MIN_NATIONAL_DIGITS = 7;

/** In UTF-16 units: RFC 1035 has 255 bytes. */
const MAX_DOMAIN_LENGTH = 255;

const UNFIT = /[\p{Control}\p{Surrogate}]/gu;
const LETTER = /\p{Letter}/u;
const NO_DIGIT = /\P{Decimal_Number}/gu;
/** What people write between digits. */
const PUNCTUATION = /[\s().\-/\u2010-\u2015]/g;

const KEYS: Readonly<Record<ContactType, (address: string, region: string | null) => string>> = {
  PHONE: phoneKey,
  WHATSAPP: phoneKey,
  EMAIL: mailKey,
  TELEGRAM: address => address,
  DISCORD: address => address,
  OTHER: address => address,
};

/** E.164 where it is a number; a sender's name or short code stays what it is, whatever the case of its letters. */
function phoneKey(address: string, region: string | null): string {
  if (LETTER.test(address)) return foldCase(address);
  const bare = address.replace(PUNCTUATION, '').replace(/^00/, '+');
  if (!bare.startsWith('+') && bare.replace(NO_DIGIT, '').length < MIN_NATIONAL_DIGITS) return bare;
  // Many services leave the plus out of numbers with their country.
  const written = bare.startsWith('+') ? [bare] : region === null ? [`+${bare}`] : [address, `+${bare}`];
  for (const text of written) {
    const number = possibleNumber(text, region);
    if (number !== null) return number;
  }
  return bare;
}

function possibleNumber(text: string, region: string | null): string | null {
  const country = region === null ? {} : { defaultCountry: region as never };
  const number = parsePhoneNumberFromString(text, { ...country, extract: false });
  return number?.isPossible() === true ? number.number : null;
}

/** Only the domain is the same in any case: what stands before the @ is for its own host to read. */
function mailKey(address: string): string {
  const at = address.lastIndexOf('@');
  if (at === -1) return address;
  const domain = address.slice(at + 1).toLowerCase();
  // What is longer than any domain is none, and would be brought into normal form once more.
  const ascii = domain.length > MAX_DOMAIN_LENGTH ? '' : domainToASCII(domain);
  return `${address.slice(0, at)}@${ascii || domain}`;
}

/** An index takes short keys only; two long texts that begin alike must not be one contact. */
function bounded(key: string): string {
  const characters = Array.from(key);
  if (characters.length <= MAX_ADDRESS_LENGTH) return key;
  const hash = `#${createHash('sha256').update(key).digest('hex')}`;
  return characters.slice(0, MAX_ADDRESS_LENGTH - hash.length).join('') + hash;
}

// The largest of its sets of numbering plans (157 kB; the smallest has 83): it alone tells mobiles from landlines, and without
// that a number of another country too often reads as one of the region.
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type PhoneNumber,
} from 'libphonenumber-js/max';
import { foldCase } from '../platform/text.rules';

/**
 * E.164 where it is a number, with `;ext=99` behind it where it has an extension; a sender's name or short code stays what it
 * is, whatever the case of its letters.
 * @param region ISO 3166 country for a number without its own; null, or one that there is not, where numbers are international.
 */
export function phoneKey(address: string, region: string | null): string {
  const country = region !== null && isSupportedCountry(region) ? region : null;
  const { base, extension } = EXTENDED.exec(address)?.groups ?? {};
  if (base !== undefined && extension !== undefined) {
    const number = numberIn(base, country);
    if (number !== null) return `${number};ext=${extension}`;
  }
  if (LETTER.test(address)) return foldCase(address);
  // Of a sender that is nothing but dashes the dashes are all there is to know it by.
  return numberIn(address, country) ?? (bareDigits(address) || address);
}

/** The region of a number that has its country; null where there is none, or several could have it. */
export function regionOf(key: string): string | null {
  return key.startsWith('+') ? (parsed(key, null)?.country ?? null) : null;
}

/**
 * Numbers with fewer digits and without their country are codes of a service: they mean something within their network alone,
 * though some numbering plans have numbers as short.
 */
const MIN_NATIONAL_DIGITS = 7;

const LETTER = /\p{Letter}/u;
const NO_DIGIT = /\P{Decimal_Number}/gu;
/** What people write between digits. */
const PUNCTUATION = /[\s().\-/\u2010-\u2015]/g;
/** A plus of any width, or the prefix of calls abroad. */
const ABROAD = /^(?:[+\uff0b]+|00)/;
const EXTENDED = /^(?<base>\P{Letter}*?)\s*(?:;ext=|ext\.?|x|#)\s*(?<extension>\d{1,7})$/iu;
/** WhatsApp still writes the 1 that Mexico's mobiles had after their country until 2019. */
const FORMER_MEXICAN = /^\+521(?=\d{10}$)/;

/** E.164; null for what is no number. */
function numberIn(address: string, country: CountryCode | null): string | null {
  const bare = bareDigits(address);
  if (bare.startsWith('+')) return possible(parsed(bare, null));
  if (bare.replace(NO_DIGIT, '').length < MIN_NATIONAL_DIGITS) return null;
  // Many services leave the plus out of numbers with their country.
  const foreign = parsed(`+${bare}`, null);
  if (country === null) return possible(foreign);
  const national = parsed(bare, country);
  const own = foreign?.countryCallingCode === getCountryCallingCode(country) ? foreign : null;
  const readings = [own, national, foreign];
  // Who sends a text is a mobile more often than not.
  const number = readings.find(isMobile) ?? readings.find(each => each?.isValid() === true);
  return number?.number ?? possible(national) ?? possible(foreign);
}

function bareDigits(address: string): string {
  return address.replace(PUNCTUATION, '').replace(ABROAD, '+').replace(FORMER_MEXICAN, '+52');
}

function parsed(text: string, country: CountryCode | null): PhoneNumber | null {
  const options = country === null ? {} : { defaultCountry: country };
  return (
    parsePhoneNumberFromString(text.replace(FORMER_MEXICAN, '+52'), { ...options, extract: false }) ?? null
  );
}

function isMobile(number: PhoneNumber | null): boolean {
  const type = number?.getType();
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
}

function possible(number: PhoneNumber | null): string | null {
  return number?.isPossible() === true ? number.number : null;
}

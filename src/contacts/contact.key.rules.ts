import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { type ContactType } from './contact.kinds';
import { phoneKey } from './phone.key.rules';

/** Of an address and of a key, in code points: the longest mail address. */
export const MAX_ADDRESS_LENGTH = 320;

/**
 * What an address comes to, so that two ways to write one address are one contact. Any text has a key, however odd, and a
 * key is its own key.
 * @param region ISO 3166 country for a number without its own; null where numbers are international.
 */
export function contactKey(type: ContactType, address: string, region: string | null = null): string {
  return bounded(KEYS[type](mended(address).trim(), region));
}

/** The address as it is stored: the text itself, as far as a store can hold it. */
export function mendedAddress(address: string): string {
  return Array.from(mended(address).trim()).slice(0, MAX_ADDRESS_LENGTH).join('');
}

/** What a service tells is not refused for its form: U+FFFD stands for what no store and no page can show. */
export function mended(text: string): string {
  return text.replace(UNFIT, '\ufffd').normalize('NFC');
}

const UNFIT = /[\p{Control}\p{Surrogate}]/gu;

const KEYS: Readonly<Record<ContactType, (address: string, region: string | null) => string>> = {
  PHONE: phoneKey,
  WHATSAPP: phoneKey,
  EMAIL: mailKey,
  TELEGRAM: address => address,
  DISCORD: address => address,
  OTHER: address => address,
};

/** Only the domain is the same in any case: what stands before the @ is for its own host to read. */
function mailKey(address: string): string {
  const at = address.lastIndexOf('@');
  if (at === -1) return address;
  const domain = address.slice(at + 1).toLowerCase();
  return `${address.slice(0, at)}@${domainToASCII(domain) || domain}`;
}

/** An index takes short keys only; two long texts that begin alike must not be one contact. */
function bounded(key: string): string {
  const characters = Array.from(key);
  if (characters.length <= MAX_ADDRESS_LENGTH) return key;
  const hash = `#${createHash('sha256').update(key).digest('hex')}`;
  return characters.slice(0, MAX_ADDRESS_LENGTH - hash.length).join('') + hash;
}

import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { mendedForm } from '../platform/text.rules';
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
  let key = sound(address);
  if (BOUNDED.test(key)) return key;
  // What one rule leaves may be something to another, such as a mail address whose domain turns out to be one.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = sound(KEYS[type](key, region));
    if (next === key) break;
    key = next;
  }
  return bounded(key);
}

/** The address as it is stored: the text itself, as far as a store can hold it. */
export function mendedAddress(address: string): string {
  return Array.from(sound(address)).slice(0, MAX_ADDRESS_LENGTH).join('').trim();
}

/** What a service tells is not refused for its form: U+FFFD stands for what no store and no page can show. */
export function mended(text: string): string {
  return mendedForm(text.replace(UNFIT, '\ufffd'));
}

/** Hostile texts alone need more than two. */
const MAX_ROUNDS = 4;

/** What `bounded` makes of a text that is too long: no rule may look at what is left of it. */
const BOUNDED = /^.{255}#[0-9a-f]{64}$/su;

/** In UTF-16 units: RFC 1035 has 255 bytes. */
const MAX_DOMAIN_LENGTH = 255;

const UNFIT = /[\p{Control}\p{Surrogate}]/gu;

const KEYS: Readonly<Record<ContactType, (address: string, region: string | null) => string>> = {
  PHONE: phoneKey,
  WHATSAPP: phoneKey,
  EMAIL: mailKey,
  TELEGRAM: address => address,
  DISCORD: address => address,
  OTHER: address => address,
};

/** A text that is never blank: a sender without an address is known by the sign for what cannot be shown. */
function sound(address: string): string {
  return mended(address).trim() || '\ufffd';
}

/** Only the domain is the same in any case: what stands before the @ is for its own host to read. */
function mailKey(address: string): string {
  const at = address.lastIndexOf('@');
  if (at === -1) return address;
  return `${address.slice(0, at)}@${domainKey(address.slice(at + 1).toLowerCase())}`;
}

/**
 * What reads domains was made for the hosts of URLs: it ends them at a slash, decodes them, and takes numbers for addresses of
 * the internet. One mail address would come to the key of another.
 */
function domainKey(domain: string): string {
  // What is longer than any domain is none, and would be brought into normal form once more.
  if (domain.length > MAX_DOMAIN_LENGTH || NO_DOMAIN.test(domain)) return domain;
  const ascii = domainToASCII(domain);
  return ascii === '' || IP_ADDRESS.test(ascii) ? domain : ascii;
}

const NO_DOMAIN = /[/?#%:@\\[\]\s]/u;
const IP_ADDRESS = /^\d+(?:\.\d+){3}$/;

/** An index takes short keys only; two long texts that begin alike must not be one contact. */
function bounded(key: string): string {
  const characters = Array.from(key);
  if (characters.length <= MAX_ADDRESS_LENGTH) return key;
  const hash = `#${createHash('sha256').update(key).digest('hex')}`;
  return characters.slice(0, MAX_ADDRESS_LENGTH - hash.length).join('') + hash;
}

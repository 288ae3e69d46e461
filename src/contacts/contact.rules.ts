import { foldCase } from '../platform/text.rules';
import { contactKey, mended, mendedAddress } from './contact.key.rules';
import { type ContactState, type Sender } from './contact.kinds';

/** In code points. */
export const MAX_NAME_LENGTH = 255;

/** Contacts that may be one: what is asked of one of them is asked of all. */
export const MAX_GROUP_SIZE = 100;

/** Stands between name and address so that no search matches across them: a character that neither can hold. */
const SEPARATOR = '\u001f';

/** What `q` looks in: both texts with their case folded. */
export function contactSearchText({ name, address }: Pick<ContactState, 'name' | 'address'>): string {
  return foldCase(name ?? '') + SEPARATOR + foldCase(address ?? '');
}

/** What no two contacts share, as one text. */
export function identityOf({ type, key }: Pick<ContactState, 'type' | 'key'>): string {
  return `${type} ${key ?? ''}`;
}

/** The contact that somebody becomes who is heard of for the first time; what the service tells is mended, never refused. */
export function contactOf(sender: Sender, id: string, now: Date): ContactState & { readonly key: string } {
  const { type, address, name, dataProviderId, region } = sender;
  return {
    id,
    type,
    address: mendedAddress(address),
    key: contactKey(type, address, region),
    name: mendedName(name),
    userId: null,
    canNotify: true,
    dataProviderId,
    mergedInto: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** A contact of which nothing is known but that messages name it. */
export function bareContact(id: string, createdAt: Date): ContactState {
  return {
    id,
    type: 'OTHER',
    address: null,
    key: null,
    name: null,
    userId: null,
    canNotify: true,
    dataProviderId: null,
    mergedInto: null,
    createdAt,
    updatedAt: createdAt,
  };
}

/** Whether nothing is known of a contact but its id. */
export function isBare(contact: ContactState): boolean {
  const { type, address, name, userId, canNotify, dataProviderId, mergedInto } = contact;
  const isEmpty = [address, name, userId, dataProviderId, mergedInto].every(value => value === null);
  return isEmpty && type === 'OTHER' && canNotify;
}

function mendedName(name: string | null): string | null {
  const text = Array.from(mended(name ?? '').trim())
    .slice(0, MAX_NAME_LENGTH)
    .join('')
    .trim();
  return text === '' ? null : text;
}

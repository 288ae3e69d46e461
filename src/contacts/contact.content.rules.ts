import { type Issue } from '../platform/errors';
import { cleanText, textIssue } from '../platform/text.rules';
import { contactKey, MAX_ADDRESS_LENGTH } from './contact.key.rules';
import { CONTACT_TYPES, type ContactState, type ContactType } from './contact.kinds';
import { MAX_NAME_LENGTH } from './contact.rules';
import { regionOf } from './phone.key.rules';

/** What callers give of a contact. A field may be left out (`undefined`), null, or a value: three different things. */
export interface GivenContact {
  readonly type?: ContactType | null | undefined;
  readonly address?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly canNotify?: boolean | null | undefined;
  readonly dataProviderId?: string | null | undefined;
}

export type ContactContent = Pick<
  ContactState,
  'type' | 'address' | 'key' | 'name' | 'userId' | 'canNotify' | 'dataProviderId'
>;

export interface PlannedContact {
  /** Meaningful only where there are no issues. */
  readonly content: ContactContent;
  readonly issues: readonly Issue[];
}

/** In code points; as of messages. */
export const MAX_ID_LENGTH = 64;

/** What a contact holds of whom nothing is said. */
export const EMPTY_CONTACT: Omit<ContactContent, 'type'> = {
  ...{ address: null, key: null, name: null, userId: null, canNotify: true, dataProviderId: null },
};

/** What a contact holds after a change, with everything that is wrong with it. */
export function planContact(
  before: Omit<ContactContent, 'type'> & { readonly type: ContactType | null },
  given: GivenContact,
): PlannedContact {
  const issues: Issue[] = [];
  const report = (field: keyof GivenContact, message: string): void =>
    void issues.push({ path: [field], message });
  const text = (field: 'address' | 'name' | 'userId' | 'dataProviderId'): string | null => {
    const value = given[field];
    if (value === undefined) return before[field];
    return value === null ? null : checked(value, MAX_LENGTHS[field], message => report(field, message));
  };
  const type = given.type === undefined ? before.type : given.type;
  if (type === null) report('type', 'cannot be null');
  else if (!CONTACT_TYPES.includes(type)) report('type', `must be one of ${CONTACT_TYPES.join(', ')}`);
  const canNotify = given.canNotify === undefined ? before.canNotify : given.canNotify;
  if (typeof canNotify !== 'boolean') report('canNotify', 'must be true or false');
  const content = {
    type: type ?? 'OTHER',
    address: text('address'),
    name: text('name'),
    userId: text('userId'),
    canNotify: canNotify === true,
    dataProviderId: text('dataProviderId'),
  };
  const key = issues.length === 0 ? keyAfter(before, content) : null;
  return { content: { ...content, key }, issues };
}

/** Whether two contacts hold the same; the key goes with type and address. */
export function isSameContent(one: ContactContent, other: ContactContent): boolean {
  return CONTENT_FIELDS.every(field => one[field] === other[field]);
}

const CONTENT_FIELDS = Object.keys({
  ...{
    type: true,
    address: true,
    key: true,
    name: true,
    userId: true,
    canNotify: true,
    dataProviderId: true,
  },
} satisfies Record<keyof ContactContent, true>) as readonly (keyof ContactContent)[];

const MAX_LENGTHS = {
  address: MAX_ADDRESS_LENGTH,
  name: MAX_NAME_LENGTH,
  userId: MAX_ID_LENGTH,
  dataProviderId: MAX_ID_LENGTH,
};

const NUMBERED: ReadonlySet<ContactType> = new Set(['PHONE', 'WHATSAPP']);

function keyAfter(
  before: { readonly type: ContactType | null; readonly address: string | null; readonly key: string | null },
  { type, address }: Pick<ContactContent, 'type' | 'address'>,
): string | null {
  if (address === null) return null;
  if (before.type === null || before.key === null) return contactKey(type, address);
  const isNumber = NUMBERED.has(type) && NUMBERED.has(before.type);
  if (address !== before.address) {
    // A number of the same country in another spelling is the same still, though no provider tells its region now.
    const isSame = isNumber && contactKey(type, address, regionOf(before.key)) === before.key;
    return isSame ? before.key : contactKey(type, address);
  }
  if (type === before.type) return before.key;
  // The key of a number knows its country, which the address need not tell.
  return contactKey(type, isNumber ? before.key : address);
}

function checked(value: string, max: number, report: (message: string) => void): string {
  if (typeof value !== 'string') {
    report('must be a text');
    return '';
  }
  const text = cleanText(value);
  const issue = textIssue(text, { max, multiline: false });
  if (issue !== null) report(issue);
  return text;
}

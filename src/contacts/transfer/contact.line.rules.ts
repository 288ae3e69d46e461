import { type Issue } from '../../platform/errors';
import {
  instant,
  oneOf,
  orNull,
  readFields,
  type Reader,
  reference,
  text,
  trueOrFalse,
} from '../../platform/json-fields.rules';
import { cleanText, textIssue } from '../../platform/text.rules';
import { EMPTY_CONTACT, MAX_ID_LENGTH, planContact } from '../contact.content.rules';
import { MAX_ADDRESS_LENGTH } from '../contact.key.rules';
import { CONTACT_TYPES, type ContactState } from '../contact.kinds';

/** What a line gives of a contact: left out (`undefined`), null, or a value of the right type, though not always a right one. */
export type GivenContactFields = { readonly [F in keyof ContactState]?: ContactState[F] | null };

export interface GivenContactLine {
  readonly given: GivenContactFields;
  /** What is wrong with it. */
  readonly issues: readonly Issue[];
  /** What the line makes of a contact that is new; meaningful only where there are no issues. */
  readonly content: Omit<ContactState, 'id' | 'createdAt' | 'updatedAt'>;
}

/** Reads and checks the line of a contact, as far as that needs no look into the store. */
export function readContactLine(json: object): GivenContactLine {
  const issues: Issue[] = [];
  const fields = readFields(json, 'a contact', LINE_FIELDS, DERIVED_FIELDS, (message, ...path) =>
    issues.push({ path, message }),
  ) as GivenContactFields;
  const told = new Set(issues.map(({ path }) => path[0]));
  const id = checkedId('id', fields.id ?? null, issues);
  const mergedInto = checkedId('mergedInto', fields.mergedInto ?? null, issues);
  if (id !== null && id === mergedInto)
    issues.push({ path: ['mergedInto'], message: 'must be another contact' });
  const planned = planContact({ ...EMPTY_CONTACT, type: null }, { type: null, ...fields });
  issues.push(...planned.issues.filter(({ path }) => !told.has(path[0])));
  const key = fields.key ?? planned.content.key;
  const issue = issues.length > 0 ? null : keyIssue(key, planned.content.address);
  if (issue !== null) issues.push({ path: ['key'], message: issue });
  const given = { ...fields, ...(id !== null && { id }), ...(mergedInto !== null && { mergedInto }) };
  return { given, issues, content: { ...planned.content, key, mergedInto } };
}

/** The line of a contact, without its line end. */
export function contactLineOf(contact: ContactState): string {
  const { id, type, address, key, name, userId, canNotify, dataProviderId, mergedInto } = contact;
  return JSON.stringify({
    record: 'contact',
    ...{ id, type, address, key, name, userId, canNotify, dataProviderId, mergedInto },
    ...{ createdAt: contact.createdAt, updatedAt: contact.updatedAt },
  });
}

const LINE_FIELDS: Readonly<Record<keyof ContactState, Reader>> = {
  id: orNull(reference),
  type: oneOf(CONTACT_TYPES),
  address: orNull(text),
  key: orNull(text),
  name: orNull(text),
  userId: orNull(reference),
  canNotify: trueOrFalse,
  dataProviderId: orNull(reference),
  mergedInto: orNull(reference),
  createdAt: instant,
  updatedAt: instant,
};

const DERIVED_FIELDS: ReadonlySet<string> = new Set([
  ...['record', 'mergedIntoId', 'mergedContacts', 'messages', '__typename'],
]);

/** A key is taken as it is: the region that made it of its address may be known no more, and rules change. */
function keyIssue(key: string | null, address: string | null): string | null {
  if (key === null) return null;
  if (address === null) return 'must be left out without an address';
  const isClean = cleanText(key).trim() === key;
  return isClean ? textIssue(key, { max: MAX_ADDRESS_LENGTH, multiline: false }) : KEY_FORM;
}

const KEY_FORM = 'must be in Unicode NFC, without white space around it';

function checkedId(field: 'id' | 'mergedInto', value: unknown, issues: Issue[]): string | null {
  if (value === null) return null;
  const id = typeof value === 'string' ? cleanText(value) : '';
  const issue =
    typeof value === 'string' ? textIssue(id, { max: MAX_ID_LENGTH, multiline: false }) : 'must be a text';
  if (issue !== null) issues.push({ path: [field], message: issue });
  return id;
}

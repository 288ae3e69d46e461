import { randomUUID } from 'node:crypto';
import { describeIssues } from '../../platform/told-issues.rules';
import { type ContactState } from '../contact.kinds';
import { bareContact, isBare, MAX_GROUP_SIZE } from '../contact.rules';
import { type GivenContactFields, type GivenContactLine } from './contact.line.rules';
import { type KnownContacts } from './known-contacts';

/** What becomes of a line. */
export type ContactVerdict =
  | { readonly kind: 'added'; readonly hasIdentity: boolean }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Decides on the line of a contact by what is known. A contact is known by the id that the line carries, or else by its type
 * and address. A bare one is filled; any other is left as it is. What a contact is merged into, and nobody knows so far, is
 * made bare: its own line may come later.
 */
export async function admitContact(
  { given, issues, content }: GivenContactLine,
  known: KnownContacts,
  now: Date,
): Promise<ContactVerdict> {
  if (issues.length > 0) return refused(describeIssues(issues));
  const id = given.id ?? null;
  const withId = id === null ? undefined : known.withId(id);
  const withKey = known.withKey(content);
  const same = id === null ? withKey : withId;
  const createdAt = given.createdAt ?? now;
  const line = { ...content, id: id ?? randomUUID(), createdAt, updatedAt: given.updatedAt ?? createdAt };
  if (same !== undefined) {
    const differing = differingFields(given, line, same);
    if (differing.length === 0 && !isFilledByTime(given, same)) return { kind: 'skipped' };
    if (id === null || !isBare(same)) return refused(`${DIFFERENT}: ${differing.join(', ')}`);
  }
  if (withKey !== undefined && withKey !== same) return refused(KEY_TAKEN);
  const { mergedInto } = content;
  if (mergedInto !== null) {
    if (same !== undefined && (await known.isBelow(mergedInto, same.id))) return refused(CIRCLE);
    if (!known.merge(line.id, mergedInto)) return refused(CROWD);
    if (known.withId(mergedInto) === undefined) known.make(bareContact(mergedInto, createdAt));
  }
  if (same === undefined) known.make(line);
  else known.fill({ ...line, createdAt: given.createdAt ?? same.createdAt });
  return { kind: 'added', hasIdentity: id !== null || content.key !== null };
}

const DIFFERENT = 'a contact with this identity is in the store already, and differs in';
const KEY_TAKEN = 'address: is in the store already, as that of a contact with another id';
const CROWD = `mergedInto: would make more than ${MAX_GROUP_SIZE} contacts one`;
const CIRCLE = 'mergedInto: is merged into this contact';

/** The fields that a line carries in which its contact is another than the stored one; `updatedAt` moves on. */
function differingFields(
  given: GivenContactFields,
  line: ContactState,
  stored: ContactState,
): readonly string[] {
  return COMPARED_FIELDS.filter(
    field => Object.hasOwn(given, field) && valueOf(line[field]) !== valueOf(stored[field]),
  );
}

/** Of a bare contact not even the times are known. */
function isFilledByTime(given: GivenContactFields, stored: ContactState): boolean {
  const { updatedAt } = given;
  return isBare(stored) && updatedAt instanceof Date && updatedAt.getTime() !== stored.updatedAt.getTime();
}

const COMPARED_FIELDS = [
  ...(['type', 'address', 'key', 'name', 'userId', 'canNotify', 'dataProviderId', 'mergedInto'] as const),
  'createdAt',
] as const;

function valueOf(value: ContactState[keyof ContactState]): unknown {
  return value instanceof Date ? value.getTime() : value;
}

function refused(reason: string): ContactVerdict {
  return { kind: 'refused', reason };
}

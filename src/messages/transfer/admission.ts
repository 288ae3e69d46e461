import { admitContact, type ContactVerdict } from '../../contacts/transfer/contact-admission';
import { type GivenContactLine } from '../../contacts/transfer/contact.line.rules';
import { type KnownContacts } from '../../contacts/transfer/known-contacts';
import { type Line } from '../../platform/lines';
import { describeIssues } from '../../platform/told-issues.rules';
import { INHERITED_FIELDS, type Parent } from '../rules/draft.rules';
import { type MessageState } from '../message.kinds';
import { differingFields, providerKeyOf } from './identity.rules';
import { type KnownMessages, type Names } from './known-messages';
import { type GivenLine, planLine, readLine } from './line.rules';

/** A line on its way into the store, or what stopped it. */
export type PreparedLine =
  | { readonly kind: 'refused'; readonly number: number; readonly reason: string }
  | { readonly kind: 'contact'; readonly number: number; readonly line: GivenContactLine }
  | {
      readonly kind: 'prepared';
      readonly number: number;
      readonly line: GivenLine;
      /** Null for a reply that takes something from its parent: it is planned when that is known. */
      readonly planned: PlannedLine | null;
    };

/** The message that a line makes, and what its provider knows it by. */
interface PlannedLine {
  readonly state: MessageState;
  readonly key: string | null;
}

/** What becomes of a line. */
export type Verdict = ContactVerdict;

/** Does what needs no look into the store: everything but identity, and all but reading where the line is a reply. */
export function prepareLine(source: Line, now: Date): PreparedLine {
  const { number } = source;
  const line = 'problem' in source ? source : readLine(source.text);
  if ('problem' in line) return { kind: 'refused', number, reason: line.problem };
  if ('contact' in line) return { kind: 'contact', number, line: line.contact };
  const { given } = line;
  const isReply = typeof given.parentId === 'number';
  if (isReply && INHERITED_FIELDS.some(field => given[field] === undefined)) {
    return { kind: 'prepared', number, line, planned: null };
  }
  const planned = plan(line, null, now);
  if (typeof planned !== 'string') return { kind: 'prepared', number, line, planned };
  // Of a reply it is told first whether its parent is there.
  return isReply
    ? { kind: 'prepared', number, line, planned: null }
    : { kind: 'refused', number, reason: planned };
}

/** What is to be looked up before the line can be decided on; nothing where it is refused already. */
export function namesOf(source: PreparedLine): readonly Names[] {
  if (source.kind !== 'prepared') return [];
  const { given } = source.line;
  const key = source.planned === null ? providerKeyOf(given) : source.planned.key;
  return [{ id: given.id, parentId: given.parentId, key }];
}

/**
 * Decides on a line by what is known: its parent must be, its message may be. A message is known by the id that the
 * line carries, or else by the id that the provider gave it; then it is left as it is.
 */
export async function admitLine(
  source: PreparedLine,
  known: KnownMessages,
  contacts: KnownContacts,
  now: Date,
): Promise<Verdict> {
  if (source.kind === 'refused') return source;
  if (source.kind === 'contact') return admitContact(source.line, contacts, now);
  const { given, issues } = source.line;
  const parent = typeof given.parentId === 'number' ? known.withId(given.parentId) : null;
  if (parent === undefined) return refused(describeIssues([...issues, UNKNOWN_PARENT]));
  const planned = source.planned ?? plan(source.line, parent, now);
  if (typeof planned === 'string') return refused(planned);

  const { state, key } = planned;
  const id = given.id ?? null;
  const withId = id === null ? undefined : known.withId(id);
  const withKey = key === null || withId !== undefined ? undefined : await known.withKey(key);
  const same = id === null ? withKey : withId;
  if (same !== undefined) {
    const differing = differingFields(given, state, same);
    return differing.length === 0 ? { kind: 'skipped' } : refused(`${DIFFERENT}: ${differing.join(', ')}`);
  }
  if (withKey !== undefined) return refused(KEY_TAKEN);
  const newId = id ?? known.nextId();
  if (newId === null) return refused(NO_ID_LEFT);
  known.make({ ...state, id: newId }, key);
  return { kind: 'added', hasIdentity: id !== null || key !== null };
}

const UNKNOWN_PARENT = {
  path: ['parentId'],
  message: 'names no message so far: a parent stands in the store, or before its replies',
};
const DIFFERENT = 'a message with this identity is in the store already, and differs in';
const KEY_TAKEN = 'dataProviderMessageId: is in the store already, as that of a message with another id';
const NO_ID_LEFT = 'no id is left for it: 9007199254740991 has been given';

/** The planned message, or why there is none. */
function plan(line: GivenLine, parent: Parent | null, now: Date): PlannedLine | string {
  const { state, issues } = planLine(line, parent, now);
  return issues.length > 0 ? describeIssues(issues) : { state, key: providerKeyOf(state) };
}

function refused(reason: string): Verdict {
  return { kind: 'refused', reason };
}

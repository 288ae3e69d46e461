import { type Line } from '../../platform/lines';
import { type Parent, type PlannedMessage } from '../draft.rules';
import { type StoredState } from '../message.store';
import { differingFields, providerKeyOf } from './identity.rules';
import { type KnownMessages } from './known-messages';
import { describeIssues, type GivenLine, planLine, readLine } from './line.rules';

/** A line on its way into the store, or what stopped it. */
export type PreparedLine =
  | { readonly kind: 'refused'; readonly number: number; readonly reason: string }
  | {
      readonly kind: 'prepared';
      readonly number: number;
      readonly line: GivenLine;
      /** Null for a reply: it is planned when its parent is known. */
      readonly planned: PlannedMessage | null;
    };

/** What becomes of a line. */
export type Verdict =
  | { readonly kind: 'added'; readonly hasIdentity: boolean }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Does what needs no look into the store: everything but identity, and all but reading where the line is a reply. */
export function prepareLine(source: Line, now: Date): PreparedLine {
  const { number } = source;
  const line = 'problem' in source ? source : readLine(source.text);
  if ('problem' in line) return { kind: 'refused', number, reason: line.problem };
  if (typeof line.given.parentId === 'number') return { kind: 'prepared', number, line, planned: null };
  const planned = plan(line, null, now);
  return typeof planned === 'string'
    ? { kind: 'refused', number, reason: planned }
    : { kind: 'prepared', number, line, planned };
}

/**
 * Decides on a line by what is known: its parent must be, its message may be. A message is known by the id that the
 * line carries, or else by the id that the provider gave it; then it is left as it is.
 */
export async function admitLine(source: PreparedLine, known: KnownMessages, now: Date): Promise<Verdict> {
  if (source.kind === 'refused') return source;
  const { given, issues } = source.line;
  const parent = typeof given.parentId === 'number' ? known.withId(given.parentId) : null;
  if (parent === undefined) return refused(describeIssues([...issues, UNKNOWN_PARENT]));
  const planned = source.planned ?? plan(source.line, parent, now);
  if (typeof planned === 'string') return refused(planned);

  const { state } = planned;
  const id = given.id ?? null;
  const key = providerKeyOf(state);
  const withId = id === null ? undefined : known.withId(id);
  const withKey = key === null || withId !== undefined ? undefined : await known.withKey(key);
  const same = id === null ? withKey : withId;
  if (same !== undefined) {
    const differing = differingFields(given, state, same);
    return differing.length === 0 ? { kind: 'skipped' } : refused(`${DIFFERENT}: ${differing.join(', ')}`);
  }
  if (withKey !== undefined) return refused(KEY_TAKEN);
  return make({ ...state, id: id ?? known.nextId() }, id !== null || key !== null, known);
}

const UNKNOWN_PARENT = {
  path: ['parentId'],
  message: 'names no message so far: a parent stands in the store, or before its replies',
};
const DIFFERENT = 'a message with this identity is in the store already, and differs in';
const KEY_TAKEN = 'dataProviderMessageId: is in the store already, as that of a message with another id';
const NO_ID_LEFT = 'no id is left for it: 9007199254740991 has been given';

function make(
  message: Omit<StoredState, 'id'> & { readonly id: number | null },
  hasIdentity: boolean,
  known: KnownMessages,
): Verdict {
  const { id } = message;
  if (id === null) return refused(NO_ID_LEFT);
  known.make({ ...message, id });
  return { kind: 'added', hasIdentity };
}

/** The planned message, or why there is none. */
function plan(line: GivenLine, parent: Parent | null, now: Date): PlannedMessage | string {
  const planned = planLine(line, parent, now);
  return planned.issues.length > 0 ? describeIssues(planned.issues) : planned;
}

function refused(reason: string): Verdict {
  return { kind: 'refused', reason };
}

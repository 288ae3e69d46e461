import { allOf, ALWAYS, anyOf, type Clause, clause, NEVER } from '../platform/database/clause';
import { amongNames, listIssue } from '../platform/database/conditions';
import { type Dialect } from '../platform/database/dialect';
import { type Issue } from '../platform/errors';
import { cleanText, foldCase, textIssue } from '../platform/text.rules';
import { contactKey, mendedAddress } from './contact.key.rules';
import { CONTACT_TYPES, type ContactType } from './contact.kinds';

type Given<T> = T | null | undefined;

/** Which contacts are asked for, as in the schema; null is the same as leaving a field out. */
export interface ContactFilter {
  readonly q?: Given<string>;
  readonly type?: Given<readonly ContactType[]>;
  readonly address?: Given<readonly string[]>;
  readonly userId?: Given<readonly string[]>;
  readonly canNotify?: Given<boolean>;
  readonly dataProviderId?: Given<readonly string[]>;
}

/** Of `q`, in code points. */
const MAX_SEARCH_LENGTH = 1_000;

/** Everything that is wrong with a filter; the paths begin with `filter`. */
export function contactFilterIssues(filter: Given<ContactFilter>): readonly Issue[] {
  return Object.entries(filter ?? {}).flatMap(([field, value]: [string, unknown]) => {
    const message = Array.isArray(value)
      ? listIssue(value)
      : typeof value === 'string'
        ? textIssue(cleanText(value), { max: MAX_SEARCH_LENGTH })
        : null;
    return message === null ? [] : [{ path: ['filter', field], message }];
  });
}

/** What a filter leaves that `contactFilterIssues` has nothing to say about, and how. */
export interface ContactFilterSql {
  readonly where: Clause;
  /** Whether it leaves few contacts, which are looked up by it whatever their order. */
  readonly isNarrow: boolean;
}

/**
 * @param finds whether `q` is to be looked up in the search index.
 */
export function compileContactFilter(
  dialect: Dialect,
  filter: Given<ContactFilter>,
  finds: boolean,
): ContactFilterSql {
  const given = filter ?? {};
  // A field that is missing here does not compile.
  const clauses: Readonly<Record<keyof ContactFilter, Clause>> = {
    q: whereGiven(given.q, q => dialect.holds('contacts', 'search_text', searchedText(q), finds)),
    type: whereGiven(given.type, types => amongNames('type', CONTACT_TYPES, types)),
    address: whereGiven(given.address, addresses => standsForAny(hasAddress(dialect, addresses))),
    userId: whereGiven(given.userId, ids => standsForAny(dialect.among('user_id', ids.map(cleanText)))),
    canNotify: whereGiven(given.canNotify, can => clause(`can_notify = ${can ? 1 : 0}`)),
    dataProviderId: whereGiven(given.dataProviderId, ids =>
      dialect.among('data_provider_id', ids.map(cleanText)),
    ),
  };
  const isNarrow = (given.address ?? given.userId ?? null) !== null;
  // Merged contacts are shown as those that they are merged into.
  return { where: allOf([LISTED, ...Object.values(clauses)]), isNarrow };
}

/** What is looked for: as stored texts are cleaned, with the case folded. */
export function searchedText(search: string): string {
  return foldCase(cleanText(search));
}

/** In the words of the partial indexes. */
const LISTED = clause('merged_into is null');

/** Few have an address or a user: from each it is a short way up to who is listed. `union` ends in a circle as well. */
function standsForAny(found: Clause): Clause {
  if (found === NEVER) return NEVER;
  const sql = `id in (
    with recursive up (id, merged_into) as (
      select id, merged_into from contacts where ${found.sql}
      union select contacts.id, contacts.merged_into from up join contacts on contacts.id = up.merged_into
    ) select id from up where merged_into is null)`;
  return clause(sql, ...found.parameters);
}

/** An address is known as it was given, or by its key under any type. */
function hasAddress(dialect: Dialect, addresses: readonly string[]): Clause {
  const raw = addresses.filter(text => text.trim() !== '').map(mendedAddress);
  const keys = new Set(raw.flatMap(text => CONTACT_TYPES.map(type => contactKey(type, text))));
  return anyOf([dialect.among('address', raw), dialect.among('"key"', [...keys])]);
}

function whereGiven<T>(value: Given<T>, clauseOf: (value: T) => Clause): Clause {
  return value === null || value === undefined ? ALWAYS : clauseOf(value);
}

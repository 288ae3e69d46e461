import { allOf, ALWAYS, type Clause } from '../platform/database/clause';
import { amongNames, type DateTimeRange, listIssue, withinRange } from '../platform/database/conditions';
import { type Dialect } from '../platform/database/dialect';
import { type Issue } from '../platform/errors';
import { idOf } from '../platform/id.rules';
import { AUDIT_ACTIONS, AUDIT_ACTORS, type AuditAction, type AuditActor } from './audit.kinds';

type Given<T> = T | null | undefined;

/** Which entries are asked for, as in the schema; null is the same as leaving a field out. */
export interface AuditFilter {
  readonly messageId?: Given<readonly string[]>;
  readonly tokenId?: Given<readonly string[]>;
  readonly requestId?: Given<readonly string[]>;
  readonly action?: Given<readonly AuditAction[]>;
  readonly actor?: Given<readonly AuditActor[]>;
  readonly at?: Given<DateTimeRange>;
}

/** A filter as SQL: what stands after `from`, which names the index by which the entries are found, and after `where`. */
export interface AuditFilterSql {
  readonly from: string;
  readonly where: Clause;
}

/** Everything that is wrong with a filter; the paths begin with `filter`. */
export function auditFilterIssues(filter: AuditFilter | null | undefined): readonly Issue[] {
  return Object.entries(filter ?? {}).flatMap(([field, value]: [string, unknown]) => {
    const message = Array.isArray(value) ? listIssue(value) : null;
    return message === null ? [] : [{ path: ['filter', field], message }];
  });
}

/** Compiles a filter that `auditFilterIssues` has nothing to say about. */
export function compileAuditFilter(dialect: Dialect, filter: AuditFilter | null | undefined): AuditFilterSql {
  const given = filter ?? {};
  // A field that is missing here does not compile.
  const clauses: Readonly<Record<keyof AuditFilter, Clause>> = {
    messageId: whereGiven(given.messageId, ids => dialect.among('message_id', idsOf(ids))),
    tokenId: whereGiven(given.tokenId, ids => dialect.among('token_id', idsOf(ids))),
    requestId: whereGiven(given.requestId, ids => dialect.among('request_id', ids)),
    action: whereGiven(given.action, actions => amongNames('action', AUDIT_ACTIONS, actions)),
    actor: whereGiven(given.actor, actors => amongNames('actor', AUDIT_ACTORS, actors)),
    at: whereGiven(given.at, range => withinRange('at', range)),
  };
  return { from: dialect.walked('audit_entries', indexFor(given)), where: allOf(Object.values(clauses)) };
}

function whereGiven<T>(value: Given<T>, clauseOf: (value: T) => Clause): Clause {
  return value === null || value === undefined ? ALWAYS : clauseOf(value);
}

/**
 * A message and a request have few entries, which are looked up and sorted. Those of one token may be half the record:
 * they are walked in the order of the list by an index of their own, and everything else by that of time.
 */
function indexFor({ messageId, requestId, tokenId }: AuditFilter): string {
  if (messageId) return 'audit_entries_by_message';
  if (requestId) return 'audit_entries_by_request';
  return tokenId?.length === 1 ? 'audit_entries_by_token' : 'audit_entries_by_time';
}

/** A text that is no id names nothing. */
function idsOf(texts: readonly string[]): readonly number[] {
  return texts.map(idOf).filter(id => id !== null);
}

/**
 * What a caller can be told went wrong, and can act on. Every refusal carries a stable code; how it looks in a
 * GraphQL answer is decided in one place, `platform/server/format-error.ts`.
 */
export type RefusalCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'INVALID_STATUS_TRANSITION'
  | 'CONFLICT'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'QUERY_TOO_COMPLEX'
  | 'RATE_LIMITED'
  | 'OVERLOADED'
  | 'TIMEOUT'
  | 'DATABASE_UNAVAILABLE'
  | 'STORAGE_FULL';

/** One problem of an input: where (field names from the argument on) and what. Never holds the caller's value. */
export interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
    /** What goes beside the code in `extensions`. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** Refuses an input with every problem found in it. */
export function badUserInput(issues: readonly Issue[]): Refusal {
  return new Refusal('BAD_USER_INPUT', describeIssues(issues), { issues });
}

/**
 * The refusal of a caller who is not known, or of nobody where somebody must be known: one text for a token that is
 * missing, malformed, unknown, expired or revoked, so that no guess learns anything from it.
 */
export function unauthenticated(): Refusal {
  return new Refusal('UNAUTHENTICATED', 'A valid token is needed: Authorization: Bearer <token>.');
}

function describeIssues(issues: readonly Issue[]): string {
  const [first] = issues;
  if (first === undefined) return 'The input is not valid.';
  const place = first.path.join('.');
  const rest = issues.length > 1 ? ` (and ${issues.length - 1} more: see extensions.issues)` : '';
  return place === '' ? `${first.message}${rest}` : `${place}: ${first.message}${rest}`;
}

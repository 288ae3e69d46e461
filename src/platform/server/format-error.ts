import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type Logger } from 'pino';
import { type Issue, Refusal } from '../errors';
import { logUnserved } from './unserved';

/** Characters of one message: more helps nobody, and GraphQL builds messages out of what it was sent. */
const MAX_MESSAGE_LENGTH = 300;

/** Characters of all errors together, as JSON: no request should be answered with a multiple of itself. */
const MAX_ERRORS_LENGTH = 10_000;

/** Codes that Apollo gives to errors of its own; such messages are about the request's form, not about our insides. */
const GRAPHQL_CODES: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
]);

/** What is the operator's to mend: expected, and still worth a line in the log. */
const OPERATORS_CODES: ReadonlySet<string> = new Set(['OVERLOADED', 'DATABASE_UNAVAILABLE', 'STORAGE_FULL']);

/**
 * Turns whatever was thrown into what a caller is told, in the one place that does so.
 * @param requestId goes with an unexpected error, whose own text stays in the log.
 */
export function formatErrors(
  errors: readonly unknown[],
  requestId?: string,
): readonly GraphQLFormattedError[] {
  const formatted: GraphQLFormattedError[] = [];
  let length = 0;
  for (const [index, error] of errors.entries()) {
    const next = withFewerIssues(formatError(error, requestId));
    length += JSON.stringify(next).length;
    if (length > MAX_ERRORS_LENGTH && index > 0) {
      const message = `${errors.length - index} more errors are left out.`;
      return [...formatted, { message, extensions: { code: codeOf(next) } }];
    }
    formatted.push(next);
  }
  return formatted;
}

/** Tells the log what the answer does not: unexpected errors in full, and what the operator has to mend. */
export function logFailures(log: Logger, errors: readonly unknown[], requestId: string): void {
  for (const error of errors) {
    const code = codeOf(formatError(error));
    const refusal = refusalIn(error);
    if (code === 'INTERNAL_SERVER_ERROR') {
      log.error({ requestId, err: originOf(error) }, 'a request failed unexpectedly');
    } else if (refusal !== undefined && OPERATORS_CODES.has(code)) {
      logUnserved(log, refusal, requestId);
    }
  }
}

export function codeOf(error: GraphQLFormattedError): string {
  const code = error.extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
}

function formatError(error: unknown, requestId?: string): GraphQLFormattedError {
  const told = tell(error, requestId);
  const { locations, path } = error instanceof GraphQLError ? error.toJSON() : {};
  return {
    message: cut(told.message),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: told.extensions,
  };
}

function tell(
  error: unknown,
  requestId?: string,
): { readonly message: string; readonly extensions: Record<string, unknown> } {
  const refusal = refusalIn(error);
  if (refusal !== undefined) {
    const details = Object.entries(refusal.details).filter(([name]) => name !== 'cause');
    return { message: refusal.message, extensions: { ...Object.fromEntries(details), code: refusal.code } };
  }
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  if (error instanceof GraphQLError && typeof code === 'string' && GRAPHQL_CODES.has(code)) {
    return { message: withoutValues(error.message), extensions: { code } };
  }
  if (code === 'BAD_USER_INPUT') return { message: 'The input is not valid.', extensions: { code } };
  return {
    message: 'Something went wrong on our side.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...(requestId !== undefined && { requestId }) },
  };
}

/** GraphQL wraps what a resolver throws, and Apollo what GraphQL throws. */
function refusalIn(error: unknown): Refusal | undefined {
  const origin = originOf(error);
  return origin instanceof Refusal ? origin : undefined;
}

function originOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}

/** The parser quotes what it stumbled over, to the end of its message, and an unknown operation is quoted as well. */
function withoutValues(message: string): string {
  return message
    .replace(/\b(found|Unexpected) (String|BlockString|Name|Int|Float|Comment) ".*$/s, '$1 $2.')
    .replace(/\b(sequence|character|got): ".*$/s, '$1.')
    .replace(/^This operation has been blocked as a potential.*$/s, CROSS_SITE)
    .replace(/^Syntax Error: Document contains more that (\d+) tokens.*$/s, TOO_MANY_TOKENS)
    .replace(/^Unknown operation named ".*$/s, 'The document holds no operation of that name.');
}

/** Apollo's own words are longer than a message may be, and name what to do last. */
const CROSS_SITE =
  'A page of another site could have sent this. Send JSON by POST, or add the header "apollo-require-preflight: 1".';
const TOO_MANY_TOKENS =
  'The limit `tokens` allows $1 words and signs in a document; here are more. Ask for less at a time, and give values as variables.';

/** Keeps the list of problems within the answer's limit, and says how many it leaves out. */
function withFewerIssues(error: GraphQLFormattedError): GraphQLFormattedError {
  const issues = error.extensions?.['issues'];
  if (!Array.isArray(issues) || JSON.stringify(issues).length <= MAX_ERRORS_LENGTH * 0.9) return error;
  const kept: Issue[] = [];
  let length = 0;
  for (const issue of issues as readonly Issue[]) {
    const next = { ...issue, message: cut(issue.message) };
    length += JSON.stringify(next).length + 1;
    if (length > MAX_ERRORS_LENGTH * 0.9) break;
    kept.push(next);
  }
  const rest = { path: [], message: `and ${issues.length - kept.length} more problems` };
  return { ...error, extensions: { ...error.extensions, issues: [...kept, rest] } };
}

function cut(text: string): string {
  if (text.length <= MAX_MESSAGE_LENGTH) return text;
  // Not within a character: half of one would make an answer that strict readers of JSON refuse.
  return `${text.slice(0, MAX_MESSAGE_LENGTH - 1).replace(/\p{Surrogate}$/u, '')}…`;
}

/** What is looked at of an error of the connection, whoever has thrown it: IMAP, TLS or the socket. */
interface Failure {
  readonly code?: unknown;
  readonly authenticationFailed?: unknown;
  readonly serverResponseCode?: unknown;
  readonly mailboxMissing?: unknown;
  readonly tlsFailed?: unknown;
  readonly responseStatus?: unknown;
}

const NO_SUCH_NAME = ['ENOTFOUND', 'EAI_AGAIN'];
const NO_ANSWER = ['ETIMEDOUT', 'ETIMEOUT', 'CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'];
const NO_FILE = ['ENOENT', 'EACCES', 'EISDIR'];
const CERTIFICATE = /CERT|ISSUER|SELF_SIGNED|ALTNAME|SIGNATURE|^ERR_(SSL|TLS)|^EPROTO$/;

/**
 * Why the mailbox is out of reach, fit for a log: what servers write in their answers may hold addresses, so that only
 * words from closed lists go out.
 */
export function describeFailure(error: unknown): string {
  const failure: Failure = typeof error === 'object' && error !== null ? error : {};
  const code = wordOf(failure.code);
  if (failure.authenticationFailed === true) {
    return `the server refuses the login${inBrackets(wordOf(failure.serverResponseCode))}`;
  }
  if (failure.mailboxMissing === true) return 'the server has no such mailbox';
  if (failure.tlsFailed === true || CERTIFICATE.test(code)) return `TLS fails${inBrackets(code)}`;
  if (NO_FILE.includes(code)) return `the file of certificates cannot be read (${code})`;
  if (NO_SUCH_NAME.includes(code)) return `the name of the server leads nowhere (${code})`;
  if (code === 'ECONNREFUSED') return 'nobody listens there (ECONNREFUSED)';
  if (NO_ANSWER.includes(code)) return `the server does not answer (${code})`;
  if (failure.responseStatus === 'NO' || failure.responseStatus === 'BAD') {
    return `the server refuses a command${inBrackets(wordOf(failure.serverResponseCode))}`;
  }
  return `the connection broke${inBrackets(code)}`;
}

/** Whether another password could help. */
export function isRefusedLogin(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'authenticationFailed' in error;
}

/** A code, never a sentence. */
function wordOf(value: unknown): string {
  return typeof value === 'string' && /^[A-Z][A-Z0-9_-]{0,40}$/i.test(value) ? value : '';
}

function inBrackets(word: string): string {
  return word === '' ? '' : ` (${word})`;
}

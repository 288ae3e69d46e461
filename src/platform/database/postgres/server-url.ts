/** The address of a PostgreSQL server, as far as it can be judged without asking there. It may hold a password. */

const SCHEME = /^postgres(ql)?:/i;

export function isServerUrl(url: string): boolean {
  return SCHEME.test(url);
}

/** What is wrong with it, as the rest of a sentence that begins with the setting's name. The address is never repeated. */
export function serverUrlProblem(url: string): string | undefined {
  const parts = isServerUrl(url) && URL.canParse(url) ? new URL(url) : null;
  if (parts === null) return `must be ${FORM}; what is no letter or digit in a password is written as %XX`;
  if (!isEscaped(parts)) return 'has a % that begins no %XX';
  if (hostOf(parts) === '') return `names no server; it must be ${FORM}`;
  if (hostOf(parts).includes(',')) return 'names several servers; name one, or what stands before them';
  return /^\/[^/]+$/.test(parts.pathname) ? undefined : `names no database; it must be ${FORM}`;
}

/** What may be shown of an address that `serverUrlProblem` has no objection to: where it leads, and not who enters. */
export function shownServerUrl(url: string): string {
  const parts = new URL(url);
  return `postgres://${hostOf(parts)}${parts.port === '' ? '' : `:${parts.port}`}${parts.pathname}`;
}

const FORM = 'postgres://USER:PASSWORD@HOST:PORT/DATABASE';

/** A folder of sockets cannot stand where a host does; the driver takes it from here as well. */
function hostOf({ hostname, searchParams }: URL): string {
  return searchParams.get('host') ?? decodeURIComponent(hostname);
}

function isEscaped({ username, password, hostname, pathname }: URL): boolean {
  try {
    for (const part of [username, password, hostname, pathname]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

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
  if (!/^\/[^/]+$/.test(parts.pathname)) return `names no database; it must be ${FORM}`;
  return parameterProblem(parts);
}

/** What may be shown of an address that `serverUrlProblem` has no objection to: where it leads, and not who enters. */
export function shownServerUrl(url: string): string {
  const parts = new URL(url);
  return `postgres://${hostOf(parts)}${parts.port === '' ? '' : `:${parts.port}`}${parts.pathname}`;
}

/** What the driver reads, and needs nothing of ours to be different; nobody reads any other. */
const PARAMETERS: ReadonlySet<string> = new Set([
  ...['host', 'port', 'user', 'password', 'application_name', 'options'],
  ...['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'uselibpqcompat'],
]);

/** The driver takes whatever it does not know for `verify-full`. */
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** A parameter that nobody heeds may be one on which somebody relies, such as the schema. */
function parameterProblem({ search, searchParams }: URL): string | undefined {
  // Behind a password with a question mark that was not escaped comes an @ still: that is no name to be shown.
  const mayBeShown = !search.includes('@');
  for (const name of searchParams.keys()) {
    if (PARAMETERS.has(name)) continue;
    return `has a parameter that nothing reads${mayBeShown ? `: ${name}` : ''}`;
  }
  const mode = searchParams.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode))
    return `has an sslmode that is none of ${SSL_MODES.join(', ')}`;
  return undefined;
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

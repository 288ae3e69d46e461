import { QUERY_LIMITS, type QueryLimits } from './query-limits';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One variable of the environment, as people read about it. A check compares this table with the documents. */
export interface Setting {
  readonly name: string;
  /** What counts when the variable is unset or empty; null for nothing at all. */
  readonly default: string | null;
  /** What counts instead of `default` under NODE_ENV=production, where that differs. */
  readonly defaultInProduction?: string;
  readonly meaning: string;
  /** A value to start from, as it is typed after `NAME=` in a shell. */
  readonly example: string;
}

export const SETTINGS = [
  { name: 'HOST', default: '127.0.0.1', meaning: 'the address to listen on', example: '0.0.0.0' },
  { name: 'PORT', default: '4000', meaning: 'the port to listen on; 0 takes any free one', example: '8080' },
  {
    name: 'DATABASE_URL',
    default: 'sqlite:./data/heliograph.sqlite',
    meaning:
      'the store: sqlite:PATH, sqlite::memory: for a private temporary file, gone at exit, or postgres://SERVER/DATABASE',
    example: 'sqlite:./data/heliograph.sqlite',
  },
  {
    name: 'DATABASE_READ_URLS',
    default: 'none',
    meaning:
      'replicas of a PostgreSQL store, which answer reads; separated by commas, each the address of one server',
    example: 'postgres://reader:secret@replica1/heliograph,postgres://reader:secret@replica2/heliograph',
  },
  {
    name: 'DATABASE_READ_LAG_MS',
    default: '30000',
    meaning:
      'how old, in milliseconds, what replicas answer may be; who has just written sees that at once all the same',
    example: '10000',
  },
  {
    name: 'DATABASE_CONNECTIONS',
    default: '18',
    meaning:
      'connections that one process makes to PostgreSQL, at least 2; five of nine read, and as many to each replica',
    example: '40',
  },
  {
    name: 'ADMIN_TOKEN',
    default: null,
    meaning: 'a bearer token with every scope, for containers and tests; at least 16 characters',
    example: '$(openssl rand -hex 32)',
  },
  {
    name: 'ANONYMOUS_SCOPES',
    default: null,
    meaning: 'the scopes that need no token, separated by commas',
    example: 'messages:list,messages:create',
  },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    meaning: `how much is logged: ${LOG_LEVELS.join(', ')}`,
    example: 'warn',
  },
  {
    name: 'RATE_LIMIT',
    default: '600',
    meaning: 'requests a minute per token (anonymous: per address), bursts of a sixth of it; off for none',
    example: '1200',
  },
  {
    name: 'WRONG_TOKEN_LIMIT',
    default: '20',
    meaning: 'requests a minute with a wrong token per address; off for no limit',
    example: '100',
  },
  {
    name: 'MAX_RUNNING',
    default: '200',
    meaning: 'requests that run at the same time; more of them make each slower',
    example: '50',
  },
  {
    name: 'MAX_WAITING',
    default: '400',
    meaning: 'requests that wait for their turn, 2 seconds at most; more are refused at once',
    example: '100',
  },
  {
    name: 'EXECUTION_TIMEOUT_MS',
    default: '10000',
    meaning: 'milliseconds that a request may run',
    example: '5000',
  },
  {
    name: 'BODY_LIMIT',
    default: '1000000',
    meaning: 'bytes of the largest request',
    example: '4000000',
  },
  {
    name: 'QUERY_LIMITS',
    default: limitsText(QUERY_LIMITS),
    meaning: 'how large an operation may be; a limit that is not named keeps its default',
    example: 'depth:15,nodes:20000',
  },
  {
    name: 'CORS_ORIGINS',
    default: 'none',
    meaning: 'the origins whose browser apps may call the API, separated by commas',
    example: 'https://app.example.org,https://desk.example.org',
  },
  {
    name: 'TRUST_PROXY',
    default: 'none',
    meaning:
      'the proxies whose forwarded address counts: addresses, CIDR ranges, loopback, linklocal or uniquelocal, separated by commas',
    example: '127.0.0.1,10.0.0.0/8',
  },
  {
    name: 'PROVIDERS_FILE',
    default: null,
    meaning: 'the file that sets up the data providers, in YAML; read at the start',
    example: './providers.yaml',
  },
  {
    name: 'PUBLIC_URL',
    default: null,
    meaning:
      'the address by which services reach the gateway, with the path that a proxy puts before its own',
    example: 'https://gateway.example.org',
  },
  {
    name: 'INTAKE_KEY',
    default: null,
    meaning:
      'the key under which requests that are kept raw are encrypted: 32 bytes, in hexadecimal or base64',
    example: '$(openssl rand -hex 32)',
  },
  {
    name: 'INTAKE_RETENTION_DAYS',
    default: '14',
    meaning: 'days for which requests that could not be read or stored are kept',
    example: '30',
  },
  {
    name: 'EXPLORER',
    default: 'on',
    defaultInProduction: 'off',
    meaning: 'the Apollo Sandbox page, open introspection and hints in errors: on or off',
    example: 'off',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]['name'];

/** Limits as the setting QUERY_LIMITS holds them: `depth:12,aliases:20`. */
function limitsText(limits: QueryLimits): string {
  return Object.entries(limits)
    .map(([name, value]) => `${name}:${String(value)}`)
    .join(',');
}

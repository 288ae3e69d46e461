import { databaseUrlProblem } from './database/place';
import {
  adminTokenProblem,
  choiceProblem,
  hostProblem,
  listOf,
  originOf,
  originsProblem,
  portProblem,
  proxiesProblem,
  rateLimitProblem,
  scopesProblem,
} from './setting.rules';

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
    meaning: 'the store: sqlite:PATH, or sqlite::memory: for a private temporary file, gone at exit',
    example: 'sqlite:./data/heliograph.sqlite',
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
    name: 'EXPLORER',
    default: 'on',
    defaultInProduction: 'off',
    meaning: 'the Apollo Sandbox page, open introspection and hints in errors: on or off',
    example: 'off',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]['name'];

/** The settings, checked and frozen. */
export interface Config<Scope extends string = string> {
  readonly host: string;
  /** 0 to 65535; 0 for any free port. */
  readonly port: number;
  /** For `placeOf`; the database's own address grammar stays there. */
  readonly databaseUrl: string;
  readonly adminToken: string | null;
  readonly anonymousScopes: readonly Scope[];
  readonly logLevel: LogLevel;
  /** 1 to 1,000,000; null for no limit. */
  readonly rateLimitPerMinute: number | null;
  /** As browsers send them in `Origin`; empty for none. */
  readonly corsOrigins: readonly string[];
  /** Addresses and ranges in the form that fastify's `trustProxy` takes; empty for none. */
  readonly trustedProxies: readonly string[];
  readonly explorer: boolean;
}

/** Everything that is wrong with the settings, one line each, fit to be shown to the operator. */
export class ConfigError extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * Reads the settings from an environment; an empty variable counts as unset. No value is ever echoed: each may hold
 * a secret, if only because it was pasted behind the wrong name.
 * @param scopes the scopes there are, handed in because this folder knows no subject.
 * @throws ConfigError that lists every wrong setting.
 */
export function readConfig<Scope extends string>(
  env: NodeJS.ProcessEnv,
  scopes: readonly Scope[],
): Config<Scope> {
  const lines = SETTINGS.flatMap(setting => {
    const value = given(env, setting.name);
    const problem = value === undefined ? undefined : PROBLEMS[setting.name](value, scopes);
    return problem === undefined
      ? []
      : [`${setting.name} ${problem}; for example: ${setting.name}=${setting.example}`];
  });
  if (lines.length > 0) throw new ConfigError(lines);

  const valueOf = (name: SettingName): string => given(env, name) ?? defaultOf(env, name) ?? '';
  const rateLimit = valueOf('RATE_LIMIT').toLowerCase();
  const anonymousScopes = new Set(listOf(valueOf('ANONYMOUS_SCOPES')));
  return Object.freeze({
    host: valueOf('HOST'),
    port: Number(valueOf('PORT')),
    databaseUrl: valueOf('DATABASE_URL'),
    adminToken: given(env, 'ADMIN_TOKEN') ?? null,
    anonymousScopes: Object.freeze(scopes.filter(scope => anonymousScopes.has(scope))),
    logLevel: valueOf('LOG_LEVEL').toLowerCase() as LogLevel,
    rateLimitPerMinute: rateLimit === 'off' ? null : Number(rateLimit),
    corsOrigins: Object.freeze(listOf(valueOf('CORS_ORIGINS')).map(origin => originOf(origin) ?? origin)),
    trustedProxies: Object.freeze(listOf(valueOf('TRUST_PROXY'))),
    explorer: valueOf('EXPLORER').toLowerCase() === 'on',
  });
}

/** Whether the operator asked for detail: only then does a failing command show its stack. */
export function wantsDetail(env: NodeJS.ProcessEnv): boolean {
  return ['debug', 'trace'].includes(given(env, 'LOG_LEVEL')?.toLowerCase() ?? '');
}

/** What is wrong with a value that was given, as the rest of a sentence that begins with the variable's name. */
const PROBLEMS: Readonly<
  Record<SettingName, (value: string, scopes: readonly string[]) => string | undefined>
> = {
  HOST: hostProblem,
  PORT: portProblem,
  DATABASE_URL: databaseUrlProblem,
  ADMIN_TOKEN: adminTokenProblem,
  ANONYMOUS_SCOPES: scopesProblem,
  LOG_LEVEL: value => choiceProblem(value, LOG_LEVELS),
  RATE_LIMIT: rateLimitProblem,
  CORS_ORIGINS: originsProblem,
  TRUST_PROXY: proxiesProblem,
  EXPLORER: value => choiceProblem(value, ['on', 'off']),
};

function given(env: NodeJS.ProcessEnv, name: SettingName): string | undefined {
  // A space in a token is a mistake to be told of, anywhere else it is only a trace of how the value was pasted.
  const value = name === 'ADMIN_TOKEN' ? env[name] : env[name]?.trim();
  return value === '' ? undefined : value;
}

function defaultOf(env: NodeJS.ProcessEnv, name: SettingName): string | null {
  const setting: Setting | undefined = SETTINGS.find(candidate => candidate.name === name);
  const production = env['NODE_ENV'] === 'production';
  return (production ? setting?.defaultInProduction : undefined) ?? setting?.default ?? null;
}

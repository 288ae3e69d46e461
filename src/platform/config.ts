import { databaseUrlProblem } from './database/place';
import { isServerUrl, serverUrlProblem } from './database/postgres/server-url';
import { type QueryLimits } from './query-limits';
import { LOG_LEVELS, type LogLevel, type Setting, type SettingName, SETTINGS } from './setting.kinds';
import {
  adminTokenProblem,
  choiceProblem,
  filePathProblem,
  hostProblem,
  keyOf,
  keyProblem,
  listOf,
  listProblem,
  originOf,
  originsProblem,
  portProblem,
  proxiesProblem,
  publicUrlOf,
  publicUrlProblem,
  queryLimitsOf,
  queryLimitsProblem,
  rateLimitProblem,
  scopesProblem,
  wholeNumberProblem,
} from './setting.rules';

/** The settings, checked and frozen. */
export interface Config<Scope extends string = string> {
  readonly host: string;
  /** 0 to 65535; 0 for any free port. */
  readonly port: number;
  /** For `placeOf`; the database's own address grammar stays there. */
  readonly databaseUrl: string;
  /** Of servers that follow that one; empty for none, as always for a store in a file. */
  readonly databaseReadUrls: readonly string[];
  /** 500 to 600,000. */
  readonly databaseReadLagMs: number;
  /** 2 to 500. */
  readonly databaseConnections: number;
  readonly adminToken: string | null;
  readonly anonymousScopes: readonly Scope[];
  readonly logLevel: LogLevel;
  /** Requests a minute per caller, 1 to 1,000,000; null for no limit. */
  readonly rateLimitPerMinute: number | null;
  /** Requests with a wrong token a minute per address, 1 to 1,000,000; null for no limit. */
  readonly wrongTokensPerMinute: number | null;
  /** Requests that run at the same time, 1 to 10,000. */
  readonly maxRunning: number;
  /** Requests that wait for those to end, 0 to 10,000. */
  readonly maxWaiting: number;
  /** 100 to 600,000. */
  readonly executionTimeoutMs: number;
  /** 10,000 to 100,000,000. */
  readonly maxBodyBytes: number;
  readonly queryLimits: QueryLimits;
  /** As browsers send them in `Origin`; empty for none. */
  readonly corsOrigins: readonly string[];
  /** Addresses and ranges in the form that fastify's `trustProxy` takes; empty for none. */
  readonly trustedProxies: readonly string[];
  /** A path; null where there are no data providers. */
  readonly providersFile: string | null;
  /** By which services reach the gateway: origin and path, without a slash at the end. */
  readonly publicUrl: string | null;
  /** 32 bytes; null where what is kept raw is not encrypted. */
  readonly intakeKey: Uint8Array | null;
  /** 1 to 3,650. */
  readonly intakeRetentionDays: number;
  /** The Sandbox page, introspection for everyone, hints in errors. */
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
      : [`${setting.name} ${problem}; for example: ${setting.name}=${exampleOf(setting, value)}`];
  });
  lines.push(...replicasWithoutServer(env));
  if (lines.length > 0) throw new ConfigError(lines);

  const valueOf = (name: SettingName): string => given(env, name) ?? defaultOf(env, name) ?? '';
  const perMinute = (name: SettingName): number | null =>
    valueOf(name).toLowerCase() === 'off' ? null : Number(valueOf(name));
  const anonymousScopes = new Set(listOf(valueOf('ANONYMOUS_SCOPES')));
  return Object.freeze({
    host: valueOf('HOST'),
    port: Number(valueOf('PORT')),
    databaseUrl: valueOf('DATABASE_URL'),
    databaseReadUrls: Object.freeze(listOf(valueOf('DATABASE_READ_URLS'))),
    databaseReadLagMs: Number(valueOf('DATABASE_READ_LAG_MS')),
    databaseConnections: Number(valueOf('DATABASE_CONNECTIONS')),
    adminToken: given(env, 'ADMIN_TOKEN') ?? null,
    anonymousScopes: Object.freeze(scopes.filter(scope => anonymousScopes.has(scope))),
    logLevel: valueOf('LOG_LEVEL').toLowerCase() as LogLevel,
    rateLimitPerMinute: perMinute('RATE_LIMIT'),
    wrongTokensPerMinute: perMinute('WRONG_TOKEN_LIMIT'),
    maxRunning: Number(valueOf('MAX_RUNNING')),
    maxWaiting: Number(valueOf('MAX_WAITING')),
    executionTimeoutMs: Number(valueOf('EXECUTION_TIMEOUT_MS')),
    maxBodyBytes: Number(valueOf('BODY_LIMIT')),
    queryLimits: Object.freeze(queryLimitsOf(valueOf('QUERY_LIMITS'))),
    corsOrigins: Object.freeze(listOf(valueOf('CORS_ORIGINS')).map(origin => originOf(origin) ?? origin)),
    trustedProxies: Object.freeze(listOf(valueOf('TRUST_PROXY'))),
    providersFile: given(env, 'PROVIDERS_FILE') ?? null,
    publicUrl: publicUrlOf(valueOf('PUBLIC_URL')) ?? null,
    intakeKey: keyOf(valueOf('INTAKE_KEY')) ?? null,
    intakeRetentionDays: Number(valueOf('INTAKE_RETENTION_DAYS')),
    explorer: valueOf('EXPLORER').toLowerCase() === 'on',
  });
}

/** In the words that were begun: who names a server is not helped by a file. */
function exampleOf({ name, example }: Setting, value: string | undefined): string {
  return name === 'DATABASE_URL' && isServerUrl(value ?? '') ? SERVER_EXAMPLE : example;
}

const SERVER_EXAMPLE = 'postgres://heliograph:secret@localhost:5432/heliograph';

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
  DATABASE_READ_URLS: readUrlsProblem,
  DATABASE_READ_LAG_MS: value => wholeNumberProblem(value, 500, 600_000),
  DATABASE_CONNECTIONS: value => wholeNumberProblem(value, 2, 500),
  ADMIN_TOKEN: adminTokenProblem,
  ANONYMOUS_SCOPES: scopesProblem,
  LOG_LEVEL: value => choiceProblem(value, LOG_LEVELS),
  RATE_LIMIT: rateLimitProblem,
  WRONG_TOKEN_LIMIT: rateLimitProblem,
  MAX_RUNNING: value => wholeNumberProblem(value, 1, 10_000),
  MAX_WAITING: value => wholeNumberProblem(value, 0, 10_000),
  EXECUTION_TIMEOUT_MS: value => wholeNumberProblem(value, 100, 600_000),
  BODY_LIMIT: value => wholeNumberProblem(value, 10_000, 100_000_000),
  QUERY_LIMITS: queryLimitsProblem,
  CORS_ORIGINS: originsProblem,
  TRUST_PROXY: proxiesProblem,
  PROVIDERS_FILE: filePathProblem,
  PUBLIC_URL: publicUrlProblem,
  INTAKE_KEY: keyProblem,
  INTAKE_RETENTION_DAYS: value => wholeNumberProblem(value, 1, 3_650),
  EXPLORER: value => choiceProblem(value, ['on', 'off']),
};

function readUrlsProblem(value: string): string | undefined {
  return listProblem(value, url =>
    isServerUrl(url) ? serverUrlProblem(url) : 'must be postgres:// and a server',
  );
}

/** Each is fine by itself, but nothing follows a file. */
function replicasWithoutServer(env: NodeJS.ProcessEnv): readonly string[] {
  const url = given(env, 'DATABASE_URL') ?? defaultOf(env, 'DATABASE_URL') ?? '';
  const urls = given(env, 'DATABASE_READ_URLS') ?? '';
  const isFine = readUrlsProblem(urls) === undefined && databaseUrlProblem(url) === undefined;
  if (isServerUrl(url) || !isFine || listOf(urls).length === 0) return [];
  return [
    'DATABASE_READ_URLS needs a server to follow; for example: DATABASE_URL=postgres://USER@HOST/DATABASE',
  ];
}

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

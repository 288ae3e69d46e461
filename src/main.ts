import { type Logger } from 'pino';
import { type App, openApp } from './app';
import { type Scope, SCOPES } from './auth/scope.kinds';
import { type TokenService } from './auth/token.service';
import { type Config } from './platform/config';
import { type Database } from './platform/database/database';
import { placeOf } from './platform/database/place';
import { createLog } from './platform/observability/log';
import { type ConfiguredProvider } from './providers/kind';

export interface ServeOptions {
  readonly config: Config<Scope>;
  /** From the providers file; none when they are left out. */
  readonly providers?: readonly ConfiguredProvider[];
  /** What to do with the store before the first request, such as filling a throw-away one. */
  readonly prepare?: (database: Database) => Promise<void>;
}

/** Milliseconds for a process that has failed to finish what it can; after that it leaves as it is. */
const FAILURE_GRACE_MS = 5_000;

/**
 * Serves until the process is told to stop: starting, listening, stopping (on SIGTERM or SIGINT: what was accepted is
 * finished first), stopped. A second signal leaves at once. A failure that nobody expected ends the process with exit
 * code 1, for a supervisor to start it anew: what it had in mind may be wrong from then on.
 * @returns when it has stopped.
 */
export async function serve({ config, providers = [], prepare }: ServeOptions): Promise<void> {
  const log = createLog(config.logLevel);
  // From here on a signal ends what has begun in order, even while it is still starting.
  const stopped = stopSignal(log);
  const place = placeOf(config.databaseUrl);
  let app: App | undefined;
  leaveOnFailure(log, async () => app?.close());
  outliveReaders();
  try {
    app = await openApp({ config, providers, place, log });
    try {
      await prepare?.(app.database);
      const url = await app.listen();
      process.stdout.write(`Heliograph listens on ${url}/graphql\n`);
      await greet(app.tokens, config, url);
      log.info({ signal: await stopped }, 'stopping');
    } finally {
      await app.close();
    }
    log.info('stopped');
  } finally {
    place.dispose();
  }
}

/** The first start without any token makes one, so that there is a way in; it is shown here and never again. */
async function greet(tokens: TokenService, config: Config<Scope>, url: string): Promise<void> {
  const made = await tokens.createFirst({ name: 'first start', scopes: SCOPES, expiresAt: null });
  if (made === undefined) return;
  process.stdout.write(
    config.explorer
      ? `Open ${url}/graphql#token=${made.token}\nThis address holds a token and is shown only once.\n`
      : `The token, with every scope, is shown only once: ${made.token}\n`,
  );
}

/**
 * Milliseconds in which the same signal is the same key: Ctrl-C reaches the whole group of processes, and npm hands it
 * on to us once more.
 */
const SAME_KEY_MS = 500;

function stopSignal(log: Logger): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    let first: { readonly signal: NodeJS.Signals; readonly atMs: number } | null = null;
    const stop = (signal: NodeJS.Signals): void => {
      if (first === null) {
        first = { signal, atMs: performance.now() };
        resolve(signal);
      } else if (signal !== first.signal || performance.now() - first.atMs > SAME_KEY_MS) {
        log.warn({ signal }, 'leaving at once');
        process.exit(1);
      }
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

function leaveOnFailure(log: Logger, close: () => Promise<void>): void {
  let leaving = false;
  // Also what nobody awaited: Node turns an unhandled rejection into this.
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ failure: failureOf(error), origin }, 'failed unexpectedly, leaving');
    if (leaving) process.exit(1);
    leaving = true;
    setTimeout(() => process.exit(1), FAILURE_GRACE_MS);
    void close()
      .catch(() => undefined)
      .finally(() => process.exit(1));
  });
}

/** Where and what it was, without its message: of an error that nobody expected, nobody knows what it quotes. */
function failureOf(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack = '' } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const frames = stack
    .replace(message, '')
    .split('\n')
    .filter(line => /^\s+at /.test(line));
  return { type: name, code, stack: frames.join('\n') };
}

/** A closed pipe behind the outputs ends a command, whose answer nobody reads then; a server has other clients. */
function outliveReaders(): void {
  for (const output of [process.stdout, process.stderr])
    output.removeAllListeners('error').on('error', () => undefined);
}

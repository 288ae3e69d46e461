import { type Logger } from 'pino';
import { accessControl } from './auth/access';
import { type Scope } from './auth/scope.kinds';
import { TokenService } from './auth/token.service';
import { type Viewer } from './auth/viewer';
import { Context, type Shared } from './context';
import { openIntake } from './intake';
import { MessageStore } from './messages/message.store';
import { type OpenOptions, openStore } from './model';
import { type Clock, systemClock } from './platform/clock';
import { type Config } from './platform/config';
import { type Database } from './platform/database/database';
import { type Place } from './platform/database/place';
import { createServer } from './platform/server/http';
import { type ConfiguredProvider } from './providers/kind';
import { sandboxExamples } from './sandbox-examples';
import { buildHeliographSchema } from './schema';

export interface AppOptions {
  readonly config: Config<Scope>;
  readonly place: Place;
  readonly log: Logger;
  readonly clock?: Clock;
  /** By which messages come in, from the providers file; none when they are left out. */
  readonly providers?: readonly ConfiguredProvider[];
}

/** The gateway, built and connected, not yet listening. */
export interface App {
  readonly database: Database;
  readonly tokens: TokenService;
  /** @returns the address it listens on, such as `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** Finishes what has been accepted, then lets go of the port and of the store. */
  close(): Promise<void>;
}

/** @throws Error when the store is not fit to be served; Refusal when it cannot be reached. It is let go of then. */
export async function openApp(options: AppOptions): Promise<App> {
  const { config, place, log, clock = systemClock } = options;
  const database = await openStore(place, clock, {
    onReplaced: () =>
      log.warn({ store: place.name }, 'the store was replaced; the one that is there now is served'),
    watch: {
      onGone: why => log.warn({ store: place.name, why }, "the store's server is gone"),
      onBack: awayMs => log.info({ store: place.name, awayMs }, "the store's server is back"),
    },
    connections: config.databaseConnections,
    ...(config.databaseReadUrls.length > 0 ? { replicas: replicasOf(config, log) } : {}),
  });
  // Where one was expected, such as on a volume that is not mounted, the operator should hear of it.
  if (database.isNew) log.info({ store: place.name }, 'made a new store');
  try {
    return await buildApp(database, options);
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}

/** The one place that builds things and hands them to each other. */
async function buildApp(database: Database, options: AppOptions): Promise<App> {
  const { config, log, clock = systemClock, providers = [] } = options;
  const tokens = new TokenService({
    database,
    clock,
    adminToken: config.adminToken,
    anonymousScopes: config.anonymousScopes,
  });
  // Of a store that others serve they stay: they are smaller than the entries of the record that tell of them.
  if (!database.dialect.isShared) {
    const store = new MessageStore(database);
    await database.write(unit => store.removeFormerSchedules(unit.query));
  }
  const shared: Shared = {
    database,
    clock,
    runningKeys: new Set<string>(),
    hasReplicas: config.databaseReadUrls.length > 0,
    providers,
  };
  const intake = openIntake({ database, config, providers, clock, log });

  const server = await createServer<Viewer, Context>({
    schema: buildHeliographSchema(),
    log,
    authenticate: (header, address, deadline) => tokens.authenticate(header, address, deadline),
    contextFor: (viewer, { requestId }, allowance) => new Context(shared, viewer, requestId, allowance),
    isReady: deadline => database.within({ deadline }).isReady(),
    ...config,
    examples: sandboxExamples,
    checks: [accessControl],
    rawRoutes: intake.routes,
  });
  return {
    database,
    tokens,
    listen: async () => {
      const { url } = await server.listen({ host: config.host, port: config.port });
      intake.start();
      return url;
    },
    close: async () => {
      try {
        await server.close().finally(() => intake.stop());
      } finally {
        await database.close();
      }
    },
  };
}

function replicasOf(config: Config, log: Logger): OpenOptions['replicas'] & object {
  return {
    urls: config.databaseReadUrls,
    maxLagMs: config.databaseReadLagMs,
    onChange: (replica, why) => {
      if (why === null) log.info({ replica }, 'a replica answers reads from now on');
      else log.warn({ replica, why }, 'a replica is left alone; the server answers its reads');
    },
  };
}

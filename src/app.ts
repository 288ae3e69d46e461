import { type Logger } from 'pino';
import { actorOf } from './audit/actor';
import { AuditPages } from './audit/audit.pages';
import { OwnWrites } from './audit/own-writes';
import { accessControl } from './auth/access';
import { type Scope } from './auth/scope.kinds';
import { TokenService } from './auth/token.service';
import { type Viewer } from './auth/viewer';
import { type Context } from './context';
import { MessageAttempts } from './messages/message.attempts';
import { MessageBatches } from './messages/message.batch';
import { createMessageLoaders, type MessageLoaders } from './messages/message.loader';
import { MessagePages } from './messages/message.pages';
import { MessageService } from './messages/message.service';
import { MessageStore } from './messages/message.store';
import { type OpenOptions, openStore } from './model';
import { type Clock, systemClock } from './platform/clock';
import { type Config } from './platform/config';
import { type Database } from './platform/database/database';
import { allowLaggingReads } from './platform/database/fresh-reads';
import { Idempotency } from './platform/idempotency/idempotency';
import { type Place } from './platform/database/place';
import { createServer } from './platform/server/http';
import { TimeSlices } from './platform/time-slices';
import { sandboxExamples } from './sandbox-examples';
import { buildHeliographSchema } from './schema';

export interface AppOptions {
  readonly config: Config<Scope>;
  readonly place: Place;
  readonly log: Logger;
  readonly clock?: Clock;
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
async function buildApp(database: Database, { config, log, clock = systemClock }: AppOptions): Promise<App> {
  const tokens = new TokenService({
    database,
    clock,
    adminToken: config.adminToken,
    anonymousScopes: config.anonymousScopes,
  });
  const store = new MessageStore(database);
  // Of a store that others serve they stay: they are smaller than the entries of the record that tell of them.
  if (!database.dialect.isShared) await database.write(unit => store.removeFormerSchedules(unit.query));
  const pages = new MessagePages(database, store);
  const audit = new AuditPages(database);
  const ownWrites = new OwnWrites(database);
  const attempts = new MessageAttempts(store, clock);
  const idempotency = new Idempotency(database, clock);
  const messages = new MessageService(database, store, attempts, idempotency);
  const batches = new MessageBatches(database, store, attempts, idempotency);

  const server = await createServer<Viewer, Context>({
    schema: buildHeliographSchema(),
    log,
    authenticate: (header, address) => tokens.authenticate(header, address),
    contextFor: (viewer, { requestId }) => {
      if (config.databaseReadUrls.length > 0) allowLaggingReads(mark => ownWrites.areAfter(viewer, mark));
      let loaders: MessageLoaders | undefined;
      return {
        ...{ viewer, requestId, clock, messages, batches, store, pages, audit },
        actor: actorOf(viewer, requestId),
        slices: new TimeSlices(),
        // Most requests ask for nothing that hangs on messages.
        get loaders() {
          return (loaders ??= createMessageLoaders(store, pages, audit));
        },
      };
    },
    isReady: () => database.isReady(),
    ...config,
    examples: sandboxExamples,
    checks: [accessControl],
  });
  return {
    database,
    tokens,
    listen: async () => (await server.listen({ host: config.host, port: config.port })).url,
    close: async () => {
      try {
        await server.close();
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

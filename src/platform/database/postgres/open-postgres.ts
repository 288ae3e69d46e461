import { type DataSource, type EntitySubscriberInterface } from 'typeorm';
import { type Model } from '../data-source';
import { type Database, databaseOver } from '../database';
import { type Query } from '../query';
import { selectMark } from './commit-outcome';
import { postgresDialect } from './dialect';
import { migrate, pendingMigrations, queryOf } from './migrate-postgres';
import { PostgresReads } from './postgres-reads';
import { PostgresWrites } from './postgres-writes';
import { type ReplicaOptions, Replicas } from './replicas';
import { Server, type ServerWatch } from './server';
import { Sessions } from './sessions';
import { withClient } from './setup-client';
import { typeOrmSource } from './type-orm-source';

export interface PostgresOptions {
  /** `postgres://…`; it may hold a password, and is never repeated. */
  readonly url: string;
  /** How many connections this process makes at most, 2 or more; without the few by which it looks after replicas. */
  readonly connections?: number | undefined;
  /** Servers that follow that one, and may lag behind it: reads of requests that allow it go to them. */
  readonly replicas?: ReplicaOptions | undefined;
  /** Told when the server is gone, and when it is back. */
  readonly watch?: ServerWatch | undefined;
  /** With the migrations of PostgreSQL: `postgresMigrations`. */
  readonly model: Model;
  readonly subscribers: readonly EntitySubscriberInterface[];
}

/**
 * A server of 100 connections, PostgreSQL's default, has room for five such processes. More would not be faster: each is
 * a process of the server that wants a core while it works.
 */
const CONNECTIONS = 18;

/** Of the connections; the others read. A write holds its connection for several statements, a read for one. */
const WRITERS_SHARE = 8 / 18;

/** @throws Error when the database is no store of this release; Refusal when it cannot be reached. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const server = new Server(options.url);
  try {
    const { source, applied, mark } = await withClient(server, async client => {
      const source = await typeOrmSource(client, options.model);
      const applied = await migrate(client, source);
      return { source, applied, mark: await selectMark(queryOf(client)) };
    });
    source.subscribers.push(...options.subscribers);
    const isNew = applied[0] === source.migrations[0]?.constructor.name && applied.length > 0;
    if (options.watch !== undefined) server.tell(options.watch);
    return connect({ server, source, mark, isNew }, options);
  } catch (error) {
    server.close();
    throw error;
  }
}

/** A store that is up to date. */
interface Prepared {
  readonly server: Server;
  readonly source: DataSource;
  /** From `selectMark`. */
  readonly mark: string;
  readonly isNew: boolean;
}

/** To a store that is up to date; the connections are made when they are first used. */
function connect(
  { server, source, mark, isNew }: Prepared,
  { connections = CONNECTIONS, replicas: wanted }: PostgresOptions,
): Database {
  const writing = Math.max(1, Math.round(connections * WRITERS_SHARE));
  const reading = connections - writing;
  const writers = new Sessions(server, 'heliograph write', writing);
  const readers = new Sessions(server, 'heliograph read', reading);
  const replicas = wanted === undefined ? null : new Replicas(server, reading, wanted);
  const reads = new PostgresReads(readers, replicas);
  const writes = new PostgresWrites(writers, source, mark);
  return databaseOver({
    isNew,
    dialect: postgresDialect,
    read: (sql, parameters, deadline, lagging) => reads.read(sql, parameters, deadline, lagging),
    write: (work, deadline) => writes.write(work, deadline),
    metadata: entity => source.getMetadata(entity),
    isReady: async read => server.isUp && (await isServing(read, source)),
    close: async () => {
      server.close();
      for (const each of [replicas, writers, readers]) await each?.close();
    },
  });
}

/** Whether it can be written to, and is up to date: behind some addresses another server answers now and then. */
async function isServing(read: Query, source: DataSource): Promise<boolean> {
  const [server] = await read<{ standby: boolean }>('select pg_is_in_recovery() as standby');
  return server?.standby === false && (await pendingMigrations(read, source)).length === 0;
}

import { type EntitySubscriberInterface } from 'typeorm';
import { spendReading } from '../../reading-budget';
import { type Model } from '../data-source';
import { type Database } from '../database';
import { type Query, type SqlValue } from '../query';
import { postgresDialect } from './dialect';
import { migrate, pendingMigrations } from './migrate-postgres';
import { PostgresReads } from './postgres-reads';
import { PostgresWrites } from './postgres-writes';
import { Server } from './server';
import { Sessions } from './sessions';
import { withClient } from './setup-client';
import { typeOrmSource } from './type-orm-source';

export interface PostgresOptions {
  /** `postgres://…`; it may hold a password, and is never repeated. */
  readonly url: string;
  /** Servers that follow that one, and may lag behind it: reads go to them, except those that must be fresh. */
  readonly readUrls?: readonly string[];
  /** With the migrations of PostgreSQL: `postgresMigrations`. */
  readonly model: Model;
  readonly subscribers: readonly EntitySubscriberInterface[];
}

/**
 * Connections of one process: a server of 100 connections, PostgreSQL's default, has room for five of them. More would
 * not be faster: each is a process of the server that wants a core while it works.
 */
const WRITERS = 8;
const READERS = 10;

/** @throws Error when the database is no store of this release; Refusal when it cannot be reached. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const server = new Server(options.url);
  try {
    const { source, applied } = await withClient(server, async client => {
      const source = await typeOrmSource(client, options.model);
      return { source, applied: await migrate(client, source) };
    });
    source.subscribers.push(...options.subscribers);
    const followers = (options.readUrls ?? []).map(url => new Server(url));
    const writers = new Sessions(server, 'heliograph write', WRITERS);
    const readers = new Sessions(server, 'heliograph read', READERS);
    const replicas = followers.map(follower => new Sessions(follower, 'heliograph read', READERS));
    const reads = new PostgresReads(readers, replicas);
    const writes = new PostgresWrites(writers, source);
    const isPrepared: Query = sql => new PostgresReads(readers, []).read(sql);
    return {
      dialect: postgresDialect,
      isNew: applied[0] === source.migrations[0]?.constructor.name && applied.length > 0,
      read: async <Row>(sql: string, parameters?: readonly SqlValue[]) => {
        const rows = await reads.read<Row>(sql, parameters);
        spendReading(rows);
        return rows;
      },
      write: work => writes.write(work),
      metadata: entity => source.getMetadata(entity),
      isReady: async () => {
        try {
          return server.isUp && (await pendingMigrations(isPrepared, source)).length === 0;
        } catch {
          return false;
        }
      },
      close: async () => {
        for (const each of [server, ...followers]) each.close();
        for (const sessions of [writers, readers, ...replicas]) await sessions.close();
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

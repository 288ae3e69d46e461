import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { administer, urlOf } from '../test/support/postgres-databases';
import { startPostgres } from '../test/support/postgres-server';
import { processorTimeOfFamilyMs } from './processor-time';

export const ENGINES = ['sqlite', 'postgres'] as const;
export type Engine = (typeof ENGINES)[number];

export const ENGINE_TITLES: Readonly<Record<Engine, string>> = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/** Where the stores of a run lie; all are gone when it is closed. */
export interface Host {
  readonly engine: Engine;
  /** What the engine's own processes have used of the processor so far, in milliseconds; 0 where it has none. */
  processorTimeMs(): number;
  /** @returns the address of a store that is not there yet, or is empty: written like DATABASE_URL. */
  newStore(name: string): Promise<string>;
  /** @param store that nobody has open. */
  copyStore(store: string, name: string): Promise<string>;
  /** Brings the store to where time would: after many rows at once, a server looks through them by and by. */
  settle(store: string): Promise<void>;
  removeStore(store: string): Promise<void>;
  close(): Promise<void>;
}

/** @param folder a temporary one, for stores that are files. */
export function openHost(engine: Engine, folder: string): Promise<Host> {
  return engine === 'sqlite' ? Promise.resolve(openFolder(folder)) : openServer();
}

function openFolder(folder: string): Host {
  const addressOf = (name: string): string => `sqlite:${join(folder, `${name}.sqlite`)}`;
  return {
    engine: 'sqlite',
    processorTimeMs: () => 0,
    newStore: name => Promise.resolve(addressOf(name)),
    copyStore: (store, name) => {
      copyFileSync(fileOf(store), fileOf(addressOf(name)));
      return Promise.resolve(addressOf(name));
    },
    settle: () => Promise.resolve(),
    removeStore: store => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${fileOf(store)}${suffix}`, { force: true });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

export function fileOf(store: string): string {
  return store.slice('sqlite:'.length);
}

/** A PostgreSQL of its own that keeps what it acknowledges, as in production, and has room for what is measured. */
const SETTINGS = { shared_buffers: '2GB', max_wal_size: '4GB', work_mem: '32MB' };

async function openServer(): Promise<Host> {
  const server = await startPostgres(SETTINGS);
  const pid = await postmasterOf(server.url);
  return {
    engine: 'postgres',
    processorTimeMs: () => processorTimeOfFamilyMs(pid),
    newStore: async name => {
      await administer(server.url, `create database ${quoted(name)}`);
      return urlOf(server.url, name);
    },
    copyStore: async (store, name) => {
      const source = new URL(store).pathname.slice(1);
      await administer(server.url, `create database ${quoted(name)} template ${quoted(source)}`);
      return urlOf(server.url, name);
    },
    settle: store => administer(store, 'vacuum analyze', 'checkpoint'),
    removeStore: store => administer(server.url, `drop database ${quoted(new URL(store).pathname.slice(1))}`),
    close: () => server.remove(),
  };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The process that all others of the server are children of. */
async function postmasterOf(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  try {
    const status = readFileSync(`/proc/${rows[0]?.pid ?? 0}/status`, 'utf8');
    return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
  } catch {
    // Only Linux tells; elsewhere the column stays empty.
    return Number.NaN;
  } finally {
    await client.end();
  }
}

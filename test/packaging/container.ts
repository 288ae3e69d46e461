import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Image } from './image';
import { isRoot, PATH } from './machine';

export interface Outcome {
  /** Or the signal that ended it. */
  readonly exitCode: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Container {
  readonly ended: Promise<Outcome>;
  /** As a container engine ends it. */
  stop(): void;
}

/** What `docker run -e … image …` gives beside the image: settings, and arguments in place of CMD. */
export interface RunOptions {
  readonly settings: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** Runs the image's program to its end. */
export function runToEnd(image: Image, { settings, args = image.command }: RunOptions): Promise<Outcome> {
  return outcomeOf(start(image, [...image.entrypoint, ...args], settings));
}

/** Runs the image's health check once, as the engine does beside a container with these settings. */
export function checkHealth(image: Image, settings: RunOptions['settings']): Promise<Outcome> {
  return outcomeOf(start(image, image.healthcheck, settings));
}

/** @returns when it says that it listens. */
export async function serve(image: Image, settings: RunOptions['settings']): Promise<Container> {
  const child = start(image, [...image.entrypoint, ...image.command], settings);
  const ended = outcomeOf(child);
  let said = '';
  while (!said.includes(' listens on ')) {
    const part = await Promise.race([once(child.stdout ?? child, 'data'), ended]);
    if (!Array.isArray(part)) throw new Error(`It ended before it listened: ${JSON.stringify(await ended)}`);
    said += String(part[0]);
  }
  return { ended, stop: () => void child.kill(image.stopSignal as NodeJS.Signals) };
}

/** A port on which nobody listens: the one of the image may be taken on this machine. */
export async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return String(port);
}

function start(
  image: Image,
  [program = '', ...args]: readonly string[],
  settings: RunOptions['settings'],
): ChildProcess {
  return spawn(program, args, {
    cwd: image.folder,
    // Nothing else: settings of whoever runs the tests must not count.
    env: { PATH, ...image.environment, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isRoot && image.user !== null ? image.user : {}),
  });
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  child.stderr?.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { exitCode: code ?? signal ?? 'unknown', stdout, stderr };
}

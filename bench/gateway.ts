import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { peakMemoryMiB } from './process-memory';

const ROOT = join(__dirname, '..');

/** The built command. */
export const GATEWAY = join(ROOT, 'dist/cli.js');

export const ADMIN_TOKEN = 'a-token-for-the-benchmark';

export function buildGateway(): void {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { cwd: ROOT, stdio: 'inherit' });
}

/** The settings of a gateway in production that is to be measured, not limited. @param store is for DATABASE_URL. */
export function gatewayEnvironment(store: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'production',
    PORT: '0',
    DATABASE_URL: store,
    ADMIN_TOKEN,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'error',
    EXPLORER: 'off',
  };
}

/** How a command over a whole store went. */
export interface Passage {
  /** Messages a second. */
  readonly pace: number;
  /** The most memory that it held, in MiB; NaN where the system does not tell. */
  readonly peakMiB: number;
}

const LOOK_EVERY_MS = 200;

/** Runs `import` or `export`, which say their pace at the end. @throws Error when it fails or refuses a line. */
export async function runOverStore(store: string, ...command: readonly string[]): Promise<Passage> {
  const child = spawn(process.execPath, [GATEWAY, ...command], {
    env: gatewayEnvironment(store),
    // What an export writes is not looked at.
    stdio: ['ignore', command[0] === 'export' ? 'ignore' : 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [child.stdout, child.stderr]) output?.on('data', chunk => (said += String(chunk)));
  let peakMiB = Number.NaN;
  const looking = setInterval(() => {
    const now = peakMemoryMiB(child.pid ?? 0);
    if (!Number.isNaN(now)) peakMiB = now;
  }, LOOK_EVERY_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(looking);
  const pace = /([\d,]+) a second\s*$/.exec(said)?.[1];
  if (code !== 0 || pace === undefined) throw new Error(`heliograph ${command.join(' ')} says: ${said}`);
  return { pace: Number(pace.replaceAll(',', '')), peakMiB };
}

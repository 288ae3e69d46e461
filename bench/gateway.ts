import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

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

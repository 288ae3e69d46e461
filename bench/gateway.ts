import { join } from 'node:path';

/** The built command. */
export const GATEWAY = join(__dirname, '../dist/cli.js');

export const ADMIN_TOKEN = 'a-token-for-the-benchmark';

/** The settings of a gateway in production that is to be measured, not limited. */
export function gatewayEnvironment(storeFile: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'production',
    PORT: '0',
    DATABASE_URL: `sqlite:${storeFile}`,
    ADMIN_TOKEN,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'error',
    EXPLORER: 'off',
  };
}

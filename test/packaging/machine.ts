import { delimiter, dirname, join } from 'node:path';

/** The project's folder. */
export const ROOT = join(__dirname, '../..');

/** Whether processes may be started as another user. */
export const isRoot = process.getuid?.() === 0;

/** This run's Node comes first, wherever else there is one. */
export const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);

/** What the building of an image gets of this machine: its programs, and the way to its registry. Above all no NODE_ENV. */
export function buildEnvironment(): NodeJS.ProcessEnv {
  const taken = /^(HOME|TMPDIR|NODE_EXTRA_CA_CERTS|npm_config_.*|(https?|no)_proxy)$/i;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => taken.test(name))), PATH };
}

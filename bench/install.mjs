// Installs what the benchmark compares with, where it is not there yet: users of Heliograph never need it, so it has a lockfile of its own.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

// npm leaves a lockfile of its own where it has installed: older than ours, it is of other versions.
if (changedAt('bench/node_modules/.package-lock.json') < changedAt('bench/package-lock.json')) {
  process.stderr.write(
    'Installing the peers of the benchmark into bench/node_modules (npm ci --prefix bench).\n',
  );
  // Quiet, because one of them asks for a newer Node than this may be, and brings it along.
  const { status } = spawnSync(
    'npm',
    ['ci', '--prefix', 'bench', '--no-audit', '--no-fund', '--loglevel', 'error'],
    {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    },
  );
  process.exitCode = status ?? 1;
}

/** In milliseconds since 1970; 0 of a file that is not there. */
function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

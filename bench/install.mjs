// Installs what the benchmark compares with, once: users of Heliograph never need it, so it has a lockfile of its own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('bench/node_modules/.package-lock.json')) {
  process.stderr.write(
    'Installing the peers of the benchmark into bench/node_modules, once (npm ci --prefix bench).\n',
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

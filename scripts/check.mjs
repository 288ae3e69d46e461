// Everything that must be right before a change lands, with what to do where it is not. `--fast` leaves out the tests.
import { spawnSync } from 'node:child_process';

const CHECKS = [
  { name: 'format', run: 'prettier --check --log-level warn .', mend: 'npm run fix' },
  { name: 'types', run: 'tsc --noEmit -p .', mend: 'mend what the compiler names' },
  { name: 'lint', run: 'eslint .', mend: 'npm run fix, then mend what is left' },
  {
    name: 'layers',
    run: 'depcruise --config .dependency-cruiser.cjs --output-type err src',
    mend: 'an import goes against the arrows of docs/ARCHITECTURE.md: hand the value in from the side that knows it',
  },
  { name: 'dead code', run: 'knip', mend: 'delete what nothing uses, or use it' },
  { name: 'schema', run: 'tsx scripts/schema.ts --check', mend: 'npm run schema, and commit schema.graphql' },
  {
    name: 'migrations',
    run: 'tsx scripts/migrations.ts',
    mend: 'write a migration that brings the tables to what the entities say (CONTRIBUTING, "add a field")',
  },
  {
    name: 'client',
    run: 'tsx scripts/client.ts --check',
    mend: 'npm run client, and commit the generated file',
  },
  {
    name: 'documents',
    run: 'tsx scripts/documents.ts',
    mend: 'bring the named document to what the code says',
  },
  {
    name: 'lockfile',
    run: 'node scripts/lockfile.mjs',
    mend: 'pin, name or replace the package; npm install writes package-lock.json',
  },
  {
    name: 'audit',
    run: 'node scripts/audit.mjs',
    mend: 'update the dependency, or write the exception down in scripts/audit.mjs, with its reason and its end',
  },
  {
    name: 'tests',
    run: 'jest',
    mend: 'mend the code, or the test where it is the test that is wrong',
    slow: true,
  },
];

const fast = process.argv.includes('--fast');
const failures = [];
for (const { name, run, mend, slow } of CHECKS) {
  if (fast && slow) continue;
  const began = Date.now();
  process.stdout.write(`\n── ${name}\n`);
  const { status } = spawnSync(`${run.startsWith('node ') ? '' : 'npx --no-install '}${run}`, {
    shell: true,
    stdio: 'inherit',
  });
  if (status !== 0) failures.push({ name, mend });
  process.stdout.write(
    `   ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`,
  );
}
for (const { name, mend } of failures) process.stdout.write(`\n✗ ${name}: ${mend}`);
process.stdout.write(failures.length === 0 ? '\nAll checks passed.\n' : '\n');
process.exitCode = failures.length === 0 ? 0 : 1;

import { existsSync } from 'node:fs';

/** Debian's PgBouncer; PGBOUNCER_PATH names another. Tests that need it are skipped where it is not there. */
export const PGBOUNCER = process.env['PGBOUNCER_PATH'] ?? '/usr/sbin/pgbouncer';

export const hasPgBouncer = existsSync(PGBOUNCER);
if (!hasPgBouncer) {
  process.stderr.write(
    `Skipped: what is tested through a pooler, as there is no ${PGBOUNCER} (PGBOUNCER_PATH names another).\n`,
  );
}

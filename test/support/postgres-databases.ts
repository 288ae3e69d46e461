import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** The server of a run on PostgreSQL, as the setup of the run hands it to the test files through the environment. */
export interface PostgresRun {
  /** Of a database to which whoever makes and drops the others connects. */
  readonly url: string;
  /** A database that has every migration and no rows. */
  readonly template: string;
}

const VARIABLE = 'HELIOGRAPH_POSTGRES_RUN';

export function announceRun(run: PostgresRun): void {
  process.env[VARIABLE] = JSON.stringify(run);
}

export function currentRun(): PostgresRun {
  const announced = process.env[VARIABLE];
  if (announced === undefined) throw new Error('This run has no PostgreSQL.');
  return JSON.parse(announced) as PostgresRun;
}

/** A name that no other run on the same server uses. */
export function newDatabaseName(): string {
  return `heliograph_test_${process.pid}_${randomBytes(6).toString('hex')}`;
}

/** The address of another database of the same server. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs statements outside of any database that a test looks at, one after the other. */
export async function administer(server: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

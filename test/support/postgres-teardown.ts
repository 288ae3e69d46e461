import { administer, currentRun } from './postgres-databases';
import { type PostgresRunInProcess } from './postgres-setup';

/** Once after all test files on PostgreSQL. */
export default async function tearDown(): Promise<void> {
  const { url, template } = currentRun();
  const { postgresServer } = globalThis as PostgresRunInProcess;
  if (postgresServer === undefined) await administer(url, `drop database ${template} with (force)`);
  else await postgresServer.remove();
}

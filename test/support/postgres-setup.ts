import 'reflect-metadata';
import { openDatabaseAt } from './engine';
import { administer, announceRun, newDatabaseName, urlOf } from './postgres-databases';
import { FORGETFUL, type PostgresServer, startPostgres } from './postgres-server';

/** What the teardown takes back: Jest runs both in one process, and shares no module between them. */
export interface PostgresRunInProcess {
  postgresServer?: PostgresServer | undefined;
}

/** Once before all test files on PostgreSQL, and only if there are any. */
export default async function setUp(): Promise<void> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given === undefined || given === '' ? await startPostgres(FORGETFUL) : undefined;
  (globalThis as PostgresRunInProcess).postgresServer = server;
  const url = server?.url ?? given ?? '';
  const template = newDatabaseName();
  try {
    await administer(url, `create database ${template}`);
    announceRun({ url, template });
    const database = await openDatabaseAt(urlOf(url, template));
    await database.close();
  } catch (error) {
    await server?.remove();
    throw error;
  }
}

import { Client } from 'pg';
import { model } from '../../../src/model';
import { type Database } from '../../../src/platform/database/database';
import { type Model } from '../../../src/platform/database/data-source';
import { postgresMigrations } from '../../../src/platform/database/postgres/migrations';
import { openPostgres } from '../../../src/platform/database/postgres/open-postgres';
import { administer, currentRun, newDatabaseName, urlOf } from '../../support/postgres-databases';

export const postgresModel: Model = { ...model, migrations: postgresMigrations };

/** A database with nothing in it. */
export async function newDatabase(server = currentRun().url): Promise<string> {
  const name = newDatabaseName();
  await administer(server, `create database ${name} encoding 'UTF8' template template0`);
  return urlOf(server, name);
}

export function open(url: string): Promise<Database> {
  return openPostgres({ url, model: postgresModel, subscribers: [] });
}

/** Another program, on a connection of its own. */
export async function asAnother<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'another program' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Ends all sessions of the gateway in the database. */
export function killSessions(url: string): Promise<unknown> {
  return asAnother(url, client =>
    client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'heliograph%'`,
    ),
  );
}

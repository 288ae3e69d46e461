import { type Client } from 'pg';
import { DataSource } from 'typeorm';
import { type PostgresConnectionOptions } from 'typeorm/driver/postgres/PostgresConnectionOptions';
import { type Model, SILENT } from '../data-source';

/** The store at an address, for TypeORM's own command line (`ormconfig.ts`). */
export function postgresOptions(url: string, model: Model): PostgresConnectionOptions {
  return {
    type: 'postgres',
    url,
    entities: [...model.entities],
    migrations: [...model.migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    logging: false,
    logger: SILENT,
    // TypeORM otherwise drops such a condition and answers with the first row of the table.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
  };
}

/**
 * TypeORM's knowledge of the entities, without connections of its own: what it asks at its start it asks `client`, and
 * transactions bring theirs (`postgres-transaction.ts`).
 */
export async function typeOrmSource(client: Client, model: Model): Promise<DataSource> {
  class OneClient {
    on(): this {
      return this;
    }

    connect(use: (error: undefined, client: Client, release: () => void) => void): void {
      use(undefined, client, () => undefined);
    }
  }
  // The address stays out of it: TypeORM would keep it where it can be seen.
  const source = new DataSource({ ...postgresOptions('', model), driver: { Pool: OneClient } });
  return source.initialize();
}

import { type DataSource } from 'typeorm';
import { type Dialect } from './dialect';
import { postgresDialect } from './postgres/dialect';
import { sqliteDialect } from './sqlite-dialect';

/** What the engine behind a connection of TypeORM's speaks. */
export function dialectOf(source: DataSource): Dialect {
  return source.options.type === 'postgres' ? postgresDialect : sqliteDialect;
}

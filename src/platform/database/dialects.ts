import { type DataSource } from 'typeorm';
import { type Dialect } from './dialect';
import { sqliteDialect } from './sqlite-dialect';

/** What the engine behind a connection of TypeORM's speaks. */
export function dialectOf(_source: DataSource): Dialect {
  return sqliteDialect;
}

import { type EntityManager } from 'typeorm';
import { type Dialect } from './dialect';

export type SqlValue = string | number | null;

/** Runs one statement and gives its rows. Values go in as parameters, never into the text. */
export type Query = <Row = unknown>(sql: string, parameters?: readonly SqlValue[]) => Promise<Row[]>;

/** One transaction in progress. Everything written through it happens, or none of it. */
export interface UnitOfWork {
  readonly dialect: Dialect;
  readonly query: Query;
  readonly manager: EntityManager;
}

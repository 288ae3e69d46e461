import { type EntityManager } from 'typeorm';
import { type Dialect } from './dialect';
import { type Query } from './query';

/** One transaction in progress. Everything written through it happens, or none of it. */
export interface UnitOfWork {
  readonly dialect: Dialect;
  readonly query: Query;
  readonly manager: EntityManager;
}

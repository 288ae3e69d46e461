import { type EntityManager } from 'typeorm';
import { type Deadline } from '../deadline';
import { type Dialect } from './dialect';
import { type Query } from './query';

/** One transaction in progress. Everything written through it happens, or none of it. */
export interface UnitOfWork {
  readonly dialect: Dialect;
  /** What comes later is not committed: long work asks how much is left. */
  readonly deadline: Deadline;
  readonly query: Query;
  readonly manager: EntityManager;
}

import { type EntityMetadata } from 'typeorm';
import { type Allowance, UNLIMITED } from '../allowance';
import { type Deadline } from '../deadline';
import { type Dialect } from './dialect';
import { type LaggingReads } from './lagging-reads';
import { type Query, type SqlValue } from './query';
import { type Table, Tables } from './table';
import { type UnitOfWork } from './unit-of-work';

/** The store, as everything outside this folder sees it: there is one way to read and one way to write. */
export interface Database {
  /** Whether there was no file, and an empty store was made: an operator who expected one should know. */
  readonly isNew: boolean;
  readonly dialect: Dialect;
  /** Reads what is committed. Each statement sees one moment of the store. */
  readonly read: Query;
  /** The same, and never of a copy that lags behind: everything that was acknowledged before is seen. */
  readonly readFresh: Query;
  /**
   * Runs `work` as one transaction, on SQLite after those that came before it; what it throws rolls it back. It reads and
   * writes through the unit that it is handed: another write, begun inside, would wait for the one that waits for it.
   * @throws Refusal TIMEOUT, OVERLOADED or DATABASE_UNAVAILABLE, and what `work` throws.
   */
  write<T>(work: (unit: UnitOfWork) => Promise<T>): Promise<T>;
  /** How entities are read and written as rows; one for all views of the store. */
  table<Entity extends object>(entity: new () => Entity): Table<Entity>;
  /** TypeORM's knowledge of an entity: its table, columns and transformers. */
  metadata(entity: new () => object): EntityMetadata;
  /**
   * The same store for one request, whose reads and writes go by what it may take. What is left out has no limit, as
   * nothing has in the database itself. It costs next to nothing.
   */
  within(allowance: Partial<Allowance>): Database;
  /** Whether the store is where it should be, answers, and has every migration. */
  isReady(): Promise<boolean>;
  /** Waits for accepted writes, then lets go of the file. */
  close(): Promise<void>;
}

/** What an engine does for it, each time by the time that is left. */
export interface Engine extends Pick<Database, 'isNew' | 'dialect' | 'metadata' | 'close'> {
  /** @param lagging null where the store itself must answer. */
  read<Row>(
    sql: string,
    parameters: readonly SqlValue[] | undefined,
    deadline: Deadline,
    lagging: LaggingReads | null,
  ): Promise<Row[]>;
  write<T>(work: (unit: UnitOfWork) => Promise<T>, deadline: Deadline): Promise<T>;
  /** A rejection means no. */
  isReady(read: Query): Promise<boolean>;
}

export function databaseOver(engine: Engine): Database {
  return viewOf(engine, new Tables(engine), UNLIMITED);
}

/** Made twice for each request, so it holds nothing that takes long to make. */
function viewOf(engine: Engine, tables: Tables, { deadline, budget, lagging }: Allowance): Database {
  const reading =
    (leave: LaggingReads | null): Query =>
    async <Row>(sql: string, parameters?: readonly SqlValue[]) => {
      const rows = await engine.read<Row>(sql, parameters, deadline, leave);
      budget?.spend(rows);
      return rows;
    };
  const readFresh = reading(null);
  return {
    isNew: engine.isNew,
    dialect: engine.dialect,
    read: reading(lagging),
    readFresh,
    write: work => {
      lagging?.end();
      return engine.write(work, deadline);
    },
    table: entity => tables.of(entity),
    metadata: entity => engine.metadata(entity),
    within: allowance => viewOf(engine, tables, { ...UNLIMITED, ...allowance }),
    isReady: () => engine.isReady(readFresh).catch(() => false),
    close: () => engine.close(),
  };
}

import { type Allowance } from '../../src/platform/allowance';
import { type Database } from '../../src/platform/database/database';
import { type Query } from '../../src/platform/database/query';
import { type UnitOfWork } from '../../src/platform/database/unit-of-work';

/** Statements of a database so far, those of its requests among them. */
export interface Statements {
  /** Those that read outside of any transaction. */
  read: number;
  /** Those of transactions, without their begin and their end. */
  written: number;
}

/** Counts from now on, for everybody who holds this database. */
export function countStatements(database: Database): Statements {
  const counts: Statements = { read: 0, written: 0 };
  watch(database, counts);
  return counts;
}

function watch(database: Database, counts: Statements): Database {
  const write = database.write.bind(database);
  const within = database.within.bind(database);
  return Object.assign(database, {
    read: counted(database.read, counts, 'read'),
    readFresh: counted(database.readFresh, counts, 'read'),
    write: <T>(work: (unit: UnitOfWork) => Promise<T>) =>
      write(unit => {
        const query = counted(unit.query, counts, 'written');
        return work(Object.create(unit, { query: { value: query } }) as UnitOfWork);
      }),
    within: (allowance: Partial<Allowance>) => watch(within(allowance), counts),
  });
}

function counted(query: Query, counts: Statements, kind: keyof Statements): Query {
  return (sql, parameters) => {
    counts[kind] += 1;
    return query(sql, parameters);
  };
}

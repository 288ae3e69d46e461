import * as sqlite3 from 'sqlite3';

export interface Fault {
  /** SQLite's result code. */
  readonly code: string;
  /** What is really carried out in place of the statement; nothing unless it is given. */
  readonly instead?: string;
  /** The statement is carried out, and fails nevertheless. */
  readonly afterwards?: boolean;
}

type Callback = (error: Error | null, rows?: unknown) => void;
type Prepare = (this: sqlite3.Database, ...args: unknown[]) => sqlite3.Statement;
type All = (this: sqlite3.Statement, parameters: unknown, callback: Callback) => sqlite3.Statement;

/** Faults of the connection that writes, in the driver itself: what is above it notices nothing of this. */
export interface WriterFaults {
  /**
   * Lets the n-th statement fail, counted from the next `begin immediate`, which is the first; all others are carried
   * out. @returns what tells whether that has happened: the statement, or null.
   */
  failAt(n: number, fault: Fault): () => string | null;
  stop(): void;
  remove(): void;
}

/** To be called before the store is opened. */
export function writerFaults(): WriterFaults {
  const databases = sqlite3.Database.prototype as unknown as { prepare: Prepare };
  const { prepare } = databases;
  const statements = sqlite3.Statement.prototype as unknown as { all: All };
  const { all } = statements;
  const owners = new WeakMap<sqlite3.Statement, sqlite3.Database>();
  let armed: { readonly n: number; readonly fault: Fault; hit: string | null } | null = null;
  let writer: sqlite3.Database | undefined;
  let count = 0;

  databases.prepare = function (...args) {
    const statement = prepare.apply(this, args);
    owners.set(statement, this);
    return statement;
  };
  statements.all = function (parameters, callback) {
    const { sql } = this as unknown as { readonly sql: string };
    const owner = owners.get(this);
    if (armed?.hit !== null || owner === undefined) return all.call(this, parameters, callback);
    if (sql === 'begin immediate') {
      writer = owner;
      count = 0;
    }
    if (owner !== writer || (count += 1) !== armed.n) return all.call(this, parameters, callback);
    armed.hit = sql;
    const { code, instead, afterwards } = armed.fault;
    const fail = () => callback(Object.assign(new Error(`${code}: a fault of the test`), { code }));
    if (afterwards === true) return all.call(this, parameters, fail);
    if (instead === undefined) setImmediate(fail);
    else owner.exec(instead, fail);
    return this;
  };
  return {
    failAt: (n, fault) => {
      const failing = { n, fault, hit: null };
      [armed, writer, count] = [failing, undefined, 0];
      return () => failing.hit;
    },
    stop: () => (armed = null),
    remove: () => {
      databases.prepare = prepare;
      statements.all = all;
    },
  };
}

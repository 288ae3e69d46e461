import { type Database as Handle, type Statement } from 'sqlite3';
import { type SqlValue } from './query';

/**
 * Statements that an open file keeps prepared: the driver takes two turns of the pool of threads to prepare a statement
 * and to run it, and of a small statement those turns are most of the time. Many more than the operations of a day have.
 */
const MAX_KEPT = 100;

/** Characters of a statement that is kept; the lists of values in longer ones are hardly ever as long again. */
const MAX_KEPT_LENGTH = 5_000;

/** A file that the driver has opened, with the statements prepared on it. */
export class OpenFile {
  /** The one that was used last stands last. */
  private readonly kept = new Map<string, Statement>();

  constructor(readonly handle: Handle) {}

  async all<Row>(sql: string, parameters: readonly SqlValue[]): Promise<Row[]> {
    const statement = this.kept.get(sql) ?? (await this.prepare(sql));
    this.kept.delete(sql);
    try {
      const rows = await rowsOf<Row>(statement, parameters);
      this.keep(sql, statement);
      return rows;
    } catch (error) {
      // One that failed may be active still, and would hold the connection at the moment that it saw.
      statement.finalize();
      throw error;
    }
  }

  /** Resolves also where closing fails: nothing more can be done with the handle then. */
  async close(): Promise<void> {
    for (const statement of this.kept.values()) statement.finalize();
    this.kept.clear();
    return new Promise(resolve => this.handle.close(() => resolve()));
  }

  private prepare(sql: string): Promise<Statement> {
    return new Promise((resolve, reject) => {
      const statement = this.handle.prepare(sql, (error: Error | null) =>
        error === null ? resolve(statement) : reject(error),
      );
    });
  }

  private keep(sql: string, statement: Statement): void {
    if (sql.length > MAX_KEPT_LENGTH) {
      statement.finalize();
      return;
    }
    this.kept.set(sql, statement);
    const [oldest] = this.kept;
    if (this.kept.size <= MAX_KEPT || oldest === undefined) return;
    this.kept.delete(oldest[0]);
    oldest[1].finalize();
  }
}

function rowsOf<Row>(statement: Statement, parameters: readonly SqlValue[]): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    statement.all<Row>(parameters, (error, rows) => (error === null ? resolve(rows) : reject(error)));
  });
}

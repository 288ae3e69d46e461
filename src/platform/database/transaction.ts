import { type EntityManager } from 'typeorm';
import { type Deadline } from '../deadline';
import { type Connection } from './connection';
import { type Query } from './query';
import { type UnitOfWork } from './unit-of-work';
import { sqliteDialect } from './sqlite-dialect';

/**
 * The statements of one transaction, one after the other. It is over at its end, and also with the first statement that
 * fails: SQLite may have rolled back by itself then (a full disk does that), and whatever came after it would be stored
 * at once, outside of any transaction.
 */
export class Transaction implements UnitOfWork {
  readonly dialect = sqliteDialect;
  readonly manager: EntityManager;
  private last: Promise<unknown> = Promise.resolve();
  private failure: { readonly error: unknown } | null = null;
  private isFinished = false;

  constructor(
    private readonly connection: Connection,
    readonly deadline: Deadline,
  ) {
    this.manager = connection.manager;
  }

  readonly query: Query = <Row>(sql: string, parameters?: Parameters<Query>[1]) => {
    const rows = this.last.then(() => {
      this.requireWhole();
      if (this.isFinished) throw new Error('This transaction is over.');
      return this.connection.query<Row>(sql, parameters, this.deadline.remainingMs);
    });
    this.last = rows.catch((error: unknown) => (this.failure ??= { error }));
    return rows;
  };

  /** @throws what the statement threw that has ended it, even if somebody caught that. */
  requireWhole(): void {
    if (this.failure !== null) throw this.failure.error;
  }

  /** Lets no statement in from here on; resolves when the one that runs has ended. */
  async finish(): Promise<void> {
    this.isFinished = true;
    await this.last;
  }
}

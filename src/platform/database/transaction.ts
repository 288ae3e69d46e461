import { type EntityManager } from 'typeorm';
import { type Connection } from './connection';
import { type Query, type UnitOfWork } from './query';

/**
 * The statements of one transaction, one after the other. It is over at its end, and also with the first statement that
 * fails: SQLite may have rolled back by itself then (a full disk does that), and whatever came after it would be stored
 * at once, outside of any transaction.
 */
export class Transaction implements UnitOfWork {
  readonly manager: EntityManager;
  private last: Promise<unknown> = Promise.resolve();
  private end: { readonly error: unknown } | null = null;

  constructor(private readonly connection: Connection) {
    this.manager = connection.manager;
  }

  get isOver(): boolean {
    return this.end !== null;
  }

  readonly query: Query = <Row>(sql: string, parameters?: Parameters<Query>[1]) => {
    const rows = this.last.then(() => {
      this.requireWhole();
      return this.connection.query<Row>(sql, parameters);
    });
    this.last = rows.catch((error: unknown) => (this.end ??= { error }));
    return rows;
  };

  /** @throws what the statement threw that has ended it, even if somebody caught that. */
  requireWhole(): void {
    if (this.end !== null) throw this.end.error;
  }

  /** Lets no statement in from here on; resolves when the one that runs has ended. */
  async finish(): Promise<void> {
    this.end ??= { error: new Error('This transaction is over.') };
    await this.last;
  }
}

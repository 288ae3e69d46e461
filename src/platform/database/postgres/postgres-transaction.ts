import { type DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { type Deadline } from '../../deadline';
import { type Query, type SqlValue } from '../query';
import { type UnitOfWork } from '../unit-of-work';
import { postgresDialect } from './dialect';
import { type Session } from './session';

/**
 * The statements of one transaction, one after the other, those of TypeORM's manager among them. It is over at its end,
 * and also with the first statement that fails: the server refuses all that come after it.
 */
export class PostgresTransaction implements UnitOfWork {
  readonly dialect = postgresDialect;
  readonly deadline: Deadline;
  private last: Promise<unknown> = Promise.resolve();
  private failure: { readonly error: unknown } | null = null;
  private isFinished = false;
  private ownManager: EntityManager | undefined;

  constructor(
    private readonly session: Session,
    private readonly source: DataSource,
  ) {
    this.deadline = session.deadline;
  }

  /** Made when it is first asked for: most writes do without. */
  get manager(): EntityManager {
    this.ownManager ??= this.newRunner().manager;
    return this.ownManager;
  }

  readonly query: Query = async <Row>(sql: string, parameters?: readonly SqlValue[]) =>
    (await this.run(sql, parameters)).rows as Row[];

  /** What the statement threw that has ended it, even if somebody caught that; otherwise `error`. */
  causeOf(error: unknown): unknown {
    return this.failure === null ? error : this.failure.error;
  }

  /** @throws what the statement threw that has ended it. */
  requireWhole(): void {
    if (this.failure !== null) throw this.failure.error;
  }

  /** Lets no statement in from here on; resolves when the one that runs has ended. */
  async finish(): Promise<void> {
    this.isFinished = true;
    await this.last;
  }

  private run(sql: string, parameters?: readonly SqlValue[]): ReturnType<Session['query']> {
    const result = this.last.then(() => {
      this.requireWhole();
      if (this.isFinished) throw new Error('This transaction is over.');
      return this.session.query(sql, parameters);
    });
    this.last = result.catch((error: unknown) => (this.failure ??= { error }));
    return result;
  }

  /** TypeORM's half of this transaction. It must take it for begun; what it begins itself becomes a savepoint. */
  private newRunner(): QueryRunner {
    const runner = this.source.createQueryRunner('master');
    return Object.assign(runner, {
      databaseConnection: {
        query: (sql: string, parameters?: readonly SqlValue[]) => this.run(sql, parameters),
      },
      isTransactionActive: true,
      transactionDepth: 1,
    });
  }
}

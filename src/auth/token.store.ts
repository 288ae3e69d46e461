import { type Database } from '../platform/database/database';
import { type Query } from '../platform/database/query';
import { type Table } from '../platform/database/table';
import { type UnitOfWork } from '../platform/database/unit-of-work';
import { ApiToken } from './token.entity';

/** Tokens as rows. */
export class TokenStore {
  private readonly table: Table<ApiToken>;

  constructor(private readonly database: Database) {
    this.table = database.table(ApiToken);
  }

  async findById(id: number, query: Query = this.database.read): Promise<ApiToken | undefined> {
    return this.first(query, 'id = ?', id);
  }

  async findByHash(hash: string): Promise<ApiToken | undefined> {
    return this.first(this.database.read, 'hash = ?', hash);
  }

  /** Every token that was ever made, oldest first. */
  async list(): Promise<readonly ApiToken[]> {
    return this.table.select(this.database.read, 'from api_tokens order by id');
  }

  async any(query: Query = this.database.read): Promise<boolean> {
    return (await query('select 1 from api_tokens limit 1')).length > 0;
  }

  /** Keeps any other token from being made until the transaction ends. */
  async holdBackOthers({ query, dialect }: UnitOfWork): Promise<void> {
    if (dialect.lockForIds !== null) await query(dialect.lockForIds('api_tokens'));
  }

  async insert(query: Query, token: ApiToken): Promise<number | undefined> {
    const [id] = await this.table.insert(query, [token]);
    return id;
  }

  /** Revokes a token; of one that is revoked already, the first time stands. */
  async revoke(query: Query, id: number, now: Date): Promise<void> {
    await query('update api_tokens set revoked_at = ? where id = ? and revoked_at is null', [
      now.getTime(),
      id,
    ]);
  }

  /** Notes a use, unless one at or after `unlessSince` is noted already. */
  async noteUse(query: Query, id: number, now: Date, unlessSince: Date): Promise<void> {
    await query(
      'update api_tokens set last_used_at = ? where id = ? and (last_used_at is null or last_used_at < ?)',
      [now.getTime(), id, unlessSince.getTime()],
    );
  }

  private async first(
    query: Query,
    condition: string,
    value: string | number,
  ): Promise<ApiToken | undefined> {
    const [token] = await this.table.select(query, `from api_tokens where ${condition}`, [value]);
    return token;
  }
}

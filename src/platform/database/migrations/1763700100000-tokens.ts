import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Access tokens, by their hashes. An id is never used again: it tells the callers of the past apart. */
export class Tokens1763700100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table api_tokens (
        id integer primary key autoincrement not null,
        name text not null,
        scopes text not null,
        created_at integer not null,
        expires_at integer,
        last_used_at integer,
        revoked_at integer,
        hash text not null,
        constraint api_tokens_hash_length check (length(hash) = 64)
      )`,
    );
    await runner.query('create unique index api_tokens_hash on api_tokens (hash)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_tokens');
  }
}

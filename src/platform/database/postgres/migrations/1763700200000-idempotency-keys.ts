import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The outcomes of writes that were made under an idempotency key. */
export class IdempotencyKeys1763700200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table idempotency_keys (
      owner text collate "C" not null,
      "key" text collate "C" not null,
      operation text collate "C" not null,
      input_hash text collate "C" not null,
      outcome text collate "C" not null,
      created_at bigint not null,
      primary key (owner, "key")
    )`);
    await runner.query('create index idempotency_keys_by_created on idempotency_keys (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotency_keys');
  }
}

import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Data providers are actors of their own in the audit record. */
export class AuditProviders1763700700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // One statement, so that the rows are looked through once.
    await runner.query(`alter table audit_entries
      add column provider_id text collate "C",
      drop constraint audit_entries_actor,
      add constraint audit_entries_actor check (
        (actor = 'TOKEN' and token_id is not null and request_id is not null and provider_id is null) or
        (actor in ('ADMIN', 'ANONYMOUS') and token_id is null and request_id is not null and provider_id is null) or
        (actor = 'OPERATOR' and token_id is null and request_id is null and provider_id is null) or
        (actor = 'PROVIDER' and token_id is null and provider_id is not null)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table audit_entries
      drop constraint audit_entries_actor,
      drop column provider_id,
      add constraint audit_entries_actor check (
        (actor = 'TOKEN' and token_id is not null and request_id is not null) or
        (actor in ('ADMIN', 'ANONYMOUS') and token_id is null and request_id is not null) or
        (actor = 'OPERATOR' and token_id is null and request_id is null)
      )`);
  }
}

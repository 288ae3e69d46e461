import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the intake remembers of data providers, and the requests that it keeps raw. */
export class Intake1763700800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['provider_counters', 'provider_positions', 'intake_failures', 'intake_raws'])
      await runner.query(`drop table ${table}`);
  }
}

const STATEMENTS = [
  `create table provider_counters (
    provider_id text primary key not null,
    received integer not null,
    duplicates integer not null,
    refused integer not null,
    last_received_at integer
  )`,
  `create table provider_positions (
    provider_id text not null,
    place text not null,
    position text not null,
    primary key (provider_id, place)
  )`,
  `create table intake_failures (
    id integer primary key autoincrement not null,
    provider_id text not null,
    received_at integer not null,
    last_at integer not null,
    times integer not null,
    reason text not null,
    bytes integer not null,
    digest text not null,
    request text not null,
    key_id text,
    resolved_at integer
  )`,
  // A request that comes again is counted, not kept again.
  'create unique index intake_failures_digest on intake_failures (provider_id, digest)',
  'create index intake_failures_by_last on intake_failures (last_at)',
  `create table intake_raws (
    message_id integer primary key not null,
    provider_id text not null,
    held_by integer not null,
    request text,
    key_id text,
    constraint intake_raws_request check ((request is not null) = (held_by = message_id))
  )`,
];

import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * The audit record. Messages that are in the store already have no first entry: nobody knows any more who wrote them.
 * Imports, by far the most entries, stand in two indexes only; the other two leave them out.
 */
export class AuditEntries1763700300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const trigger of ['messages_append', 'messages_key']) await runner.query(`drop trigger ${trigger}`);
    await runner.query('drop table audit_entries');
  }
}

const STATEMENTS = [
  `create table audit_entries (
    id integer primary key autoincrement not null,
    at integer not null,
    action text not null,
    actor text not null,
    token_id integer,
    request_id text,
    message_id integer not null,
    version integer not null,
    changes text not null,
    constraint audit_entries_action check (action in ('CREATED', 'CHANGED', 'IMPORTED')),
    constraint audit_entries_actor check (
      (actor = 'TOKEN' and token_id is not null and request_id is not null) or
      (actor in ('ADMIN', 'ANONYMOUS') and token_id is null and request_id is not null) or
      (actor = 'OPERATOR' and token_id is null and request_id is null)
    )
  )`,
  'create index audit_entries_by_time on audit_entries (at)',
  'create index audit_entries_by_message on audit_entries (message_id)',
  'create index audit_entries_by_token on audit_entries (token_id, at) where token_id is not null',
  'create index audit_entries_by_request on audit_entries (request_id) where request_id is not null',
  `create trigger audit_entries_fixed before update on audit_entries begin
    select raise(abort, 'an audit entry never changes');
  end`,
  `create trigger audit_entries_keep before delete on audit_entries begin
    select raise(abort, 'an audit entry is never deleted');
  end`,
  // The same for messages, which "insert or replace" and "update or replace" would otherwise take the place of.
  `create trigger messages_append before insert on messages
    when exists (select 1 from messages where id = new.id) or exists (
      select 1 from messages
        where data_provider_id = new.data_provider_id and data_provider_message_id = new.data_provider_message_id
    ) begin
    select raise(abort, 'there is a message with this id, or with this id of the provider');
  end`,
  `create trigger messages_key before update of data_provider_id, data_provider_message_id on messages
    when exists (
      select 1 from messages where id <> new.id
        and data_provider_id = new.data_provider_id and data_provider_message_id = new.data_provider_message_id
    ) begin
    select raise(abort, 'there is a message with this id of the provider');
  end`,
  // "Insert or replace" deletes what it replaces without asking the trigger above.
  `create trigger audit_entries_append before insert on audit_entries
    when exists (select 1 from audit_entries where id = new.id) begin
    select raise(abort, 'an audit entry never changes');
  end`,
];

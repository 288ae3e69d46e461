import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Data providers are actors of their own in the audit record. SQLite cannot alter a constraint, so the table is made anew:
 * its rows are copied one after the other, and its indexes made when all are there, each from sorted entries, so that
 * millions of them take no more memory than a few, and no longer than reading and writing them.
 */
export class AuditProviders1763700700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rebuild(runner, ['provider_id text'], NOBODY_ELSES, OF_PROVIDERS);
  }

  /** @throws Error of the store where a provider has written: its entries cannot be told in the former words. */
  async down(runner: QueryRunner): Promise<void> {
    await rebuild(runner, [], '', '');
  }
}

const NOBODY_ELSES = ' and provider_id is null';
const OF_PROVIDERS = ` or (actor = 'PROVIDER' and token_id is null and provider_id is not null)`;

async function rebuild(
  runner: QueryRunner,
  newColumns: readonly string[],
  nobodyElses: string,
  others: string,
): Promise<void> {
  const columns = [
    ...['id integer primary key autoincrement not null', 'at integer not null', 'action text not null'],
    ...['actor text not null', 'token_id integer', 'request_id text', 'message_id integer not null'],
    ...['version integer not null', 'changes text not null', ...newColumns],
  ];
  await runner.query(`create table audit_entries_anew (
    ${columns.join(', ')},
    constraint audit_entries_action check (action in ('CREATED', 'CHANGED', 'IMPORTED')),
    constraint audit_entries_actor check (
      (actor = 'TOKEN' and token_id is not null and request_id is not null${nobodyElses}) or
      (actor in ('ADMIN', 'ANONYMOUS') and token_id is null and request_id is not null${nobodyElses}) or
      (actor = 'OPERATOR' and token_id is null and request_id is null${nobodyElses})${others}
    )
  )`);
  await runner.query(
    `insert into audit_entries_anew (${COPIED}) select ${COPIED} from audit_entries order by id`,
  );
  // The last id that was ever given, whether or not its entry was committed: none is used again.
  await runner.query(`delete from sqlite_sequence where name = 'audit_entries_anew'`);
  await runner.query(
    `insert into sqlite_sequence (name, seq) select 'audit_entries_anew', seq from sqlite_sequence where name = 'audit_entries'`,
  );
  await runner.query('drop table audit_entries');
  await runner.query('alter table audit_entries_anew rename to audit_entries');
  for (const statement of AROUND) await runner.query(statement);
}

const COPIED = 'id, at, action, actor, token_id, request_id, message_id, version, changes';

/** What went with the former table. */
const AROUND = [
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
  `create trigger audit_entries_append before insert on audit_entries
    when exists (select 1 from audit_entries where id = new.id) begin
    select raise(abort, 'an audit entry never changes');
  end`,
];

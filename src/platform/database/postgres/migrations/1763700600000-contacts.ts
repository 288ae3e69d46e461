import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { makeTrigramExtension } from '../trigrams';

/**
 * Contacts, as in the store of SQLite. While bare ones are made for those whom messages name, nobody writes messages: one
 * that came in between would name nobody.
 */
export class Contacts1763700600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const operators = await makeTrigramExtension(runner);
    await runner.query('lock table messages in share row exclusive mode');
    for (const statement of [...TABLE, NAMED_BY_MESSAGES, ...INDEXES, ...FIXED, ...MESSAGES]) {
      await runner.query(statement);
    }
    await runner.query(`create index contacts_search on contacts using gin (search_text ${operators})`);
    // Whoever serves next plans by how many there are.
    await runner.query('analyze contacts');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['messages_contact', 'messages_new_contact'])
      await runner.query(`drop trigger ${name} on messages`);
    await runner.query('drop table contacts');
    for (const name of FUNCTIONS) await runner.query(`drop function ${name}()`);
  }
}

const TABLE = [
  `create table contacts (
    id text collate "C" primary key,
    type text collate "C" not null,
    address text collate "C",
    "key" text collate "C",
    name text collate "C",
    user_id text collate "C",
    can_notify bigint not null,
    data_provider_id text collate "C",
    merged_into text collate "C",
    created_at bigint not null,
    updated_at bigint not null,
    search_text text collate "C" not null,
    constraint contacts_id check (length(id) between 1 and 64),
    constraint contacts_type check (type in ('PHONE', 'EMAIL', 'WHATSAPP', 'TELEGRAM', 'DISCORD', 'OTHER')),
    constraint contacts_address check ((address is null) = ("key" is null)),
    constraint contacts_can_notify check (can_notify in (0, 1)),
    constraint contacts_merged check (merged_into <> id)
  )`,
];

const INDEXES = [
  'create index contacts_by_created on contacts (created_at, id) where merged_into is null',
  'create index contacts_by_updated on contacts (updated_at, id) where merged_into is null',
  'create index contacts_by_address on contacts (address) where address is not null',
  'create index contacts_by_user on contacts (user_id) where user_id is not null',
  'create index contacts_by_merge on contacts (merged_into) where merged_into is not null',
  'create unique index contacts_key on contacts ("key", type) where "key" is not null',
];

const FIXED = [
  `create function contacts_refuse() returns trigger language plpgsql as $$ begin
    raise exception using message = tg_argv[0], errcode = 'check_violation';
  end $$`,
  `create trigger contacts_keep before delete on contacts for each row
    execute function contacts_refuse('a contact is never deleted')`,
  `create trigger contacts_keep_all before truncate on contacts for each statement
    execute function contacts_refuse('a contact is never deleted')`,
  `create trigger contacts_fixed before update on contacts for each row
    when (new.id is distinct from old.id
      or (new.created_at is distinct from old.created_at and not (old.type = 'OTHER' and old.address is null and old.name is null)))
    execute function contacts_refuse(
      'id and created_at of a contact never change, but for the time of one of which nothing is known'
    )`,
  `create function contacts_require_merge() returns trigger language plpgsql as $$ begin
    if not exists (select 1 from contacts where id = new.merged_into) then
      raise exception 'a contact is merged into one that there is' using errcode = 'check_violation';
    end if;
    return new;
  end $$`,
  `create trigger contacts_merge before update of merged_into on contacts for each row
    when (new.merged_into is not null) execute function contacts_require_merge()`,
];

const NAMED_BY_MESSAGES = `insert into contacts (id, type, can_notify, created_at, updated_at, search_text)
  select contact_id, 'OTHER', 1, min(created_at), min(created_at), '\u001f' from messages
    where contact_id is not null group by contact_id`;

/**
 * Not a foreign key, for both engines to be alike: nobody deletes a contact, so that a look at the row is as good, and takes
 * no lock on it that others would wait for.
 */
const MESSAGES = [
  `create function messages_require_contact() returns trigger language plpgsql as $$ begin
    if not exists (select 1 from contacts where id = new.contact_id) then
      raise exception 'there is no contact with the id that the message names' using errcode = 'check_violation';
    end if;
    return new;
  end $$`,
  `create trigger messages_new_contact before insert on messages for each row
    when (new.contact_id is not null) execute function messages_require_contact()`,
  `create trigger messages_contact before update of contact_id on messages for each row
    when (new.contact_id is not null and new.contact_id is distinct from old.contact_id)
    execute function messages_require_contact()`,
];

const FUNCTIONS = ['contacts_refuse', 'contacts_require_merge', 'messages_require_contact'];

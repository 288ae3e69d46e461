import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Contacts. Whoever messages name already becomes a bare one, with that id and no address: the index of messages by contact
 * holds all that this needs, so that no message is read. From then on a message names a contact that there is, or none.
 */
export class Contacts1763700600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLE, ...SEARCH, ...FIXED, NAMED_BY_MESSAGES, ...MESSAGES]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['messages_contact', 'messages_new_contact'])
      await runner.query(`drop trigger ${name}`);
    for (const table of ['contacts_search', 'contacts']) await runner.query(`drop table ${table}`);
  }
}

const TABLE = [
  `create table contacts (
    id text primary key not null,
    type text not null,
    address text,
    "key" text,
    name text,
    user_id text,
    can_notify integer not null,
    data_provider_id text,
    merged_into text,
    created_at integer not null,
    updated_at integer not null,
    search_text text not null,
    constraint contacts_id check (length(id) between 1 and 64),
    constraint contacts_type check (type in ('PHONE', 'EMAIL', 'WHATSAPP', 'TELEGRAM', 'DISCORD', 'OTHER')),
    constraint contacts_address check ((address is null) = ("key" is null)),
    constraint contacts_can_notify check (can_notify in (0, 1)),
    constraint contacts_merged check (merged_into <> id)
  )`,
  'create index contacts_by_created on contacts (created_at, id) where merged_into is null',
  'create index contacts_by_updated on contacts (updated_at, id) where merged_into is null',
  'create index contacts_by_address on contacts (address) where address is not null',
  'create index contacts_by_user on contacts (user_id) where user_id is not null',
  'create index contacts_by_merge on contacts (merged_into) where merged_into is not null',
  'create unique index contacts_key on contacts ("key", type) where "key" is not null',
];

/**
 * As for messages. Rows are known by SQLite's own numbers, which stay: without a gap, as none is ever removed, even a
 * vacuum gives each its own again.
 */
const SEARCH = [
  `create virtual table contacts_search using fts5(
    search_text, content = 'contacts', content_rowid = 'rowid', tokenize = 'trigram case_sensitive 1', columnsize = 0
  )`,
  `create trigger contacts_search_insert after insert on contacts begin
    insert into contacts_search (rowid, search_text) values (new.rowid, new.search_text);
  end`,
  `create trigger contacts_search_update after update of search_text on contacts
    when new.search_text <> old.search_text begin
    insert into contacts_search (contacts_search, rowid, search_text) values ('delete', old.rowid, old.search_text);
    insert into contacts_search (rowid, search_text) values (new.rowid, new.search_text);
  end`,
];

/** What never changes, kept against every program that opens the file; "or replace" would remove what is in its way unasked. */
const FIXED = [
  `create trigger contacts_keep before delete on contacts begin
    select raise(abort, 'a contact is never deleted');
  end`,
  `create trigger contacts_append before insert on contacts
    when exists (select 1 from contacts where id = new.id)
      or exists (select 1 from contacts where "key" = new."key" and type = new.type) begin
    select raise(abort, 'there is a contact with this id, or with this type and address');
  end`,
  `create trigger contacts_rekey before update of type, "key" on contacts
    when exists (select 1 from contacts where "key" = new."key" and type = new.type and id <> new.id) begin
    select raise(abort, 'there is a contact with this type and address');
  end`,
  `create trigger contacts_fixed before update on contacts
    when new.id is not old.id or new.rowid is not old.rowid
      or (new.created_at is not old.created_at and not (old.type = 'OTHER' and old.address is null and old.name is null)) begin
    select raise(abort, 'id and created_at of a contact never change, but for the time of one of which nothing is known');
  end`,
  `create trigger contacts_merge before update of merged_into on contacts
    when new.merged_into is not null and not exists (select 1 from contacts where id = new.merged_into) begin
    select raise(abort, 'a contact is merged into one that there is');
  end`,
];

const NAMED_BY_MESSAGES = `insert into contacts (id, type, can_notify, created_at, updated_at, search_text)
  select contact_id, 'OTHER', 1, min(created_at), min(created_at), '\u001f' from messages
    where contact_id is not null group by contact_id`;

/** A foreign key would need the table of messages to be written anew. */
const MESSAGES = [
  `create trigger messages_new_contact before insert on messages
    when new.contact_id is not null and not exists (select 1 from contacts where id = new.contact_id) begin
    select raise(abort, 'there is no contact with the id that the message names');
  end`,
  `create trigger messages_contact before update of contact_id on messages
    when new.contact_id is not null and new.contact_id is not old.contact_id
      and not exists (select 1 from contacts where id = new.contact_id) begin
    select raise(abort, 'there is no contact with the id that the message names');
  end`,
];

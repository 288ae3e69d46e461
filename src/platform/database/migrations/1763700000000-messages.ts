import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Messages and their schedules, with the rules that SQL can keep and the indexes that listing needs. */
export class Messages1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...INDEXES, ...RECIPIENTS, ...SEARCH, ...FIXED])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['messages_search', 'message_recipients', 'messages', 'schedules']) {
      await runner.query(`drop table ${table}`);
    }
  }
}

const TABLES = [
  `create table schedules (
    id integer primary key autoincrement not null,
    "start" integer not null,
    time_zone text not null,
    frequency text not null,
    "interval" integer not null,
    end_type text not null,
    "count" integer,
    "until" integer,
    by_day text not null,
    by_month text not null,
    by_month_day text not null,
    by_set_position integer,
    constraint schedules_interval check ("interval" >= 1),
    constraint schedules_end check (
      (end_type = 'NEVER' and "count" is null and "until" is null) or
      (end_type = 'ON' and "count" is null and "until" is not null) or
      (end_type = 'AFTER' and "count" is not null and "until" is null)
    ),
    constraint schedules_frequency check (frequency in ('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'))
  )`,
  `create table messages (
    id integer primary key autoincrement not null,
    version integer not null,
    direction text not null,
    status text not null,
    type text not null,
    title text,
    message text not null,
    channels text not null,
    recipient_ids text not null,
    parent_id integer,
    contact_id text,
    post_id text,
    data_feed_id text,
    data_provider_id text,
    data_provider_message_id text,
    additional_data text,
    schedule_id integer,
    send_at integer,
    sent_at integer,
    created_at integer not null,
    updated_at integer not null,
    search_text text not null,
    constraint "REL_18f66f88e386f43a41a12fddac" unique (schedule_id),
    constraint messages_schedule check (schedule_id is null or (direction = 'OUTGOING' and send_at is null)),
    constraint messages_sent_at check (
      direction = 'INCOMING' or status = 'ARCHIVED' or (status = 'SENT') = (sent_at is not null)
    ),
    constraint messages_status check (
      (direction = 'INCOMING' and status in ('RECEIVED', 'ARCHIVED')) or
      (direction = 'OUTGOING' and status in ('PENDING', 'SENT', 'EXPIRED', 'CANCELLED', 'FAILED', 'ARCHIVED'))
    ),
    constraint messages_type check (type in ('REPORT', 'REVISION', 'COMMENT', 'ALERT')),
    constraint messages_id check (id between 1 and 9007199254740991),
    constraint messages_parent_first check (parent_id < id),
    constraint messages_parent foreign key (parent_id) references messages (id) on delete restrict,
    constraint messages_schedule_id foreign key (schedule_id) references schedules (id) on delete restrict
  )`,
];

/**
 * No index begins with the direction: without statistics the planner takes it for something that few messages share,
 * and would collect and sort half the store. It ends those by which lists of one direction are walked and counted.
 */
const INDEXES = [
  `create index messages_inbox_by_created on messages (created_at, id)
    where direction = 'INCOMING' and status <> 'ARCHIVED'`,
  `create index messages_inbox_by_updated on messages (updated_at, id)
    where direction = 'INCOMING' and status <> 'ARCHIVED'`,
  'create index messages_by_created on messages (created_at, id, direction)',
  'create index messages_by_updated on messages (updated_at, id, direction)',
  'create index messages_by_status on messages (status, created_at, id, direction)',
  'create index messages_by_parent on messages (parent_id, created_at, id)',
  'create index messages_by_contact on messages (contact_id, created_at, id)',
  'create index messages_by_post on messages (post_id, created_at, id)',
  'create index messages_by_data_feed on messages (data_feed_id, created_at, id)',
  'create index messages_by_data_provider on messages (data_provider_id, created_at, id)',
  'create index messages_by_send_at on messages (send_at, id) where send_at is not null',
  `create unique index messages_provider_key on messages (data_provider_id, data_provider_message_id)
    where data_provider_id is not null and data_provider_message_id is not null`,
];

/** Who is addressed by name, as an index over `recipient_ids`: SQLite cannot index the values of a list. */
const RECIPIENTS = [
  `create table message_recipients (
    recipient_id text not null,
    message_id integer not null,
    primary key (recipient_id, message_id)
  ) without rowid`,
  `create trigger message_recipients_insert after insert on messages when new.recipient_ids <> '[]' begin
    insert or ignore into message_recipients select value, new.id from json_each(new.recipient_ids);
  end`,
  `create trigger message_recipients_update after update of recipient_ids on messages
    when new.recipient_ids <> old.recipient_ids begin
    delete from message_recipients
      where message_id = old.id and recipient_id in (select value from json_each(old.recipient_ids));
    insert or ignore into message_recipients select value, new.id from json_each(new.recipient_ids);
  end`,
];

/** Substring search over the case-folded copy; kept by triggers, so that no writer can forget it. */
const SEARCH = [
  `create virtual table messages_search using fts5(
    search_text, content = 'messages', content_rowid = 'id', tokenize = 'trigram case_sensitive 1'
  )`,
  `create trigger messages_search_insert after insert on messages begin
    insert into messages_search (rowid, search_text) values (new.id, new.search_text);
  end`,
  `create trigger messages_search_update after update of search_text on messages
    when new.search_text <> old.search_text begin
    insert into messages_search (messages_search, rowid, search_text) values ('delete', old.id, old.search_text);
    insert into messages_search (rowid, search_text) values (new.id, new.search_text);
  end`,
];

/** What never changes, kept against every program that opens the file. */
const FIXED = [
  `create trigger messages_keep before delete on messages begin
    select raise(abort, 'a message is never deleted');
  end`,
  `create trigger messages_fixed before update on messages
    when new.id is not old.id or new.direction is not old.direction or new.parent_id is not old.parent_id
      or new.created_at is not old.created_at or new.version < old.version
      or (old.data_provider_message_id is not null and new.data_provider_message_id is not old.data_provider_message_id)
    begin
    select raise(abort, 'id, direction, parent_id, created_at and data_provider_message_id never change, version never goes back');
  end`,
  `create trigger schedules_fixed before update on schedules begin
    select raise(abort, 'a schedule never changes: store another one');
  end`,
  `create trigger messages_incoming before update on messages
    when old.direction = 'INCOMING' and (
      new.type is not old.type or new.title is not old.title or new.message is not old.message
      or new.channels is not old.channels or new.recipient_ids is not old.recipient_ids
      or new.contact_id is not old.contact_id or new.post_id is not old.post_id
      or new.data_feed_id is not old.data_feed_id or new.data_provider_id is not old.data_provider_id
      or new.data_provider_message_id is not old.data_provider_message_id
      or new.additional_data is not old.additional_data
      or new.send_at is not old.send_at or new.sent_at is not old.sent_at
    ) begin
    select raise(abort, 'of an INCOMING message only the status changes');
  end`,
  `create trigger messages_step before update of status on messages
    when old.direction = 'OUTGOING' and new.status <> old.status and not (
      (old.status = 'PENDING' and new.status in ('SENT', 'FAILED', 'EXPIRED', 'CANCELLED', 'ARCHIVED'))
      or (old.status in ('CANCELLED', 'EXPIRED') and new.status in ('PENDING', 'ARCHIVED'))
      or (old.status = 'FAILED' and new.status in ('PENDING', 'CANCELLED', 'ARCHIVED'))
      or (old.status = 'SENT' and new.status = 'ARCHIVED')
      or (old.status = 'ARCHIVED' and new.status = case when old.sent_at is null then 'CANCELLED' else 'SENT' end)
    ) begin
    select raise(abort, 'this status does not follow that one');
  end`,
];

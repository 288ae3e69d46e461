/**
 * What PostGraphile makes its schema of: views of the gateway's tables, whose comments say what it would read from keys
 * if they were tables, and functions for what a view cannot say. Instants stay the numbers that they are in the tables
 * (making text of them would cost the server time), so that the indexes fit.
 */
export const SCHEMA = 'postgraphile';

const COLUMNS = `id, version::int as version, direction, status, type, title, message, channels::json as channels,
  contact_id, data_provider_id, created_at, updated_at, parent_id`;

const INBOX = `direction = 'INCOMING' and status <> 'ARCHIVED'`;
const NOW = `(extract(epoch from clock_timestamp()) * 1000)::bigint`;

export const VIEWS: readonly string[] = [
  `create schema ${SCHEMA}`,
  `create view ${SCHEMA}.messages as select ${COLUMNS} from public.messages`,
  `create view ${SCHEMA}.inbox as select ${COLUMNS} from public.messages where ${INBOX}`,
  comment('inbox', [`@foreignKey (parent_id) references ${SCHEMA}.messages (id)|@fieldName parent`]),
  comment('messages', [
    `@foreignKey (parent_id) references ${SCHEMA}.inbox (id)|@fieldName parentInInbox|@foreignFieldName replies`,
  ]),

  // What matches is found first, as in the SQL written by hand.
  `create function ${SCHEMA}.search_inbox(q text) returns setof ${SCHEMA}.inbox language sql stable as $$
    with found as materialized (select * from public.messages where search_text like '%' || lower(q) || '%')
    select ${COLUMNS} from found where ${INBOX} order by created_at desc, id desc $$`,

  `create function ${SCHEMA}.create_message(message text, type text, channels json, recipient_ids json)
    returns ${SCHEMA}.messages language sql volatile as $$
    insert into public.messages (version, direction, status, type, message, channels, recipient_ids, created_at,
      updated_at, search_text)
    values (1, 'OUTGOING', 'PENDING', type, message, channels::text, recipient_ids::text, ${NOW}, ${NOW},
      chr(31) || lower(message))
    returning ${COLUMNS} $$`,

  `create function ${SCHEMA}.update_message_status(id bigint, status text) returns ${SCHEMA}.messages
    language sql volatile as $$
    update public.messages set status = $2, version = version + 1, updated_at = ${NOW} where id = $1
    returning ${COLUMNS} $$`,

  `create function ${SCHEMA}.batch_update_message_status(ids bigint[], status text) returns setof ${SCHEMA}.messages
    language sql volatile as $$
    update public.messages set status = $2, version = version + 1, updated_at = ${NOW} where id = any($1)
    returning ${COLUMNS} $$`,
];

function comment(view: string, tags: readonly string[]): string {
  const text = ['@primaryKey id', '@behavior -insert -update -delete', ...tags].join('\\n');
  return `comment on view ${SCHEMA}.${view} is E'${text}'`;
}

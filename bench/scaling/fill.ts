// Fills a migrated, empty store on PostgreSQL with many messages, past the gateway: see docs/SCALING.md.
// node --import tsx bench/scaling/fill.ts --url postgres://… --messages 5000000
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { type Rows, rowsOf } from './rows';
import { samples } from '../samples';

/** Messages in one statement: enough to make its cost that of the rows. */
const CHUNK = 5_000;

const REPORT_EVERY = 250_000;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: { type: 'string' }, messages: { type: 'string' } } });
  const count = Number(values.messages);
  if (values.url === undefined || !Number.isSafeInteger(count) || count < CHUNK) {
    throw new Error(`Usage: fill.ts --url postgres://… --messages N, with N of at least ${CHUNK}`);
  }
  const client = new Client({ connectionString: values.url });
  await client.connect();
  try {
    await requireEmpty(client);
    const indexes = await dropIndexes(client);
    await insert(client, count);
    await makeContacts(client);
    await nameRecipients(client);
    for (const definition of indexes) {
      await client.query(definition);
      say(definition.slice(0, 80));
    }
    for (const table of ['schedules', 'messages', 'audit_entries']) {
      await client.query(`select setval('${table}_id_seq', greatest(1, (select max(id) from ${table})))`);
      await client.query(`vacuum analyze ${table}`);
    }
    await client.query('vacuum analyze message_recipients');
    say('filled');
  } finally {
    await client.end();
  }
}

async function requireEmpty(client: Client): Promise<void> {
  const { rows } = await client.query<{ id: string }>('select id from messages limit 1');
  if (rows.length > 0) throw new Error('The store holds messages already.');
}

/** Triggers and foreign keys rest for this connection, which only a superuser may ask for; what they keep is kept here. */
async function dropIndexes(client: Client): Promise<readonly string[]> {
  await client.query('set session_replication_role = replica');
  await client.query('set synchronous_commit = off');
  await client.query(`set maintenance_work_mem = '1GB'`);
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
      where indrelid in ('messages'::regclass, 'audit_entries'::regclass)
        and not exists (select 1 from pg_constraint where conindid = indexrelid)
      order by indexrelid`,
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}

async function insert(client: Client, count: number): Promise<void> {
  let sending: Promise<unknown> = Promise.resolve();
  let rows: Rows = { schedules: [], messages: [], audit_entries: [] };
  for (const sample of samples(count)) {
    rowsOf(sample, rows);
    if (rows.messages.length < CHUNK && sample.id < count) continue;
    const full = rows;
    rows = { schedules: [], messages: [], audit_entries: [] };
    // The next rows are made while these travel.
    await sending;
    sending = send(client, full);
    if (sample.id % REPORT_EVERY === 0) say(`${sample.id} messages`);
  }
  await sending;
}

async function send(client: Client, rows: Rows): Promise<void> {
  for (const [table, values] of Object.entries(rows)) {
    await client.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(values),
    ]);
  }
}

/** Of those whom messages name nothing is known but their ids, as after an import. */
async function makeContacts(client: Client): Promise<void> {
  await client.query(
    `insert into contacts (id, type, can_notify, created_at, updated_at, search_text)
      select contact_id, 'OTHER', 1, min(created_at), min(created_at), chr(31) from messages
        where contact_id is not null group by contact_id`,
  );
  say('contacts');
}

/** What the trigger does for each message, for all at once and in the order of the table's key. */
async function nameRecipients(client: Client): Promise<void> {
  await client.query(
    `insert into message_recipients
      select distinct given.value, id from messages,
        jsonb_array_elements_text(recipient_ids::jsonb) as given (value)
      where recipient_ids <> '[]' order by 1, 2`,
  );
  say('recipients');
}

function say(text: string): void {
  process.stderr.write(`${Math.round(performance.now() / 1_000)} s  ${text}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

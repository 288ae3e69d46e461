import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenService } from '../../src/auth/token.service';
import { ContactStore } from '../../src/contacts/contact.store';
import { exportContacts } from '../../src/contacts/transfer/contact.export';
import { MessageStore } from '../../src/messages/message.store';
import { exportMessages } from '../../src/messages/transfer/message.export';
import { copyStoreAt, model } from '../../src/model';
import { type CheckedTable, type CopyListener } from '../../src/platform/database/copy/copy-run';
import { type Database } from '../../src/platform/database/database';
import { placeOf } from '../../src/platform/database/place';
import { FakeClock } from '../support/clock';
import { openDatabaseAt } from '../support/engine';
import { makeContacts } from '../support/contacts';
import { openGateway } from '../support/gateway';
import { administer, currentRun, newDatabaseName, urlOf } from '../support/postgres-databases';

/** Stores of a test file, on both engines; nothing is there yet. */
export interface Stores {
  sqlite(): string;
  postgres(): Promise<string>;
  remove(): Promise<void>;
}

export function newStores(): Stores {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-copy-'));
  const server = currentRun().url;
  const databases: string[] = [];
  let files = 0;
  return {
    sqlite: () => `sqlite:${join(folder, `${(files += 1)}.sqlite`)}`,
    postgres: async () => {
      const name = newDatabaseName();
      await administer(server, `create database ${name} encoding 'UTF8' template template0`);
      databases.push(name);
      return urlOf(server, name);
    },
    remove: async () => {
      await administer(server, ...databases.map(name => `drop database ${name} with (force)`));
      rmSync(folder, { recursive: true });
    },
  };
}

export async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabaseAt(url);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Runs statements past all services, each in a transaction of its own. */
export function change(url: string, ...statements: readonly string[]): Promise<void> {
  return withDatabase(url, async database => {
    for (const statement of statements) await database.write(({ query }) => query(statement));
  });
}

/** Runs the copying in this process. */
export function copy(
  from: string,
  to: string,
  listener: Partial<CopyListener> = {},
): Promise<readonly CheckedTable[]> {
  const silent = { begins: () => undefined, copied: () => undefined, checked: () => undefined };
  return copyStoreAt(placeOf(from), placeOf(to), { ...silent, ...listener });
}

/** Everything that a store holds, in words that both engines have in common. */
export function contentsOf(url: string): Promise<Readonly<Record<string, unknown>>> {
  return withDatabase(url, async database => {
    const contents: Record<string, unknown> = {};
    for (const entity of model.entities) {
      const { tableName, primaryColumns } = database.metadata(entity);
      const key = primaryColumns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
      contents[tableName] = await database.read(`select * from ${tableName} order by ${key}`);
      if (!primaryColumns.some(({ isGenerated }) => isGenerated)) continue;
      const [last] = await database.read<{ id: number | null }>(database.dialect.lastId(tableName));
      contents[`last id of ${tableName}`] = last?.id ?? null;
    }
    contents['recipients'] = await database.read(
      'select * from message_recipients order by recipient_id, message_id',
    );
    contents['export'] = await exportOf(database);
    return contents;
  });
}

async function exportOf(database: Database): Promise<string> {
  const store = new MessageStore(database);
  let text = '';
  for await (const chunk of exportContacts(new ContactStore(database))) text += chunk.text;
  for await (const chunk of exportMessages(store, (await store.extent()).lastId)) text += chunk.text;
  return text;
}

/** The indexes and tables of a store, as its engine tells them. */
export function schemaOf(url: string): Promise<readonly unknown[]> {
  return withDatabase(url, ({ read, dialect }) =>
    read(
      dialect.engine === 'sqlite'
        ? `select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite~_%' escape '~' order by type, name`
        : `select tablename, indexname, indexdef from pg_indexes where schemaname = current_schema()
            union all select tablename, '', '' from pg_tables where schemaname = current_schema() order by 1, 2`,
    ),
  );
}

/** A token that may do everything with messages. */
export async function makeToken(database: Database, name = 'kiosk'): Promise<string> {
  const options = { database, clock: new FakeClock(), adminToken: null, anonymousScopes: [] };
  const scopes = ['messages:list', 'messages:read', 'messages:create', 'messages:update'] as const;
  const { token } = await new TokenService(options).create({ name, scopes, expiresAt: null });
  return token;
}

/** Fills a store by the API with something in every table. @returns the token by which that was done. */
export async function fill(url: string): Promise<string> {
  const gateway = await openGateway({}, url);
  try {
    const token = await makeToken(gateway.database);
    await makeToken(gateway.database, 'another');
    const as = `Bearer ${token}`;
    await gateway.graphql(
      `mutation { batchCreateMessages(idempotencyKey: "first", inputs: [
        { message: "The river rises. \u{1F30A} ÜBER", channels: [SMS, MAIL], recipientIds: ["b", "a"] }
        { message: "Every week.", channels: [SMS], title: "Wéekly", additionalData: { z: 1, a: [null, "ä"] },
          schedule: { start: "2030-01-01T08:00:00Z", frequency: WEEKLY, byDay: [MO] } }
        { message: "Every year.", channels: [SMS],
          schedule: { start: "2030-01-01T08:00:00Z", frequency: YEARLY } }
      ]) { succeeded } }`,
      {},
      as,
    );
    await gateway.graphql(
      `mutation { reply: createMessage(idempotencyKey: "second", input: { message: "So it does.", parentId: "1" }) { message { id } }
        sent: updateMessageStatus(id: "1", status: SENT) { message { id } }
        plain: updateMessage(id: "3", input: { schedule: null }) { message { id } } }`,
      {},
      as,
    );
    // One that is merged into another whose id comes later, in the order in which they are copied.
    await makeContacts(gateway.database, ['amina', 'juma']);
    await gateway.graphql(
      `mutation { known: updateContact(id: "juma", input: { type: PHONE, address: "+254 700 000 001", name: "Jüma" }) { contact { id } }
        merged: mergeContacts(from: "amina", into: "juma") { contact { id } } }`,
    );
    await gateway.put({
      ...{
        direction: 'INCOMING',
        status: 'RECEIVED',
        type: 'REPORT',
        dataProviderId: 'p',
        contactId: 'amina',
      },
    });
    return token;
  } finally {
    await gateway.close();
  }
}

/** So many more messages, each with an audit entry. */
export function fillWithMany(url: string, count: number): Promise<void> {
  return withDatabase(url, async database => {
    const { dialect } = database;
    const numbers = JSON.stringify(Array.from({ length: count }, (_, n) => n + 1));
    const n = dialect.item('given', 'integer');
    await database.write(async ({ query }) => {
      await query(
        `insert into messages (version, direction, status, type, message, channels, recipient_ids, created_at, updated_at, search_text)
          select 1, 'INCOMING', 'RECEIVED', 'REPORT', 'Message ' || (${n}), '["SMS"]', '["a"]', ${n}, ${n}, 'message ' || (${n})
          from ${dialect.list('given')}`,
        [numbers],
      );
      await query(
        `insert into audit_entries (at, action, actor, message_id, version, changes)
          select 1, 'IMPORTED', 'OPERATOR', id, 1, '[]' from messages`,
      );
    });
  });
}

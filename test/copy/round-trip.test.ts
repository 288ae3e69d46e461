import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Message } from '../../src/messages/message.entity';
import { MessageStore } from '../../src/messages/message.store';
import { makeContacts } from '../support/contacts';
import { openGateway } from '../support/gateway';
import { messages } from '../support/random-messages';
import {
  change,
  contentsOf,
  copy,
  fill,
  fillWithMany,
  makeToken,
  newStores,
  schemaOf,
  type Stores,
  withDatabase,
} from './stores';

let stores: Stores;
beforeAll(() => {
  stores = newStores();
});
afterAll(() => stores.remove());

/** Each after those to which its rows refer. */
const TABLES = [
  ...['api_tokens', 'contacts', 'schedules', 'messages', 'idempotency_keys', 'audit_entries'],
  ...['provider_counters', 'provider_positions', 'intake_failures', 'intake_raws'],
];

const ROWS_OF_THE_INTAKE = [
  `provider_counters values ('ward', 3, 2, 1, 1767225600000)`,
  `provider_positions values ('mail', 'INBOX', '7:99')`,
  `intake_failures values (7, 'ward', 1, 2, 3, 'no JSON', 4, 'd', 'r', null, null)`,
  `intake_raws values (1, 'ward', 1, 'r', 'key')`,
];

describe('a copied store', () => {
  test('is the original, on either engine and back again', async () => {
    const origin = stores.sqlite();
    await fill(origin);
    await withDatabase(origin, database => makeContacts(database, ['ward']));
    for (const row of ROWS_OF_THE_INTAKE) await change(origin, `insert into ${row}`);
    const [server, otherServer, file] = [await stores.postgres(), await stores.postgres(), stores.sqlite()];
    const tables = await copy(origin, server);
    expect(await copy(server, otherServer)).toEqual(tables);
    expect(await copy(otherServer, file)).toEqual(tables);

    const contents = await contentsOf(origin);
    expect(tables.map(({ name, rows }) => [name, rows])).toEqual(
      TABLES.map(name => [name, (contents[name] as unknown[]).length]),
    );
    expect(tables.every(({ rows }) => rows > 0)).toBe(true);
    for (const url of [server, otherServer, file]) expect(await contentsOf(url)).toEqual(contents);
  });

  test('is the original whatever the messages are', async () => {
    await fc.assert(
      fc.asyncProperty(messages(12), async states => {
        const [origin, server, file] = [stores.sqlite(), await stores.postgres(), stores.sqlite()];
        await withDatabase(origin, async database => {
          const store = new MessageStore(database);
          await makeContacts(
            database,
            states.map(({ contactId }) => contactId),
          );
          await database.write(async unit => {
            for (const state of states) await store.insert(unit.query, [Message.of(state)]);
          });
          await makeToken(database);
        });
        await copy(origin, server);
        await copy(server, file);
        const contents = await contentsOf(origin);
        expect(await contentsOf(server)).toEqual(contents);
        expect(await contentsOf(file)).toEqual(contents);
      }),
      { numRuns: 8 },
    );
  }, 120_000);

  test('is as long as it was, over many pages', async () => {
    const [origin, server, file] = [stores.sqlite(), await stores.postgres(), stores.sqlite()];
    await fillWithMany(origin, 2_100);
    // Texts so long that a page holds a few rows only.
    await change(
      origin,
      `insert into messages select id + 5000, version, direction, status, type, title, replace(hex(zeroblob(250000)), '0', 'ü'),
        channels, recipient_ids, parent_id, contact_id, post_id, data_feed_id, data_provider_id, data_provider_message_id,
        additional_data, schedule_id, send_at, sent_at, created_at, updated_at, search_text
        from messages where id <= 9`,
    );
    const tables = await copy(origin, server);
    expect(tables.find(({ name }) => name === 'messages')?.rows).toBe(2_109);
    expect(await copy(server, file)).toEqual(tables);
    expect(await contentsOf(file)).toEqual(await contentsOf(origin));
  }, 60_000);

  test('has every index that a new store has', async () => {
    const origin = stores.sqlite();
    await fill(origin);
    for (const newUrl of [() => stores.sqlite(), () => stores.postgres()]) {
      const [fresh, target] = [await newUrl(), await newUrl()];
      await copy(origin, target);
      const sorted = (rows: readonly unknown[]): readonly string[] =>
        rows.map(row => JSON.stringify(row)).sort();
      expect(sorted(await schemaOf(target))).toEqual(sorted(await schemaOf(fresh)));
    }
  });

  test('lets in whoever was let in, and gives no id again, even one of a row that is gone', async () => {
    const [origin, server] = [stores.sqlite(), await stores.postgres()];
    const token = await fill(origin);
    await change(
      origin,
      `update sqlite_sequence set seq = 700 where name = 'messages'`,
      `update sqlite_sequence set seq = 70 where name = 'api_tokens'`,
    );
    await copy(origin, server);
    const gateway = await openGateway({}, server);
    try {
      const create = `mutation { createMessage(input: { message: "m", channels: [SMS] }, idempotencyKey: "new") { message { id } } }`;
      expect((await gateway.graphql(create, {}, `Bearer ${token}`)).data).toEqual({
        createMessage: { message: { id: '701' } },
      });
      // A repeated call under a key that was used before the copy.
      const again = `mutation { createMessage(idempotencyKey: "second", input: { message: "So it does.", parentId: "1" }) { message { id } } }`;
      expect((await gateway.graphql(again, {}, `Bearer ${token}`)).data).toEqual({
        createMessage: { message: { id: '4' } },
      });
      await makeToken(gateway.database);
      expect((await gateway.tokens.list()).map(({ id }) => id)).toEqual([1, 2, 71]);
      const search = `{ messages(filter: { q: "über", direction: OUTGOING }) { nodes { id } } }`;
      expect((await gateway.graphql(search)).data).toEqual({ messages: { nodes: [{ id: '1' }] } });
    } finally {
      await gateway.close();
    }
  });

  test.each([
    ['behind its rows', `select setval('api_tokens_id_seq', 1)`],
    ['where it began', `select setval('api_tokens_id_seq', 1, false)`],
  ])('gives no id of its rows again, even if the counter of the source stands %s', async (_where, rewind) => {
    const [origin, server, file] = [await stores.postgres(), await stores.postgres(), stores.sqlite()];
    await fill(origin);
    await change(origin, rewind);
    for (const target of [server, file]) {
      await copy(origin, target);
      await withDatabase(target, async database => {
        await makeToken(database, 'a third');
        expect(await database.read('select id from api_tokens where id > 2')).toEqual([{ id: 3 }]);
      });
    }
  });

  test.each(['SQLite', 'PostgreSQL'])(
    'is that of the moment at which it was begun, even if others write to %s meanwhile',
    async engine => {
      const [origin, target] = [
        engine === 'SQLite' ? stores.sqlite() : await stores.postgres(),
        stores.sqlite(),
      ];
      await fillWithMany(origin, 1_500);
      const before = await contentsOf(origin);
      await withDatabase(origin, async writer => {
        const writes: Promise<unknown>[] = [];
        await copy(origin, target, {
          begins: () => {
            const statement = `update messages set status = 'ARCHIVED', version = version + 1 where id = 1400`;
            writes.push(
              writer.write(({ query }) => query(statement)),
              makeToken(writer),
            );
          },
        });
        await Promise.all(writes);
      });
      expect(rowsOf(await contentsOf(target))).toEqual(rowsOf(before));
      expect(rowsOf(await contentsOf(origin))).not.toEqual(rowsOf(before));
    },
  );
});

/** Without the last ids: a sequence of PostgreSQL's is no part of any snapshot, and may run ahead. */
function rowsOf(contents: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(contents).filter(([name]) => !name.startsWith('last id')));
}

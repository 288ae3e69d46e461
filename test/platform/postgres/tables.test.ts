import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MessageStore } from '../../../src/messages/message.store';
import { type Database } from '../../../src/platform/database/database';
import { numbered } from '../../../src/platform/database/postgres/placeholders';
import { type SqlValue } from '../../../src/platform/database/query';
import { asAnother, newDatabase, open } from './databases';

let url: string;
let database: Database;
beforeAll(async () => {
  url = await newDatabase();
  database = await open(url);
});
afterAll(() => database.close());

type Cells = Readonly<Record<string, SqlValue>>;

const OUTGOING: Cells = {
  version: 1,
  direction: 'OUTGOING',
  status: 'PENDING',
  type: 'ALERT',
  message: 'The river rises.',
  channels: '["SMS"]',
  recipient_ids: '[]',
  created_at: 1_906_545_600_000,
  updated_at: 1_906_545_600_000,
  search_text: '\u001fthe river rises.',
};
const INCOMING: Cells = { ...OUTGOING, direction: 'INCOMING', status: 'RECEIVED', type: 'REPORT' };
const SENT: Cells = { ...OUTGOING, status: 'SENT', sent_at: 1 };

async function insert(cells: Cells): Promise<number> {
  const names = Object.keys(cells);
  const [row] = await database.write(({ query }) =>
    query<{ id: number }>(
      `insert into messages (${names.join(', ')}) values (${names.map(() => '?').join(', ')}) returning id`,
      Object.values(cells),
    ),
  );
  return row?.id ?? 0;
}

function run(sql: string, ...parameters: readonly SqlValue[]): Promise<unknown[]> {
  return database.write(({ query }) => query(sql, parameters));
}

describe('the tables of PostgreSQL', () => {
  test.each([
    ['an unknown direction', { ...OUTGOING, direction: 'SIDEWAYS' }, 'messages_status'],
    ['a status of the other direction', { ...INCOMING, status: 'SENT' }, 'messages_status'],
    ['a type that there is not', { ...OUTGOING, type: 'RUMOUR' }, 'messages_type'],
    ['SENT without its time', { ...OUTGOING, status: 'SENT' }, 'messages_sent_at'],
    ['a schedule on an INCOMING message', { ...INCOMING, schedule_id: 1 }, 'messages_schedule'],
    ['an id of 0', { ...OUTGOING, id: 0 }, 'messages_id'],
    ['an id beyond 2^53 - 1', { ...OUTGOING, id: '9007199254740992' }, 'messages_id'],
    ['a parent that there is not', { ...OUTGOING, id: 900_000, parent_id: 899_999 }, 'messages_parent'],
    ['a parent that comes later', { ...OUTGOING, id: 5, parent_id: 6 }, 'messages_parent_first'],
  ])('refuse %s', async (_what, cells, constraint) => {
    await expect(insert(cells)).rejects.toMatchObject({ constraint });
  });

  test.each([
    ['its id', OUTGOING, 'id = id + 100000'],
    ['its direction', OUTGOING, `direction = 'INCOMING', status = 'RECEIVED'`],
    ['when it was made', OUTGOING, 'created_at = created_at + 1'],
    ['its version to an earlier one', OUTGOING, 'version = version - 1'],
    ['what it answers', OUTGOING, 'parent_id = 1'],
    ["its provider's id", { ...INCOMING, data_provider_message_id: 'a' }, `data_provider_message_id = 'b'`],
    ['the text of an INCOMING one', INCOMING, `message = 'Another.'`],
    ['the title of an INCOMING one', INCOMING, `title = 'Another.'`],
    ['who is addressed by an INCOMING one', INCOMING, `recipient_ids = '["a"]'`],
    ['SENT to PENDING', SENT, `status = 'PENDING', sent_at = null`],
  ])('never let a message change %s', async (_what, cells, change) => {
    const id = await insert(cells);
    await expect(run(`update messages set ${change} where id = ?`, id)).rejects.toMatchObject({
      code: '23514',
    });
  });

  test.each([
    ['the status of an INCOMING message', INCOMING, `status = 'ARCHIVED', version = 2`],
    ['the text of an OUTGOING one', OUTGOING, `message = 'Another.', version = 2`],
    ['PENDING to SENT', OUTGOING, `status = 'SENT', sent_at = 5, version = 2`],
  ])('let %s change', async (_what, cells, change) => {
    const id = await insert(cells);
    expect(await run(`update messages set ${change} where id = ? returning version`, id)).toEqual([
      { version: 2 },
    ]);
  });

  test('never let a message, or all of them, be deleted', async () => {
    const id = await insert(OUTGOING);
    await expect(run('delete from messages where id = ?', id)).rejects.toThrow('a message is never deleted');
    await expect(run('truncate messages')).rejects.toThrow('a message is never deleted');
  });

  test('never let the audit record be changed, deleted or emptied', async () => {
    await run(
      `insert into audit_entries (at, action, actor, message_id, version, changes) values (1, 'CREATED', 'OPERATOR', 1, 1, '[]')`,
    );
    await expect(run('update audit_entries set at = 2')).rejects.toThrow('an audit entry never changes');
    await expect(run('delete from audit_entries')).rejects.toThrow('an audit entry is never deleted');
    await expect(run('truncate audit_entries')).rejects.toThrow('an audit entry is never deleted');
  });

  test('never let a schedule change', async () => {
    await run(
      `insert into schedules ("start", time_zone, frequency, "interval", end_type, by_day, by_month, by_month_day)
        values (1, 'UTC', 'DAILY', 1, 'NEVER', '[]', '[]', '[]')`,
    );
    await expect(run('update schedules set "interval" = 2')).rejects.toThrow('a schedule never changes');
  });

  test('know who is addressed by name, even if a name stands there twice', async () => {
    const names = (id: number) =>
      database.read('select recipient_id as name from message_recipients where message_id = ? order by 1', [
        id,
      ]);
    const id = await insert({ ...OUTGOING, recipient_ids: '["b","a","b"]' });
    expect(await names(id)).toEqual([{ name: 'a' }, { name: 'b' }]);
    await run(`update messages set recipient_ids = ? where id = ?`, '["ü\\"","b"]', id);
    expect(await names(id)).toEqual([{ name: 'b' }, { name: 'ü"' }]);
    await run(`update messages set recipient_ids = '[]' where id = ?`, id);
    expect(await names(id)).toEqual([]);
  });

  test('give out ids beyond those that messages have brought, and none twice', async () => {
    const first = await insert(OUTGOING);
    expect(await insert({ ...OUTGOING, id: first + 1_000 })).toBe(first + 1_000);
    expect(await database.read(database.dialect.lastId('messages'))).toEqual([{ id: first + 1_000 }]);
    expect(await insert({ ...OUTGOING, id: first + 10 })).toBe(first + 10);
    expect(await insert(OUTGOING)).toBe(first + 1_001);
    await expect(
      database.write(async ({ query }) => {
        await query(database.dialect.lastId('messages'));
        throw new Error('given up');
      }),
    ).rejects.toThrow('given up');
    expect(await insert(OUTGOING)).toBe(first + 1_002);
  });

  test('hold ids and instants to the last unit up to 2^53 - 1', async () => {
    const latest = Number.MAX_SAFE_INTEGER;
    const id = await insert({ ...SENT, sent_at: latest, send_at: -latest });
    expect(await database.read('select sent_at, send_at from messages where id = ?', [id])).toEqual([
      { sent_at: latest, send_at: -latest },
    ]);
    expect(await database.read('select count(*) as hits from messages where id = ?', [id])).toEqual([
      { hits: 1 },
    ]);
  });

  test('find a text by each of its parts, however odd', async () => {
    const text = 'Ünder 100%_of\\ "it\' \u001f\n\t\u{1f6b0}{a,b}?$1 null \u200b';
    const id = await insert({ ...OUTGOING, search_text: text, title: text });
    const characters = Array.from(text);
    for (const length of [1, 2, 3, 5]) {
      for (let start = 0; start + length <= characters.length; start += 1) {
        const part = characters.slice(start, start + length).join('');
        for (const find of [true, false]) {
          const { sql, parameters } = database.dialect.holds('messages', 'search_text', part, find);
          const rows = await database.read(`select title from messages where id = ? and ${sql}`, [
            id,
            ...parameters,
          ]);
          expect(rows).toEqual([{ title: text }]);
        }
      }
    }
    for (const part of ['100x', '%of', 'under', '_O']) {
      const { sql, parameters } = database.dialect.holds('messages', 'search_text', part, true);
      expect(
        await database.read(`select 1 from messages where id = ? and ${sql}`, [id, ...parameters]),
      ).toEqual([]);
    }
  });

  test('find messages by the ids of their provider in an index', async () => {
    let asked = '';
    await new MessageStore(database).findByProviderKeys([['p', 'x']], (sql: string) => {
      asked = sql;
      return Promise.resolve([]);
    });
    const { rows } = await asAnother(url, async client => {
      await client.query('begin');
      const names = Object.keys(INCOMING);
      await client.query(
        `insert into messages (${names.join(', ')}, data_provider_id, data_provider_message_id)
          select ${names.map((_, index) => `$${index + 1}`).join(', ')}, 'p', n::text from generate_series(1, 3000) as n`,
        Object.values(INCOMING),
      );
      await client.query('analyze messages');
      // In so small a table it would look at everything at once.
      await client.query('set local enable_hashjoin = off; set local enable_mergejoin = off');
      return client.query<Cells>(`explain ${numbered(asked)}`, ['[["p", "x"]]']);
    });
    expect(JSON.stringify(rows)).toMatch(/using messages_provider_key.*Index Cond: [^}]*sha256/);
  });

  test('have no text with a character that none can hold, even where another in a list is found', async () => {
    const among = (...values: readonly string[]) => {
      const { sql, parameters } = database.dialect.among(`'\ufffd'`, values);
      return database.read(`select 1 as one where ${sql}`, parameters);
    };
    expect(await among('\0')).toEqual([]);
    expect(await among('\ud800')).toEqual([]);
    expect(await among('a', '\0', '\ud800')).toEqual([]);
    expect(await among('\0', '\ufffd', 'a')).toEqual([{ one: 1 }]);
  });

  test('take lists apart as they were given, however odd their texts', async () => {
    const { dialect } = database;
    const texts = ['a', '', '"', '\\', '{}', 'null', 'NULL', ',', "it's", 'a?b', '\n\t', '\u{1f6b0}', 'ü'];
    const rows = await database.read(
      `select ${dialect.item('given', 'text')} as item, ${dialect.place('given')} as place from ${dialect.list('given')}
        order by place`,
      [JSON.stringify(texts)],
    );
    expect(rows).toEqual(texts.map((item, place) => ({ item, place })));
    const cells = await database.read(
      `select ${dialect.cell('given', 0, 'integer')} as id, ${dialect.cell('given', 1, 'text')} as name
        from ${dialect.list('given')}`,
      [JSON.stringify(texts.map(text => [Number.MAX_SAFE_INTEGER, text]).concat([[1, null as never]]))],
    );
    expect(cells).toEqual([
      ...texts.map(name => ({ id: Number.MAX_SAFE_INTEGER, name })),
      { id: 1, name: null },
    ]);
    const among = dialect.among('name', texts);
    const found = await database.read(
      `select name from (select ${dialect.item('given', 'text')} as name from ${dialect.list('given')}) as names where ${among.sql}`,
      [JSON.stringify([...texts, 'none of them']), ...among.parameters],
    );
    expect(found).toEqual(texts.map(name => ({ name })));
    const numbers = dialect.among('5', [4, 5, Number.MAX_SAFE_INTEGER]);
    expect(await database.read(`select 1 as one where ${numbers.sql}`, numbers.parameters)).toEqual([
      { one: 1 },
    ]);
  });
});

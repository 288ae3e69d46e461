import { expect, test } from '@jest/globals';
import { type QueryRunner } from 'typeorm';
import { Message } from '../../src/messages/message.entity';
import { MessagePages } from '../../src/messages/lists/message.pages';
import { MessageStore } from '../../src/messages/message.store';
import { type Database } from '../../src/platform/database/database';
import { ListIndexes1763700400000 as SqliteIndexes } from '../../src/platform/database/migrations/1763700400000-list-indexes';
import { ListIndexes1763700400000 as PostgresIndexes } from '../../src/platform/database/postgres/migrations/1763700400000-list-indexes';
import { engineUnderTest, newPlace, openDatabaseAt } from '../support/engine';
import { incoming, outgoing } from '../support/store';

async function indexes(database: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await database.read<{ name: string; definition: string }>(database.dialect.plainIndexes, [
    'messages',
  ]);
  return new Map(rows.map(({ name, definition }) => [name, definition.replace(/\s+/g, ' ')]));
}

function takeBack(database: Database): Promise<void> {
  const migration = engineUnderTest() === 'sqlite' ? new SqliteIndexes() : new PostgresIndexes();
  return database.write(async ({ query }) => {
    await migration.down({ query } as unknown as QueryRunner);
    await query(`delete from migrations where name = 'ListIndexes1763700400000'`);
  });
}

test('a store of a release before gets the indexes of its lists, and keeps its messages', async () => {
  const place = await newPlace();
  const former = await openDatabaseAt(place.databaseUrl);
  const sentAt = new Date('2030-02-01T00:00:00Z');
  const states = [incoming({ dataProviderId: 'p' }), outgoing({ status: 'SENT', sentAt })];
  await takeBack(former);
  expect((await indexes(former)).get('messages_inbox_by_created')).toContain('(created_at, id)');
  expect((await indexes(former)).has('messages_by_sent_at')).toBe(false);
  const messages = states.map(state => Message.of(state));
  await former.write(({ query }) => new MessageStore(former).insert(query, messages));
  await former.close();

  const database = await openDatabaseAt(place.databaseUrl);
  try {
    const made = await indexes(database);
    const columns = 'created_at, id, type, channels, data_feed_id, data_provider_id';
    expect(made.get('messages_inbox_by_created')).toContain(`(${columns})`);
    expect(made.has('messages_by_sent_at')).toBe(true);
    const pages = new MessagePages(database, new MessageStore(database));
    const ids = async (filter: object): Promise<number[]> =>
      (await pages.list({ filter }).nodes()).map(({ id }) => id);
    expect(await ids({ dataProviderId: ['p'], type: ['REPORT'] })).toEqual([1]);
    expect(await ids({ direction: ['OUTGOING'], sentAt: { gte: sentAt } })).toEqual([2]);
  } finally {
    await database.close();
    await place.remove();
  }
});

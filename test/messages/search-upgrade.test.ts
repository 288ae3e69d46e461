import { expect, test } from '@jest/globals';
import { type QueryRunner } from 'typeorm';
import { Message } from '../../src/messages/message.entity';
import { MessagePages } from '../../src/messages/lists/message.pages';
import { MessageStore } from '../../src/messages/message.store';
import { type Database } from '../../src/platform/database/database';
import { SearchIndex1763700500000 as SqliteIndex } from '../../src/platform/database/migrations/1763700500000-search-index';
import { SearchIndex1763700500000 as PostgresIndex } from '../../src/platform/database/postgres/migrations/1763700500000-search-index';
import { engineUnderTest, newPlace, openDatabaseAt } from '../support/engine';
import { incoming } from '../support/store';

function takeBack(database: Database): Promise<void> {
  const migration = engineUnderTest() === 'sqlite' ? new SqliteIndex() : new PostgresIndex();
  return database.write(async ({ query }) => {
    await migration.down({ query } as unknown as QueryRunner);
    await query(`delete from migrations where name = 'SearchIndex1763700500000'`);
  });
}

function insert(database: Database, texts: readonly string[]): Promise<void> {
  const messages = texts.map(message => Message.of(incoming({ message })));
  return database.write(({ query }) => new MessageStore(database).insert(query, messages));
}

test('a store of a release before gets the search index of this one, with its messages and those that come', async () => {
  const place = await newPlace();
  const former = await openDatabaseAt(place.databaseUrl);
  await insert(former, ['The river rises.']);
  await takeBack(former);
  await insert(former, ['The river falls.', 'The road is closed.']);
  await former.close();

  const database = await openDatabaseAt(place.databaseUrl);
  try {
    await insert(database, ['A river of mud.']);
    const pages = new MessagePages(database, new MessageStore(database));
    const order = { field: 'ID', direction: 'ASC' } as const;
    const found = await pages.list({ filter: { q: 'RIVER' }, orderBy: order }).nodes();
    expect(found.map(({ id }) => id)).toEqual([1, 2, 4]);
    if (engineUnderTest() === 'postgres') return;
    // Throws where the index holds other than the messages do.
    await database.write(({ query }) =>
      query(`insert into messages_search (messages_search, rank) values ('integrity-check', 1)`),
    );
    const kept = await database.read<{ k: string; v: number }>(
      `select k, v from messages_search_config where k = 'automerge'`,
    );
    expect(kept).toEqual([{ k: 'automerge', v: 8 }]);
    expect(await database.read(database.dialect.hasTable, ['messages_search_docsize'])).toEqual([]);
  } finally {
    await database.close();
    await place.remove();
  }
});

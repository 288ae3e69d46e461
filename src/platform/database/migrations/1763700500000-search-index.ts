import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * The search index is written with less work. It no longer counts the words of each row, a row of its own for every
 * message that only a ranking would look at; and eight parts of a size are merged at once, where it were four, so that a
 * text is written anew less often. A search has a few more parts to look into.
 */
export class SearchIndex1763700500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await makeAnew(runner, ', columnsize = 0');
    await runner.query(`insert into messages_search (messages_search, rank) values ('automerge', 8)`);
    await fill(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await makeAnew(runner, '');
    await fill(runner);
  }
}

/** The triggers that keep the index stay: they are those of the messages, and know it by its name. */
async function makeAnew(runner: QueryRunner, options: string): Promise<void> {
  await runner.query('drop table messages_search');
  await runner.query(
    `create virtual table messages_search using fts5(
      search_text, content = 'messages', content_rowid = 'id', tokenize = 'trigram case_sensitive 1'${options}
    )`,
  );
}

/** From the messages that are there. */
async function fill(runner: QueryRunner): Promise<void> {
  await runner.query(`insert into messages_search (messages_search) values ('rebuild')`);
}

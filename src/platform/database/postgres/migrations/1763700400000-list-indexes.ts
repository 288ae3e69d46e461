import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * The same indexes as in the store of SQLite. The former one goes last: until then others may read the table, and they
 * wait no longer than it takes to drop it.
 */
export class ListIndexes1763700400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create index messages_by_sent_at on messages (sent_at, id) where sent_at is not null',
    );
    await replaceInbox(runner, 'created_at, id, type, channels, data_feed_id, data_provider_id');
  }

  async down(runner: QueryRunner): Promise<void> {
    await replaceInbox(runner, 'created_at, id');
    await runner.query('drop index messages_by_sent_at');
  }
}

async function replaceInbox(runner: QueryRunner, columns: string): Promise<void> {
  await runner.query(
    `create index messages_new_inbox on messages (${columns})
      where direction = 'INCOMING' and status <> 'ARCHIVED'`,
  );
  await runner.query('drop index messages_inbox_by_created');
  await runner.query('alter index messages_new_inbox rename to messages_inbox_by_created');
}

import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Lists and counts of the inbox test type, channel, feed and provider in its index alone, where each took a look at the
 * row before; and what was sent in a given time is looked up.
 */
export class ListIndexes1763700400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index messages_inbox_by_created');
    await runner.query(
      `create index messages_inbox_by_created
        on messages (created_at, id, type, channels, data_feed_id, data_provider_id)
        where direction = 'INCOMING' and status <> 'ARCHIVED'`,
    );
    await runner.query(
      'create index messages_by_sent_at on messages (sent_at, id) where sent_at is not null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index messages_by_sent_at');
    await runner.query('drop index messages_inbox_by_created');
    await runner.query(
      `create index messages_inbox_by_created on messages (created_at, id)
        where direction = 'INCOMING' and status <> 'ARCHIVED'`,
    );
  }
}

import { expect, test } from '@jest/globals';
import { type Database } from '../../src/platform/database/database';
import { engineUnderTest, newPlace, openDatabaseAt } from '../support/engine';
import { startGatewayProcess } from '../support/process';

const ADMIN_TOKEN = 'a-token-for-tests-only';
const KILLS = 10;
const BATCH_SIZE = 100;
const MUTATION = `mutation ($inputs: [CreateMessageInput!]!, $key: String) {
  batchCreateMessages(inputs: $inputs, idempotencyKey: $key) { succeeded }
}`;

/** Sends batches, each named by its postId, until the gateway is gone. @returns the names of those acknowledged. */
async function sendUntilKilled(url: string, prefix: string): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let count = 0; ; count += 1) {
    const postId = `${prefix}-${count}`;
    const inputs = Array.from({ length: BATCH_SIZE }, (_, index) => ({
      message: `No ${index}`,
      channels: ['SMS'],
      postId,
    }));
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
        body: JSON.stringify({ query: MUTATION, variables: { inputs, key: postId } }),
      });
      const { data } = (await response.json()) as { data?: { batchCreateMessages: { succeeded: number } } };
      if (data?.batchCreateMessages.succeeded === BATCH_SIZE) acknowledged.push(postId);
    } catch {
      return acknowledged;
    }
  }
}

test('kill -9 in the middle of batches, ten times: nothing acknowledged is missing, and no batch is there in part', async () => {
  const place = await newPlace();
  try {
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      const { url, child, ended } = await startGatewayProcess({
        DATABASE_URL: place.databaseUrl,
        ADMIN_TOKEN,
      });
      const senders = ['a', 'b', 'c'].map(sender => sendUntilKilled(url, `${round}-${sender}`));
      // Each round is cut off at another point of its work.
      setTimeout(() => child.kill('SIGKILL'), 150 + round * 37);
      acknowledged.push(...(await Promise.all(senders)).flat());
      expect(await ended).toBe('SIGKILL');
    }
    const database = await openDatabaseAt(place.databaseUrl);
    const rows = await database.read<{ postId: string; n: number }>(
      'select post_id as "postId", count(*) as n from messages group by post_id',
    );
    if (engineUnderTest() === 'sqlite') await expectSoundFile(database);
    await database.close();

    const stored = new Map(rows.map(({ postId, n }) => [postId, n]));
    expect(acknowledged.length).toBeGreaterThan(KILLS);
    expect(acknowledged.filter(postId => stored.get(postId) !== BATCH_SIZE)).toEqual([]);
    expect(rows.filter(({ n }) => n !== BATCH_SIZE)).toEqual([]);
  } finally {
    await place.remove();
  }
}, 120_000);

/** A server, which was not killed, looks after its files itself. */
async function expectSoundFile(database: Database): Promise<void> {
  expect(await database.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  await database.write(({ query }) =>
    query(`insert into messages_search (messages_search) values ('integrity-check')`),
  );
}

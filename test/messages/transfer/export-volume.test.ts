import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type MessageState } from '../../../src/messages/message.kinds';
import { MessageStore } from '../../../src/messages/message.store';
import { exportMessages } from '../../../src/messages/transfer/message.export';
import { type Database } from '../../../src/platform/database/database';
import { type SqlValue } from '../../../src/platform/database/query';
import { outgoing } from '../../support/store';
import { openTransferStore, type TransferStore } from '../../support/transfer';

/** With what each holds, enough for 100 MB in all, in a field that no index knows. */
const LARGE_MESSAGES = 6_000;
const ADDITIONAL_BYTES = 16_000;
/** So many that to sort them for each part would be the wrong way even by a guess. */
const SMALL_MESSAGES = 20_000;
/** More than the chunks in work need, far less than all messages have. */
const MAX_GROWTH_BYTES = 48 * 1024 * 1024;

let store: TransferStore;
beforeEach(async () => {
  store = await openTransferStore();
});
afterEach(() => store.close());

test('memory stays flat, however many messages there are', async () => {
  await fill(LARGE_MESSAGES, { ...outgoing(), additionalData: { text: 'x'.repeat(ADDITIONAL_BYTES) } });
  let peak = 0;
  let [bytes, messages] = [0, 0];
  const before = held();
  for await (const chunk of exportMessages(store.store, LARGE_MESSAGES)) {
    bytes += chunk.text.length;
    messages += chunk.messages;
    peak = Math.max(peak, held() - before);
  }
  expect(messages).toBe(LARGE_MESSAGES);
  expect(bytes).toBeGreaterThan(LARGE_MESSAGES * ADDITIONAL_BYTES);
  expect(peak).toBeLessThan(MAX_GROWTH_BYTES);
}, 120_000);

test('each part is read from where the last one ended, even of a store that the engine knows nothing of yet', async () => {
  await fill(SMALL_MESSAGES, outgoing());
  const read: (readonly [string, readonly SqlValue[]])[] = [];
  const watched: Database = {
    ...store.database,
    read: (sql, parameters = []) => {
      read.push([sql, parameters]);
      return store.database.read(sql, parameters);
    },
  };
  let parts = 0;
  for await (const { messages } of exportMessages(new MessageStore(watched), SMALL_MESSAGES)) {
    parts += messages > 0 ? 1 : 0;
  }
  expect(read).toHaveLength(parts + 1);
  for (const [sql, parameters] of read.slice(0, 3)) {
    expect(await planOf(sql, parameters)).not.toMatch(/sort|temp b-tree|seq scan|scan messages(?! using)/i);
  }
}, 120_000);

/** @param count a multiple of 500. */
async function fill(count: number, state: MessageState): Promise<void> {
  for (let first = 1; first <= count; first += 500) {
    const messages = Array.from({ length: 500 }, (_, n) => ({ ...state, id: first + n }));
    await store.database.write(({ query }) => store.store.load(query, messages));
  }
}

async function planOf(sql: string, parameters: readonly SqlValue[]): Promise<string> {
  const { read, dialect } = store.database;
  const explain = dialect.engine === 'sqlite' ? 'explain query plan' : 'explain';
  return JSON.stringify(await read(`${explain} ${sql}`, parameters));
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is held, without what is only not yet thrown away; in bytes. */
function held(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

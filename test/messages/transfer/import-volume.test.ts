import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { OPERATOR } from '../../../src/audit/actor';
import { importMessages } from '../../../src/messages/transfer/message.import';
import { LEAST, openTransferStore, type TransferStore } from '../../support/transfer';

const LINES = 20_000;
/** More than the chunks in work need, far less than the file is long. */
const MAX_GROWTH_BYTES = 48 * 1024 * 1024;

let store: TransferStore;
beforeEach(async () => {
  store = await openTransferStore();
});
afterEach(() => store.close());

test('memory stays flat, however long the file is', async () => {
  let peak = 0;
  const before = held();
  const startedAt = performance.now();
  const counts = await importMessages(lines(), {
    database: store.database,
    clock: store.clock,
    by: OPERATOR,
    listener: {
      refused: () => undefined,
      progress: () => {
        peak = Math.max(peak, held() - before);
      },
    },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(
    `import: ${Math.round(LINES / seconds)} lines a second, at most ${peak >> 20} MiB more than before`,
  );
  expect(counts).toEqual({ added: LINES, skipped: 0, refused: 0, withoutIdentity: 0 });
  expect(peak).toBeLessThan(MAX_GROWTH_BYTES);
}, 120_000);

/** 20,000 lines of some 8 kB: 160 MB, with everything but a few lines in derived fields that are thrown away. */
// eslint-disable-next-line @typescript-eslint/require-await -- a source is read asynchronously, whatever it is
async function* lines(): AsyncGenerator<Uint8Array> {
  const text = 'x'.repeat(8_000);
  for (let n = 1; n <= LINES; n += 1) {
    yield Buffer.from(
      `${JSON.stringify({ ...LEAST, id: n, message: `Message ${n}, of some length.`, text })}\n`,
    );
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is held, without what is only not yet thrown away; in bytes. */
function held(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

import { OPERATOR } from '../audit/actor';
import { importMessages } from '../messages/transfer/message.import';
import { type Clock } from '../platform/clock';
import { type Database } from '../platform/database/database';
import { demoMessages } from './demo-messages';

/**
 * Fills a store with the sample messages, the way an import does; those that are there already stay.
 * @throws Error when one is refused: the samples are at fault, or the store holds other messages.
 */
export async function loadDemo(database: Database, clock: Clock): Promise<void> {
  const lines = demoMessages(clock.now()).map(line => `${JSON.stringify(line)}\n`);
  const refusals: string[] = [];
  await importMessages(once(Buffer.from(lines.join(''))), {
    database,
    clock,
    by: OPERATOR,
    listener: {
      refused: (line, reason) => refusals.push(`line ${line}: ${reason}`),
      progress: () => undefined,
    },
  });
  if (refusals.length > 0) throw new Error(`The sample messages were refused: ${refusals.join('; ')}`);
}

// eslint-disable-next-line @typescript-eslint/require-await -- a source is read asynchronously, whatever it is
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

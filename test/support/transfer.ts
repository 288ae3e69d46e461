import { OPERATOR } from '../../src/audit/actor';
import { ContactStore } from '../../src/contacts/contact.store';
import { exportContacts } from '../../src/contacts/transfer/contact.export';
import { MessageStore } from '../../src/messages/message.store';
import { exportMessages } from '../../src/messages/transfer/message.export';
import { type ImportCounts, importMessages } from '../../src/messages/transfer/message.import';
import { type Database } from '../../src/platform/database/database';
import { FakeClock } from './clock';
import { newPlace, openDatabaseAt } from './engine';

export interface ImportReport extends ImportCounts {
  /** As the command prints them. */
  readonly refusals: readonly string[];
}

/** A store of its own, to import into and export from. */
export interface TransferStore {
  readonly clock: FakeClock;
  readonly database: Database;
  readonly store: MessageStore;
  /** @param lines texts as they are; anything else as JSON. */
  importLines(...lines: readonly unknown[]): Promise<ImportReport>;
  importBytes(...pieces: readonly Uint8Array[]): Promise<ImportReport>;
  exportText(): Promise<string>;
  /** What the export says of messages, line by line. */
  exported(): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openTransferStore(): Promise<TransferStore> {
  const place = await newPlace();
  const clock = new FakeClock();
  const database = await openDatabaseAt(place.databaseUrl);
  const store = new MessageStore(database);
  const importBytes = async (...pieces: readonly Uint8Array[]): Promise<ImportReport> => {
    const refusals: string[] = [];
    const counts = await importMessages(sourceOf(pieces), {
      database,
      clock,
      by: OPERATOR,
      listener: {
        refused: (line, reason) => refusals.push(`line ${line}: ${reason}`),
        progress: () => undefined,
      },
    });
    return { ...counts, refusals };
  };
  const exportText = async (): Promise<string> => {
    let text = '';
    for await (const chunk of exportContacts(new ContactStore(database))) text += chunk.text;
    for await (const chunk of exportMessages(store, (await store.extent()).lastId)) text += chunk.text;
    return text;
  };
  return {
    clock,
    database,
    store,
    importLines: (...lines) =>
      importBytes(
        Buffer.from(
          lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line)) + '\n').join(''),
        ),
      ),
    importBytes,
    exportText,
    exported: async () =>
      (await exportText())
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line) as Record<string, unknown>)
        .filter(({ record }) => record !== 'contact'),
    close: async () => {
      await database.close();
      await place.remove();
    },
  };
}

/** The least that a line must say. */
export const LEAST = { message: 'The river is over the bridge.', channels: ['SMS'] } as const;

// eslint-disable-next-line @typescript-eslint/require-await -- a source is read asynchronously, whatever it is
async function* sourceOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

import { type Message } from '../message.entity';
import { type MessageStore } from '../message.store';
import { lineOf } from './line.rules';

export interface ExportChunk {
  /** Whole lines, each with its line end. */
  readonly text: string;
  readonly messages: number;
}

/** Most messages of one query, of which two are held; long ones are read fewer at a time. */
const MAX_CHUNK_MESSAGES = 500;
const FIRST_CHUNK_MESSAGES = 100;

/** About how much text is held at a time, in UTF-16 units. */
const CHUNK_LENGTH = 1_000_000;

/**
 * Every message as NDJSON in the order of ids, read a chunk at a time as fast as the reader takes it. Of messages
 * that come into the store meanwhile none is shown: `lastId` is where the store ended when the export began.
 */
export async function* exportMessages(store: MessageStore, lastId: number): AsyncGenerator<ExportChunk> {
  let limit = FIRST_CHUNK_MESSAGES;
  let reading = store.findInOrder({ after: 0, last: lastId, limit });
  for (;;) {
    const messages = await reading;
    const last = messages.at(-1);
    if (last === undefined) return;
    // The store reads the next ones while these are written.
    reading = store.findInOrder({ after: last.id, last: lastId, limit });
    // It is awaited above, unless the reader has had enough; then its failure must not count as one that nobody handles.
    reading.catch(() => undefined);
    const text = messages.map(wholeLineOf).join('');
    yield { text, messages: messages.length };
    // As many of the same length as would fill a chunk.
    const fitting = Math.floor((messages.length * CHUNK_LENGTH) / text.length);
    limit = Math.max(1, Math.min(MAX_CHUNK_MESSAGES, fitting));
  }
}

function wholeLineOf(message: Message): string {
  return `${lineOf(message)}\n`;
}

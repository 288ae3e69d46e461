import { type Message } from '../message.entity';
import { type MessageStore } from '../message.store';
import { lineOf } from './line.rules';

export interface ExportChunk {
  /** Whole lines, each with its line end. */
  readonly text: string;
  readonly messages: number;
}

/** Most messages of one query; long ones are read fewer at a time. */
const MAX_CHUNK_MESSAGES = 1_000;
const FIRST_CHUNK_MESSAGES = 100;

/** About how much text is held at a time, in UTF-16 units. */
const CHUNK_LENGTH = 1_000_000;

/**
 * Every message as NDJSON in the order of ids, read a chunk at a time as fast as the reader takes it. Of messages
 * that come into the store meanwhile none is shown: `lastId` is where the store ended when the export began.
 */
export async function* exportMessages(store: MessageStore, lastId: number): AsyncGenerator<ExportChunk> {
  let limit = FIRST_CHUNK_MESSAGES;
  let after = 0;
  for (;;) {
    const messages = await store.findInOrder({ after, last: lastId, limit });
    const last = messages.at(-1);
    if (last === undefined) return;
    const text = messages.map(wholeLineOf).join('');
    yield { text, messages: messages.length };
    after = last.id;
    // As many of the same length as would fill a chunk.
    const fitting = Math.floor((messages.length * CHUNK_LENGTH) / text.length);
    limit = Math.max(1, Math.min(MAX_CHUNK_MESSAGES, fitting));
  }
}

function wholeLineOf(message: Message): string {
  return `${lineOf(message)}\n`;
}

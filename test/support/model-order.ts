import { type Message } from '../../src/messages/message.entity';
import { type MessageOrder, type MessageOrderField } from '../../src/messages/lists/message.order';

const VALUES: Readonly<Record<MessageOrderField, (message: Message) => string | number | null>> = {
  ID: message => message.id,
  CREATED_AT: message => message.createdAt.getTime(),
  UPDATED_AT: message => message.updatedAt.getTime(),
  SEND_AT: message => message.sendAt?.getTime() ?? null,
  SENT_AT: message => message.sentAt?.getTime() ?? null,
  TITLE: message => message.title,
  TYPE: message => message.type,
  STATUS: message => message.status,
};

/** The ids of messages in an order, sorted in memory by the words of the contract. */
export function sortedIds(
  messages: readonly Message[],
  { field, direction }: MessageOrder,
): readonly number[] {
  const sign = direction === 'ASC' ? 1 : -1;
  const value = VALUES[field];
  return [...messages]
    .sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === null && y !== null) return 1;
      if (y === null && x !== null) return -1;
      return sign * (compare(x, y) || a.id - b.id);
    })
    .map(message => message.id);
}

function compare(x: string | number | null, y: string | number | null): number {
  if (typeof x === 'string' && typeof y === 'string') return byCodePoint(x, y);
  return Number(x) - Number(y);
}

/** Not `<`, which compares UTF-16 and puts an emoji before the last thousands of code points below it. */
function byCodePoint(x: string, y: string): number {
  const [a, b] = [Array.from(x), Array.from(y)];
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at === -1) return a.length - b.length;
  return (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? -1);
}

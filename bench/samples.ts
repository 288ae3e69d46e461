import {
  type JsonObject,
  type MessageChannel,
  type MessageDirection,
  type MessageStatus,
  type MessageType,
} from '../src/messages/message.kinds';
import { LONE_WORD, PHRASES, RARE_WORD, TITLES } from './phrases';

/** A message as a line of the import has it; what is left out takes its default there. */
export interface Sample {
  readonly id: number;
  readonly direction: MessageDirection;
  readonly status: MessageStatus;
  readonly type: MessageType;
  readonly title: string | null;
  readonly message: string;
  readonly channels: readonly MessageChannel[];
  readonly recipientIds: readonly string[];
  readonly parentId: number | null;
  readonly contactId: string | null;
  readonly dataFeedId: string | null;
  readonly dataProviderId: string | null;
  readonly dataProviderMessageId: string | null;
  readonly additionalData: JsonObject | null;
  readonly schedule: object | null;
  readonly sendAt: string | null;
  readonly sentAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** The store's messages lie in the year before this moment, evenly. */
const END_MS = Date.UTC(2025, 8, 30);
const SPAN_MS = 365 * DAY_MS;

const SEED = 20_250_930;
const RARE_MESSAGES = 20;

/** How far back a reply reaches: conversations are about what has just been said. */
const THREAD_REACH = 200;

/** Messages as an organisation in a flood season may have them, oldest first; the same `count` gives the same ones. */
export function* samples(count: number): Generator<Sample> {
  const draw = new Draw(SEED);
  const recent: Sample[] = [];
  const rareEvery = Math.max(1, Math.floor(count / RARE_MESSAGES));
  const loneId = rareEvery * (RARE_MESSAGES / 2);
  for (let id = 1; id <= count; id += 1) {
    const isRare = id % rareEvery === 0;
    const createdMs = Math.floor(END_MS - SPAN_MS + (SPAN_MS / count) * (id - draw.fraction()));
    const parent = draw.chance(0.25) && recent.length > 0 ? draw.among(recent) : null;
    const arrives = isRare || draw.chance(0.65);
    const place = !isRare ? null : id === loneId ? `${RARE_WORD}, near ${LONE_WORD}` : RARE_WORD;
    const sample = arrives
      ? incoming(draw, { id, createdMs, parent, place })
      : outgoing(draw, { id, createdMs, parent, place });
    recent[id % THREAD_REACH] = sample;
    yield sample;
  }
}

interface Setting {
  readonly id: number;
  readonly createdMs: number;
  readonly parent: Sample | null;
  /** Named in the message; where one is, the message arrives and stays in the inbox. */
  readonly place: string | null;
}

function incoming(draw: Draw, { id, createdMs, parent, place }: Setting): Sample {
  const channel = parent?.channels[0] ?? draw.among(ARRIVING);
  const archived = place === null && draw.chance(0.15);
  return {
    ...wording(draw, channel, place),
    ...{ id, direction: 'INCOMING', status: archived ? 'ARCHIVED' : 'RECEIVED' },
    ...{ type: parent === null ? 'REPORT' : 'COMMENT', channels: [channel], recipientIds: [] },
    ...{ parentId: parent?.id ?? null, contactId: parent?.contactId ?? `contact-${draw.below(5_000)}` },
    ...{ dataFeedId: `feed-${draw.below(12)}`, dataProviderId: `${channel.toLowerCase()}-inbox` },
    ...{ dataProviderMessageId: `m-${id}`, additionalData: draw.chance(0.1) ? attachment(id) : null },
    ...{ schedule: null, sendAt: null, sentAt: null, createdAt: instant(createdMs) },
    updatedAt: instant(archived ? createdMs + draw.below(DAY_MS) : createdMs),
  };
}

function outgoing(draw: Draw, { id, createdMs, parent }: Setting): Sample {
  const channel = parent?.channels[0] ?? draw.among(LEAVING);
  const status = draw.among(OUTGOING_STATUSES);
  const repeats = status === 'PENDING' && draw.chance(0.1);
  const sentMs = status === 'SENT' || status === 'ARCHIVED' ? createdMs + draw.below(60_000) : null;
  const named = draw.chance(0.2) ? 1 + draw.below(5) : 0;
  return {
    ...wording(draw, channel, null),
    ...{
      id,
      direction: 'OUTGOING',
      status,
      type: parent === null ? 'ALERT' : 'COMMENT',
      channels: [channel],
    },
    recipientIds: Array.from({ length: named }, (_, index) => `user-${index * 400 + draw.below(400)}`),
    ...{ parentId: parent?.id ?? null, contactId: parent?.contactId ?? null },
    ...{ dataFeedId: null, dataProviderId: null, dataProviderMessageId: null, additionalData: null },
    schedule: repeats ? weekly(createdMs) : null,
    sendAt: status === 'PENDING' && !repeats ? instant(END_MS + DAY_MS * (1_000 + draw.below(1_000))) : null,
    sentAt: sentMs === null ? null : instant(sentMs),
    ...{ createdAt: instant(createdMs), updatedAt: instant(sentMs ?? createdMs) },
  };
}

const ARRIVING: readonly MessageChannel[] = ['SMS', 'SMS', 'SMS', 'WHATSAPP', 'WHATSAPP', 'MAIL', 'TELEGRAM'];
const LEAVING: readonly MessageChannel[] = ['SMS', 'SMS', 'WHATSAPP', 'MAIL', 'BROADCAST'];
const OUTGOING_STATUSES: readonly MessageStatus[] = [
  ...Array.from({ length: 14 }, () => 'SENT' as const),
  ...(['PENDING', 'PENDING', 'ARCHIVED', 'ARCHIVED', 'FAILED', 'EXPIRED', 'CANCELLED'] as const),
];

/** Letters are long, and some are HTML; everything else is a sentence or three. */
function wording(
  draw: Draw,
  channel: MessageChannel,
  place: string | null,
): Pick<Sample, 'title' | 'message'> {
  const language = draw.among(PHRASES);
  const isLetter = channel === 'MAIL';
  const length = isLetter ? 4 + draw.below(20) : 1 + draw.below(3);
  const sentences = Array.from({ length }, () =>
    draw.among(language).replace('{}', String(2 + draw.below(97))),
  );
  if (place !== null) sentences.push(`We are at ${place}.`);
  const isHtml = isLetter && draw.chance(0.3);
  return {
    title: isLetter || draw.chance(0.1) ? draw.among(TITLES) : null,
    message: isHtml ? sentences.map(sentence => `<p>${sentence}</p>`).join('\n') : sentences.join(' '),
  };
}

function attachment(id: number): JsonObject {
  const name = `photo-${id}.jpg`;
  const url = `https://media.example.org/${name}`;
  return { media: [{ url, contentType: 'image/jpeg', size: 180_000 + id, name }] };
}

/** From eight in the morning on: at night lies the hour that clocks show twice a year, in which no schedule may start. */
function weekly(createdMs: number): object {
  const startMs = createdMs - (createdMs % DAY_MS) + 8 * HOUR_MS;
  return { start: instant(startMs), timeZone: 'Europe/Berlin', frequency: 'WEEKLY', byDay: ['MO', 'TH'] };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** Random numbers that are the same on every machine (mulberry32): two runs are to serve the same store. */
class Draw {
  constructor(private state: number) {}

  /** From 0, below 1. */
  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  chance(share: number): boolean {
    return this.fraction() < share;
  }

  /** The list must not be empty; a gap in it is passed over. */
  among<T>(list: readonly T[]): T {
    const drawn = list[this.below(list.length)];
    return drawn === undefined ? this.among(list) : drawn;
  }
}

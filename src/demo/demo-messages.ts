import type {
  JsonObject,
  MessageChannel,
  MessageDirection,
  MessageStatus,
  MessageType,
} from '../messages/message.kinds';
import { clinicStory } from './clinic-story';
import { minutesOf, type Draft } from './demo-draft';
import { demoSchedule, type DemoSchedule } from './demo-schedule';
import { deskStory } from './desk-story';
import { neighbourStory } from './neighbour-story';
import { riverStory } from './river-story';
import { schoolStory } from './school-story';
import { volunteerStory } from './volunteer-story';
import { waterStory } from './water-story';

/** A sample message in the form that the import reads and the export writes, every stored field in it. */
export interface DemoLine {
  readonly id: string;
  readonly version: number;
  readonly direction: MessageDirection;
  readonly status: MessageStatus;
  readonly type: MessageType;
  readonly title: string | null;
  readonly message: string;
  readonly channels: readonly MessageChannel[];
  readonly recipientIds: readonly string[];
  readonly parentId: string | null;
  readonly contactId: string | null;
  readonly postId: string | null;
  readonly dataFeedId: string | null;
  readonly dataProviderId: string | null;
  readonly dataProviderMessageId: string | null;
  readonly additionalData: JsonObject | null;
  readonly repeats: boolean;
  readonly schedule: DemoSchedule | null;
  readonly sendAt: string | null;
  readonly sentAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/**
 * The demo's store: a flood season in the made-up Belrive district, told by a river, its clinics, a school, a
 * water point and a volunteer corps. Ids ascend with `createdAt`, so that a parent stands before its replies.
 *
 * Everything lies within the 20 days before `now`, except `sendAt` and schedules; the same `now` gives the
 * same messages.
 */
export function demoMessages(now: Date): DemoLine[] {
  const placed = STORIES.flatMap(({ feed, drafts }) => drafts.flatMap(draft => place(draft, feed, now)));
  placed.sort((a, b) => a.createdAt - b.createdAt);
  const ids = new Map(placed.map((message, index) => [message, String(index + 1)]));
  return placed.map((message, index) => {
    const parentId = message.parent === null ? null : (ids.get(message.parent) ?? null);
    return toLine(message, String(index + 1), parentId, now.getTime());
  });
}

const STORIES = [riverStory, clinicStory, schoolStory, waterStory, volunteerStory, neighbourStory, deskStory];

const MINUTE_MS = 60_000;
const QUARTER_HOUR_MS = 15 * MINUTE_MS;

/** Which provider brings in what arrives on a channel; what is typed in at the desk has none. */
const PROVIDERS: Readonly<Record<MessageChannel, string | null>> = {
  BROADCAST: null,
  DATABASE: null,
  DISCORD_PRIVATE: 'discord-bot',
  DISCORD_PUBLIC: 'discord-bot',
  MAIL: 'mail-inbox',
  SMS: 'sms-gateway',
  WHATSAPP: 'whatsapp-inbox',
  TELEGRAM: 'telegram-bot',
  OTHER: 'radio-log',
};

/** A draft with its place in time and all that it takes from the message that it answers. */
interface Placed {
  readonly draft: Draft;
  readonly parent: Placed | null;
  readonly createdAt: number;
  readonly channels: readonly MessageChannel[];
  readonly contactId: string | null;
  readonly dataFeedId: string | null;
  readonly dataProviderId: string | null;
}

function place(draft: Draft, feed: string, now: Date, parent: Placed | null = null, parentAge = 0): Placed[] {
  const age = ageOf(draft, parentAge);
  const channels = draft.channels ?? parent?.channels ?? [];
  const arrived = draft.direction === 'INCOMING';
  const message: Placed = {
    draft,
    parent,
    createdAt: now.getTime() - age * MINUTE_MS + withinMinute(age),
    channels,
    contactId: draft.contact === undefined ? (parent?.contactId ?? null) : `contact-${draft.contact}`,
    dataFeedId: arrived ? feed : (parent?.dataFeedId ?? null),
    dataProviderId: arrived ? providerOf(channels) : (parent?.dataProviderId ?? null),
  };
  return [message, ...draft.replies.flatMap(next => place(next, feed, now, message, age))];
}

/** @returns minutes before now */
function ageOf({ when }: Draft, parentAge: number): number {
  const minutes = minutesOf(when);
  return when.startsWith('+') ? parentAge - minutes : minutes;
}

/** Some milliseconds below a minute, so that times do not all end alike. */
function withinMinute(age: number): number {
  return (age * 7_919) % MINUTE_MS;
}

function providerOf(channels: readonly MessageChannel[]): string | null {
  const [channel] = channels;
  return channel === undefined ? null : PROVIDERS[channel];
}

function toLine(placed: Placed, id: string, parentId: string | null, now: number): DemoLine {
  const { draft, createdAt } = placed;
  const { direction } = draft;
  const incoming = direction === 'INCOMING';
  const status = draft.status ?? (incoming ? 'RECEIVED' : 'SENT');
  const schedule = draft.every === undefined ? null : demoSchedule(draft.every, new Date(now));
  const sendAt =
    draft.sendAfter === undefined ? null : dueAt(createdAt + minutesOf(draft.sendAfter) * MINUTE_MS);
  const wasSent = status === 'SENT' || (status === 'ARCHIVED' && !incoming && schedule === null);
  const sentAt = wasSent ? (sendAt ?? createdAt) + sendingTime(createdAt) : null;
  return {
    id,
    version: versionOf(status, wasSent),
    direction,
    status,
    type: draft.type ?? (incoming ? 'REPORT' : 'ALERT'),
    title: draft.title ?? null,
    message: draft.message,
    channels: placed.channels,
    recipientIds: (draft.to ?? []).map(user => `user-${user}`),
    parentId,
    contactId: placed.contactId,
    postId: draft.post === undefined ? null : `post-${draft.post}`,
    dataFeedId: placed.dataFeedId,
    dataProviderId: placed.dataProviderId,
    dataProviderMessageId: incoming && placed.dataProviderId !== null ? providerMessageId(placed, id) : null,
    additionalData: additionalDataOf(draft),
    repeats: schedule !== null,
    schedule,
    sendAt: isoOrNull(sendAt),
    sentAt: isoOrNull(sentAt),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt(status, sentAt ?? earlier(sendAt, now) ?? createdAt, now)).toISOString(),
  };
}

/** People plan in quarters of an hour. */
function dueAt(instant: number): number {
  return Math.ceil(instant / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
}

/** Between 2 and 31 seconds, in milliseconds. */
function sendingTime(createdAt: number): number {
  return 2_000 + (createdAt % 29_000);
}

function versionOf(status: MessageStatus, wasSent: boolean): number {
  if (status === 'PENDING' || status === 'RECEIVED') return 1;
  return status === 'ARCHIVED' && wasSent ? 3 : 2;
}

/** What gave up or was put away was so an hour later; the rest has not changed since `lastEvent`. */
function updatedAt(status: MessageStatus, lastEvent: number, now: number): number {
  if (status === 'PENDING' || status === 'RECEIVED' || status === 'SENT') return lastEvent;
  return Math.min(lastEvent + 60 * MINUTE_MS, now);
}

function earlier(instant: number | null, now: number): number | null {
  return instant !== null && instant < now ? instant : null;
}

function providerMessageId({ dataProviderId, dataFeedId }: Placed, id: string): string {
  return dataProviderId === 'mail-inbox'
    ? `<${id}.${dataFeedId ?? 'desk'}@mail.example.org>`
    : `${dataProviderId ?? 'desk'}-${id.padStart(6, '0')}`;
}

function additionalDataOf({ data, media }: Draft): JsonObject | null {
  if (data === undefined && media === undefined) return null;
  return { ...data, ...(media === undefined ? {} : { media }) };
}

function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

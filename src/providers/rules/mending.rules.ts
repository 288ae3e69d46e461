import { contactKey, mended } from '../../contacts/contact.key.rules';
import { type Sender } from '../../contacts/contact.kinds';
import { type MessageState } from '../../messages/message.kinds';
import {
  MAX_DATA_FEED_ID_LENGTH,
  MAX_DATA_PROVIDER_MESSAGE_ID_LENGTH,
  MAX_MESSAGE_LENGTH,
  MAX_TITLE_LENGTH,
} from '../../messages/rules/content.rules';
import { CLOCK_TOLERANCE_MS } from '../../messages/rules/timing.rules';
import { normalForm } from '../../platform/text.rules';
import { type Delivery, type Provider } from '../provider.kinds';
import { mendedData } from './mended-data.rules';
import { hashed, mendedId, mendedProse } from './mended-text.rules';

/** A message as it is stored, but for what only the store knows: its contact and its parent. */
export interface MendedDelivery {
  readonly state: MessageState & { readonly dataProviderId: string; readonly dataProviderMessageId: string };
  readonly sender: Sender;
  /** Its id where another message bears its own; null where the service sees to it that none does. */
  readonly otherId: string | null;
  /** As `dataProviderMessageId` of the messages that it may answer. */
  readonly inReplyTo: readonly string[];
  /** Whether something that the service said is lost, so that the request has to be kept. */
  readonly isLossy: boolean;
}

/** Why a delivery is no message, fit for a log. */
export interface Unmendable {
  readonly unreadable: string;
}

/**
 * Makes a message of what a service tells, such that the rules of messages take it, whatever it holds.
 * @param receivedAt when it came in.
 */
export function mend(delivery: Delivery, provider: Provider, receivedAt: Date): MendedDelivery | Unmendable {
  if (!/\P{White_Space}/u.test(delivery.sender.address)) return { unreadable: 'the sender has no address' };
  const text = mendedProse(delivery.text, MAX_MESSAGE_LENGTH);
  const title = mendedProse(delivery.title ?? '', MAX_TITLE_LENGTH);
  const { data, isLossy } = mendedData(delivery.additionalData, delivery.media);
  const feed = provider.feed ?? delivery.recipient?.trim() ?? null;
  const state = {
    direction: 'INCOMING',
    status: 'RECEIVED',
    type: provider.type ?? 'REPORT',
    title: isBlank(title.text) ? null : title.text,
    message: isBlank(text.text) ? standIn(delivery) : text.text,
    channels: [delivery.channel ?? provider.channel],
    recipientIds: [],
    parentId: null,
    contactId: null,
    postId: null,
    dataFeedId: mendedId(feed, MAX_DATA_FEED_ID_LENGTH),
    dataProviderId: provider.id,
    dataProviderMessageId: providerMessageId(delivery, provider, receivedAt),
    additionalData: data,
    schedule: null,
    sendAt: null,
    sentAt: sentAt(delivery, receivedAt),
    createdAt: receivedAt,
    updatedAt: receivedAt,
    version: 1,
  } as const;
  return {
    state,
    sender: { ...delivery.sender, dataProviderId: provider.id, region: provider.region },
    otherId: otherId(delivery, provider),
    inReplyTo: delivery.inReplyTo.map(messageId).filter(id => id !== null),
    isLossy:
      [isLossy, text.isLossy, title.isLossy, isHashed(delivery, state), isMoved(delivery, state)].includes(
        true,
      ) || isOdd(delivery),
  };
}

/** Seconds within which the same text of one sender is taken for one message, where the service tells neither id nor time. */
const SAME_WITHIN_S = 600;

function providerMessageId(delivery: Delivery, { region }: Provider, receivedAt: Date): string {
  const { providerMessageId: id, sender, recipient, text, media } = delivery;
  const sent =
    instantOf(delivery.sentAt)?.getTime() ?? Math.floor(receivedAt.getTime() / (SAME_WITHIN_S * 1_000));
  const files = media.map(({ url }) => url);
  const key = contactKey(sender.type, sender.address, region);
  return messageId(id) ?? hashed(JSON.stringify([sender.type, key, recipient, text, files, sent]));
}

/** The id with a hash of what tells the message from others: the same whenever it comes. */
function otherId(delivery: Delivery, { region }: Provider): string | null {
  const { providerMessageId: id, isIdOfSender = false, sender, title, text } = delivery;
  if (id === null || !isIdOfSender) return null;
  const key = contactKey(sender.type, sender.address, region);
  const sent = instantOf(delivery.sentAt)?.getTime() ?? null;
  return messageId(`${id}#${hashed(JSON.stringify([sender.type, key, title, text, sent]))}`);
}

function messageId(id: string | null): string | null {
  return mendedId(id, MAX_DATA_PROVIDER_MESSAGE_ID_LENGTH);
}

function sentAt(delivery: Delivery, receivedAt: Date): Date | null {
  const given = instantOf(delivery.sentAt);
  if (given === null) return null;
  return given.getTime() > receivedAt.getTime() + CLOCK_TOLERANCE_MS ? receivedAt : given;
}

/** Years that ISO 8601 writes with four digits, the only ones that the API can show. */
function instantOf(given: Date | null): Date | null {
  const year = given?.getUTCFullYear() ?? NaN;
  return year >= 1 && year <= 9999 ? given : null;
}

function isHashed({ providerMessageId: id, recipient }: Delivery, state: MessageState): boolean {
  const isFeedHashed =
    state.dataFeedId?.startsWith('sha256:') === true && state.dataFeedId !== recipient?.trim();
  return isFeedHashed || (messageId(id) !== null && messageId(id) !== id);
}

/** Whether the sender's address or name cannot be stored as it is. */
function isOdd({ sender: { address, name } }: Delivery): boolean {
  return [address, name ?? ''].some(text => mended(text) !== normalForm(text));
}

function isMoved({ sentAt: given }: Delivery, { sentAt: taken }: MessageState): boolean {
  return (given?.getTime() ?? null) !== (taken?.getTime() ?? null);
}

function standIn({ media }: Delivery): string {
  return media.length > 0 ? '[media]' : '[empty]';
}

function isBlank(text: string): boolean {
  return !/\P{White_Space}/u.test(text);
}

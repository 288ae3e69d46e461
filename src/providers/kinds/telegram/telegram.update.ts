import { int, looseObject, string, type infer as Infer } from 'zod';
import { type JsonObject } from '../../../messages/message.kinds';
import { otherFields } from '../../additional-data';
import { fieldsOf, maybeText, misfit, someText, writtenText } from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import { type Delivery, type Reading } from '../../provider.kinds';
import { unixTime } from '../../service-times';
import { telegramMedia } from './telegram.media';
import { sharedText } from './telegram.shared';

const person = looseObject({
  id: int(),
  first_name: maybeText,
  last_name: maybeText,
  username: maybeText,
});

const chat = looseObject({ id: int(), type: string(), title: maybeText, username: maybeText });

const telegramMessage = looseObject({
  message_id: int(),
  date: someText,
  chat,
  from: person.nullish().catch(null),
  /** Who speaks for a group or channel; `from` is a stand-in then. */
  sender_chat: chat.nullish().catch(null),
  text: writtenText,
  caption: writtenText,
  /** Where the message is one of a business's chat: its numbers are others than those of the bot's chat with that person. */
  business_connection_id: maybeText,
  reply_to_message: looseObject({ message_id: int() }).nullish().catch(null),
});

type TelegramMessage = Infer<typeof telegramMessage>;

const update = looseObject({ update_id: int() });

/** What people write: to the bot or in a group, in a channel, to a business that the bot works for. An edited message stays as it came first. */
const WRITTEN = ['message', 'channel_post', 'business_message'] as const;

/** How the fields begin that a message has where somebody has done something, and not said anything. */
const NOTICES = [
  ...['new_chat_', 'left_chat_', 'delete_chat_', 'group_chat_', 'supergroup_chat_', 'channel_chat_'],
  ...['migrate_', 'pinned_', 'message_auto_delete_', 'forum_topic_', 'general_forum_', 'video_chat_'],
  ...['boost_', 'chat_background_', 'proximity_alert_', 'write_access_', 'users_shared', 'chat_shared'],
  ...['giveaway_', 'successful_payment', 'refunded_'],
];

export function readUpdate(json: unknown): Reading {
  const given = update.safeParse(json);
  if (given.error !== undefined) return { kind: 'unreadable', why: misfit(given.error) };
  const written = WRITTEN.map(name => given.data[name]).find(value => value !== undefined && value !== null);
  if (written === undefined) return { kind: 'nothing', why: 'an update that is no new message' };
  const { data, error } = telegramMessage.safeParse(written);
  if (error !== undefined) return { kind: 'unreadable', why: misfit(error) };
  if (Object.keys(data).some(name => NOTICES.some(notice => name.startsWith(notice)))) {
    return { kind: 'nothing', why: 'a notice of the chat, which nobody has written' };
  }
  return { kind: 'messages', items: [deliveryOf(fieldsOf(written), data)] };
}

function deliveryOf(sent: JsonObject, message: TelegramMessage): Delivery {
  const { reply_to_message: answered } = message;
  const sentAt = unixTime(message.date);
  return plainDelivery({
    sender: senderOf(message),
    text: [message.text, message.caption, sharedText(message)].find(text => text.trim() !== '') ?? '',
    sentAt,
    providerMessageId: idOf(message, message.message_id),
    inReplyTo: answered ? [idOf(message, answered.message_id)] : [],
    media: telegramMedia(message),
    additionalData: additionalData(sent, message, sentAt),
  });
}

/** A number of a message is one chat's only. */
function idOf({ chat, business_connection_id: business }: TelegramMessage, number: number): string {
  return `${business === null ? '' : `${business}:`}${chat.id}:${number}`;
}

/** A person, also in a group; where somebody speaks for a group or channel, that. */
function senderOf({ chat, from, sender_chat: speaker }: TelegramMessage): Delivery['sender'] {
  if (from === null || from === undefined || speaker) {
    const { id, title, username } = speaker ?? chat;
    return { type: 'TELEGRAM', address: String(id), name: title ?? username };
  }
  const name = [from.first_name, from.last_name].filter(part => part !== null).join(' ');
  return { type: 'TELEGRAM', address: String(from.id), name: name === '' ? from.username : name };
}

/**
 * What has a place in the message already, or is long and of no use: the message that is answered, with all that it
 * holds.
 */
const KNOWN = [
  ...['message_id', 'date', 'text', 'caption', 'chat', 'from', 'sender_chat', 'reply_to_message'],
  ...['entities', 'caption_entities', 'link_preview_options', 'thumbnail', 'external_reply'],
  ...['quote', 'reply_markup'],
];

function additionalData(sent: JsonObject, message: TelegramMessage, sentAt: Date | null): JsonObject {
  const { chat, from } = message;
  return {
    ...(from?.username && { username: from.username }),
    // With one person the chat is the person.
    ...(chat.type !== 'private' && { chat: otherFields(chat, [], {}) }),
    ...otherFields(sent, KNOWN, { ...message, date: sentAt }),
  };
}

import { looseObject, number } from 'zod';
import { type JsonObject } from '../../../messages/message.kinds';
import { maybeText } from '../../payload.schemas';
import { cardText, locationText } from '../../shared-things';

const place = looseObject({ latitude: number(), longitude: number() });
const venue = looseObject({ location: place, title: maybeText, address: maybeText });
const card = looseObject({ first_name: maybeText, last_name: maybeText, phone_number: maybeText });
const poll = looseObject({ question: maybeText });
const emoji = looseObject({ emoji: maybeText });

/**
 * What a message without a text holds, in words: a place, a person's card, a poll's question, the emoji of a sticker
 * or of dice.
 */
export function sharedText(message: JsonObject): string {
  return placeText(message) || personText(message) || questionText(message) || emojiText(message);
}

/** A venue comes with its location beside it. */
function placeText(message: JsonObject): string {
  const { title, address, location } = venue.safeParse(message['venue']).data ?? {};
  const { latitude, longitude } = location ?? place.safeParse(message['location']).data ?? {};
  return locationText(latitude ?? null, longitude ?? null, [title ?? null, address ?? null]);
}

function personText(message: JsonObject): string {
  const { data } = card.safeParse(message['contact']);
  if (data === undefined) return '';
  const name = [data.first_name, data.last_name].filter(part => part !== null).join(' ');
  return cardText(name, [data.phone_number]);
}

function questionText(message: JsonObject): string {
  const { question } = poll.safeParse(message['poll']).data ?? {};
  return question ? `Poll: ${question}` : '';
}

function emojiText(message: JsonObject): string {
  const pictures = [message['sticker'], message['dice']].map(value => emoji.safeParse(value).data?.emoji);
  return pictures.find(picture => typeof picture === 'string') ?? '';
}

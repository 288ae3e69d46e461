import { array, looseObject } from 'zod';
import { type JsonObject } from '../../../messages/message.kinds';
import { otherFields } from '../../additional-data';
import { fieldsOf, maybeId, maybeNumber, maybeText, writtenText } from '../../payload.schemas';
import { type Media } from '../../provider.kinds';
import { cardText, locationText } from '../../shared-things';

/** What a person has sent, whatever its form. */
export interface Content {
  readonly text: string;
  readonly media: readonly Media[];
  /** The message that it quotes. */
  readonly answers: string | null;
  readonly more: JsonObject;
}

const mmsPart = looseObject({ contentType: maybeText, url: maybeText, value: maybeText });

/** The texts among the parts are the text, a line each; what has an address is a file. */
export function readMms(parts: readonly unknown[]): Content {
  const read = parts.flatMap(part => mmsPart.safeParse(part).data ?? []);
  return {
    text: read.flatMap(({ value }) => value ?? []).join('\n'),
    media: read.flatMap(({ url, contentType }) => mediaOf(url, contentType)),
    answers: null,
    more: {},
  };
}

const whatsAppMessage = looseObject({
  type: maybeText,
  text: writtenText,
  caption: maybeText,
  title: maybeText,
  url: maybeText,
  latitude: maybeNumber,
  longitude: maybeNumber,
  name: maybeText,
  address: maybeText,
  emoji: maybeText,
  contacts: array(
    looseObject({
      name: looseObject({ formattedName: maybeText }).nullish().catch(null),
      phones: array(looseObject({ phone: maybeText })).catch([]),
    }),
  ).catch([]),
  context: looseObject({ id: maybeId }).nullish().catch(null),
});

const KNOWN = ['text', 'caption', 'url', 'contacts'];

/** `more` holds the type, and what the type has beside a text and a file, under `message`. */
export function readWhatsApp(message: object): Content {
  const { data } = whatsAppMessage.safeParse(message);
  if (data === undefined) return { text: '', media: [], answers: null, more: { message } };
  const { text, caption, title, emoji, latitude, longitude, name, address, url } = data;
  const cards = data.contacts.map(card =>
    cardText(
      card.name?.formattedName ?? null,
      card.phones.map(({ phone }) => phone),
    ),
  );
  const said = [
    text,
    caption,
    title,
    emoji,
    locationText(latitude, longitude, [name, address]),
    cards.join('\n'),
  ];
  // A place may have a page of its own, which is no file.
  const isFile = latitude === null;
  return {
    text: said.find(each => each !== null && each.trim() !== '') ?? '',
    media: isFile ? mediaOf(url, null) : [],
    answers: data.context?.id ?? null,
    more: { message: otherFields(fieldsOf(message), KNOWN, data) },
  };
}

function mediaOf(url: string | null, contentType: string | null): readonly Media[] {
  return url === null ? [] : [{ url, contentType, size: null, name: null }];
}

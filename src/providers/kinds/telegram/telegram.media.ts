import { array, int, looseObject } from 'zod';
import { type JsonObject } from '../../../messages/message.kinds';
import { maybeText, someText } from '../../payload.schemas';
import { type Media } from '../../provider.kinds';

const size = int().nonnegative().nullish().catch(null);

const file = looseObject({ file_id: someText, file_size: size, mime_type: maybeText, file_name: maybeText });

/** The same picture in several sizes, the largest last. */
const photo = array(looseObject({ file_id: someText, file_size: size })).min(1);

/** An animation comes as a document as well, for older apps. */
const FILE_FIELDS = ['animation', 'audio', 'document', 'video', 'video_note', 'voice', 'sticker'];

/**
 * The files of a message. Telegram gives no addresses: `tg:` and the `file_id` stand for one, which the bot can ask
 * for by `getFile`, with its token, while the file is there.
 */
export function telegramMedia(message: JsonObject): readonly Media[] {
  const largest = photo.safeParse(message['photo']).data?.at(-1);
  const picture = largest ? [media(largest.file_id, 'image/jpeg', largest.file_size, null)] : [];
  const files = FILE_FIELDS.filter(name => name !== 'document' || !('animation' in message)).flatMap(name => {
    const { data } = file.safeParse(message[name]);
    return data ? [media(data.file_id, data.mime_type, data.file_size, data.file_name)] : [];
  });
  return [...picture, ...files];
}

function media(
  id: string,
  contentType: string | null,
  size: number | null | undefined,
  name: string | null,
): Media {
  return { url: `tg:${id}`, contentType, size: size ?? null, name };
}

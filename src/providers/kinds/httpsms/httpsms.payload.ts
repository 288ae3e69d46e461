import { looseObject, string } from 'zod';
import { otherFields } from '../../additional-data';
import { fieldsOf, maybeId, maybeText, misfit, someText, writtenText } from '../../payload.schemas';
import { plainDelivery } from '../../plain-delivery';
import { type Media, type Reading } from '../../provider.kinds';
import { offsetTime } from '../../service-times';

/**
 * The event of a message that the phone has received; the others tell what became of one that went out, or of a call.
 */
const RECEIVED = 'message.phone.received';

const cloudEvent = looseObject({ type: string().min(1) });

const receivedEvent = looseObject({
  time: maybeText,
  data: looseObject({
    message_id: maybeId,
    /** Its name in older versions. */
    id: maybeId,
    contact: someText,
    owner: maybeText,
    content: writtenText,
    timestamp: maybeText,
  }),
});

const KNOWN = ['message_id', 'id', 'contact', 'owner', 'content', 'timestamp', 'user_id', 'attachments'];

export function readEvent(json: unknown): Reading {
  const event = cloudEvent.safeParse(json);
  if (event.error !== undefined) return { kind: 'unreadable', why: misfit(event.error) };
  if (event.data.type !== RECEIVED) return { kind: 'nothing', why: 'an event that is no message received' };
  const { data: received, error } = receivedEvent.safeParse(json);
  if (error !== undefined) return { kind: 'unreadable', why: misfit(error) };
  const { data } = received;
  const sentAt = offsetTime(data.timestamp);
  const delivery = plainDelivery({
    sender: { type: 'PHONE', address: data.contact, name: null },
    recipient: data.owner,
    text: data.content,
    sentAt: sentAt ?? offsetTime(received.time),
    providerMessageId: data.message_id ?? data.id,
    media: attachments(data['attachments']),
    additionalData: otherFields(fieldsOf(fieldsOf(json)['data']), KNOWN, { ...data, timestamp: sentAt }),
  });
  return { kind: 'messages', items: [delivery] };
}

/** The addresses of what came with an MMS. */
function attachments(value: unknown): readonly Media[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((url: unknown) =>
    typeof url === 'string' && url !== '' ? [{ url, contentType: null, size: null, name: null }] : [],
  );
}

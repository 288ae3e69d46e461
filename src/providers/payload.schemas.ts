import { z } from 'zod';
import { type JsonObject } from '../messages/message.kinds';

/**
 * Pieces of the schemas of payloads. A service adds fields without notice, and a wrong one beside the message is no
 * reason to lose the message: only what makes it a message is asked for, the rest is taken where it fits.
 */

/** A text that must be there and not be blank; services write some ids as numbers. */
export const someText = z.union([z.string().regex(/\S/), z.number().transform(String)]);

/** A text where there is one, else null; blank counts as none. */
export const maybeText = z
  .union([z.string(), z.number().transform(String)])
  .transform(text => (text.trim() === '' ? null : text))
  .nullish()
  .transform(text => text ?? null)
  .catch(null);

/**
 * The service's own id of something. A number that is not whole, or that JavaScript cannot tell from its neighbours, is none:
 * two messages must never have one id.
 */
export const maybeId = z
  .union([z.string(), z.int().transform(String)])
  .transform(text => (text.trim() === '' ? null : text))
  .nullish()
  .transform(text => text ?? null)
  .catch(null);

/**
 * What the person wrote, blank or not; empty where there is nothing. In any other form the message is not understood.
 */
export const writtenText = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform(text => text ?? '');

/** What an object holds; nothing, of anything else. */
export function fieldsOf(value: unknown): JsonObject {
  return z.looseObject({}).safeParse(value).data ?? {};
}

export const maybeNumber = z.number().nullable().catch(null);

/** Why a payload does not fit its schema: which fields, never what they hold. */
export function misfit(error: z.ZodError): string {
  const fields = new Set(error.issues.map(issue => issue.path.join('.') || 'the whole'));
  return `missing or of another form: ${[...fields].slice(0, MAX_FIELDS_TOLD).join(', ')}`;
}

const MAX_FIELDS_TOLD = 5;

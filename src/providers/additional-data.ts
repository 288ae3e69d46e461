import { type JsonObject } from '../messages/message.kinds';

/**
 * What a service says beyond what a message has fields for, under the service's own names.
 * @param payload As the service sent it.
 * @param known Names of fields that have a place in the message, or are of no use to anybody.
 * @param read What came of the known ones. One that was not understood stays as it was sent.
 */
export function otherFields(payload: JsonObject, known: readonly string[], read: JsonObject): JsonObject {
  const understood = new Set(known.filter(name => Object.hasOwn(read, name) && !isEmpty(read[name])));
  const left = Object.entries(payload).filter(
    ([name, value]) => !understood.has(name) && !isEmpty(value) && !SECRET_NAME.test(name),
  );
  return Object.fromEntries(left);
}

/** A message is read by more people than may know what proves its sender. */
const SECRET_NAME = /secret|token|signature|password|api[-_]?key|^sig$|^key$|^nonce$/i;

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

import { type JsonObject } from '../messages/message.kinds';

/**
 * What a service says beyond what a message has fields for, under the service's own names.
 * @param known Names of fields that have gone elsewhere, or that are of no use to anybody.
 * @param read What came of fields that may not have been understood; those that came to null stay.
 */
export function otherFields(
  payload: JsonObject,
  known: readonly string[],
  read: Readonly<Record<string, unknown>> = {},
): JsonObject {
  const understood = Object.keys(read).filter(name => !isEmpty(read[name]));
  const left = Object.entries(payload).filter(
    ([name, value]) =>
      !known.includes(name) && !understood.includes(name) && !isEmpty(value) && !SECRET_NAME.test(name),
  );
  return Object.fromEntries(left);
}

/** A message is read by more people than may know what proves its sender. */
const SECRET_NAME = /secret|token|signature|password|api[-_]?key|^sig$|^key$|^nonce$/i;

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

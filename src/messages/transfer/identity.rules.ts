import { type MessageState } from '../message.kinds';
import { changedFields } from '../rules/state.rules';
import { cleanText } from '../../platform/text.rules';
import { type GivenFields, type LineField } from './line.fields.rules';

/** What moves on in the store while a file lies about: a line is still known by the rest. */
const MOVING_FIELDS: ReadonlySet<string> = new Set<LineField>(['status', 'version', 'updatedAt', 'sentAt']);

/** The fields that a line carries in which its message is another than the stored one. */
export function differingFields(
  given: GivenFields,
  planned: MessageState,
  stored: MessageState,
): readonly string[] {
  return changedFields(stored, planned).filter(
    field => Object.hasOwn(given, field) && !MOVING_FIELDS.has(field),
  );
}

/** What the provider knows a message by, as one text; null unless both parts are there. */
export function providerKeyOf(message: Partial<ProviderKey>): string | null {
  const { dataProviderId, dataProviderMessageId } = message;
  if (typeof dataProviderId !== 'string' || typeof dataProviderMessageId !== 'string') return null;
  return JSON.stringify([cleanText(dataProviderId), cleanText(dataProviderMessageId)]);
}

type ProviderKey = {
  readonly [F in 'dataProviderId' | 'dataProviderMessageId']: MessageState[F] | undefined;
};

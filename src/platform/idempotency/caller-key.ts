import { badUserInput } from '../errors';
import { type KeyedWrite } from './idempotency';
import { textIssue } from '../text.rules';

/** An idempotency key together with the caller who chose it. */
export interface CallerKey {
  readonly owner: string;
  readonly key: string;
}

/** In characters; room for a UUID, a hash or a speaking name. */
const MAX_KEY_LENGTH = 255;

/** @throws Refusal BAD_USER_INPUT when the key is not a text of 1 to 255 characters. */
export function keyedWrite({ owner, key }: CallerKey, operation: string, input: unknown): KeyedWrite {
  const issue = textIssue(key, { max: MAX_KEY_LENGTH, multiline: false });
  if (issue !== null) throw badUserInput([{ path: ['idempotencyKey'], message: issue }]);
  return { owner, key, operation, input };
}

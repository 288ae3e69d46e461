import { isSupportedCountry } from 'libphonenumber-js';
import { array, boolean, enum as oneOf, literal, looseObject, string, union, unknown } from 'zod';
import { MESSAGE_CHANNELS, MESSAGE_TYPES } from '../../messages/message.kinds';
import { MAX_DATA_FEED_ID_LENGTH } from '../../messages/rules/content.rules';
import { textIssue } from '../../platform/text.rules';

/** In characters. */
const MAX_NAME_LENGTH = 255;
const MAX_SECRET_LENGTH = 1_024;

/** A text of one line. */
const line = (max: number) =>
  string({ error: 'must be a text' }).refine(value => textIssue(value, { max, multiline: false }) === null, {
    error: `must have 1 to ${max} characters, none of them a control character`,
  });

const secret = string({ error: 'must be a text, or a list of one or two' }).regex(
  new RegExp(`^[\\x21-\\x7e]{1,${MAX_SECRET_LENGTH}}$`),
  { error: `must have 1 to ${MAX_SECRET_LENGTH} characters, all of them printable ASCII and no spaces` },
);

/** A variable of the environment is a text. */
const flag = union([boolean(), oneOf(['true', 'false']).transform(value => value === 'true')], {
  error: 'must be true or false',
});

/** What the providers file says of every provider, whatever its kind. */
const COMMON = {
  id: string({ error: 'must be a text' }).regex(/^[a-z0-9_-]{1,64}$/, {
    error: 'must have 1 to 64 characters of a-z, 0-9, - and _',
  }),
  kind: unknown(),
  name: line(MAX_NAME_LENGTH).optional(),
  enabled: flag.optional(),
  channel: oneOf(MESSAGE_CHANNELS, { error: `must be one of ${MESSAGE_CHANNELS.join(', ')}` }).optional(),
  type: oneOf(MESSAGE_TYPES, { error: `must be one of ${MESSAGE_TYPES.join(', ')}` }).optional(),
  region: string({ error: 'must be a text' })
    .refine(isSupportedCountry, { error: 'must be a country of ISO 3166 in two capital letters, such as KE' })
    .optional(),
  feed: line(MAX_DATA_FEED_ID_LENGTH).optional(),
  secret: union([secret.transform(value => [value]), array(secret).min(1).max(2)], {
    error: issue => secretProblem(issue.input),
  }).optional(),
  insecure: literal(true, { error: 'can only be true; leave it out otherwise' }).optional(),
};

/** Leaves the rest to the schema of the kind. */
export const commonSchema = looseObject(COMMON);

export const COMMON_NAMES: readonly string[] = Object.keys(COMMON);

/** Zod says of a union only that nothing of it fits. */
function secretProblem(input: unknown): string {
  const isText =
    typeof input === 'string' || (Array.isArray(input) && input.every(each => typeof each === 'string'));
  return isText && (typeof input === 'string' || (input.length >= 1 && input.length <= 2))
    ? `must have 1 to ${MAX_SECRET_LENGTH} characters, all of them printable ASCII and no spaces`
    : 'must be a text, or a list of one or two';
}

import { type Issue } from '../../platform/errors';
import {
  type GivenContent,
  type JsonObject,
  MESSAGE_CHANNELS,
  MESSAGE_TYPES,
  type MessageChannel,
  type MessageContent,
  type MessageType,
} from '../message.kinds';
import { cleanText, textIssue, unkeepableIssue } from '../../platform/text.rules';

/** Lengths in Unicode code points; the largest that the systems on either side of the store are known to keep. */
export const MAX_MESSAGE_LENGTH = 65_535;
export const MAX_TITLE_LENGTH = 255;
const MAX_ID_LENGTH = 64;
export const MAX_DATA_FEED_ID_LENGTH = 320;
export const MAX_DATA_PROVIDER_MESSAGE_ID_LENGTH = 998;
/** Of the JSON text, in bytes of UTF-8. */
export const MAX_ADDITIONAL_DATA_BYTES = 16 * 1024;
/** Levels of objects and lists; what reads JSON by recursion, ours or a client's, must not be exhausted by it. */
export const MAX_ADDITIONAL_DATA_DEPTH = 60;
/** A message to more people than this is one to everyone: leave the recipients out. */
const MAX_RECIPIENTS = 10_000;

export interface CleanContent {
  /** The fields that were given and are right, as they will be stored. */
  readonly content: Partial<MessageContent>;
  readonly issues: readonly Issue[];
}

/** Brings the given fields into the form in which they are stored, and lists all that is wrong with them. */
export function cleanContent(given: GivenContent): CleanContent {
  const content: Record<string, unknown> = {};
  const issues: Issue[] = [];
  for (const field of CONTENT_FIELDS) {
    const value = given[field];
    if (value === undefined) continue;
    let told = 0;
    const report = (message: string, ...path: string[]) => {
      told += 1;
      if (told <= MAX_ISSUES_OF_A_FIELD) issues.push({ path: [field, ...path], message });
    };
    content[field] = (CLEANERS[field] as Cleaner<unknown>)(value, report);
  }
  return { content, issues };
}

/** A list of thousands, all wrong, is one mistake of its caller's. */
const MAX_ISSUES_OF_A_FIELD = 20;

type Report = (message: string, ...path: string[]) => void;
type Cleaner<T> = (value: T | null, report: Report) => T;

const CLEANERS: { readonly [F in keyof MessageContent]: Cleaner<MessageContent[F]> } = {
  message: (value, report) => {
    if (value === null) return required('', report);
    return checked(value, { max: MAX_MESSAGE_LENGTH }, report);
  },
  title: (value, report) => {
    return value === null ? null : checked(value, { max: MAX_TITLE_LENGTH, mayBeBlank: true }, report);
  },
  type: (value, report) =>
    value === null ? required<MessageType>('ALERT', report) : known(MESSAGE_TYPES, value, report),
  channels: (value, report) => {
    if (value === null) return required<readonly MessageChannel[]>([], report);
    if (!isList(value)) return required<readonly MessageChannel[]>([], report, 'must be a list');
    if (value.length === 0) report('must hold at least one channel');
    return unique(value.map((channel, index) => known(MESSAGE_CHANNELS, channel, report, String(index))));
  },
  recipientIds: (value, report) => {
    if (value !== null && !isList(value)) return required<readonly string[]>([], report, 'must be a list');
    const ids = unique(value ?? []);
    if (ids.length > MAX_RECIPIENTS) {
      return required(
        [],
        report,
        `must hold at most ${MAX_RECIPIENTS} ids; leave it out to address everyone`,
      );
    }
    return unique(ids.map((id, index) => identifier(id, MAX_ID_LENGTH, report, String(index))));
  },
  contactId: reference(MAX_ID_LENGTH),
  postId: reference(MAX_ID_LENGTH),
  dataFeedId: reference(MAX_DATA_FEED_ID_LENGTH),
  dataProviderId: reference(MAX_ID_LENGTH),
  dataProviderMessageId: reference(MAX_DATA_PROVIDER_MESSAGE_ID_LENGTH),
  additionalData: (value, report) => {
    if (value === null) return null;
    if (!isJsonObject(value)) report('must be a JSON object');
    else if (isDeeperThan(MAX_ADDITIONAL_DATA_DEPTH, value)) {
      report(`must nest objects and lists at most ${MAX_ADDITIONAL_DATA_DEPTH} levels deep`);
    } else if (Buffer.byteLength(JSON.stringify(value)) > MAX_ADDITIONAL_DATA_BYTES) {
      report(`must be at most ${MAX_ADDITIONAL_DATA_BYTES} bytes of JSON`);
    } else reportUnkeepable(value, report, []);
    return value;
  },
};

/** In the order of the schema, which is also the order in which problems and ignored fields are told. */
const CONTENT_FIELDS = Object.keys(CLEANERS) as readonly (keyof MessageContent)[];

function required<T>(standIn: T, report: Report, message = 'cannot be null'): T {
  report(message);
  return standIn;
}

function checked(
  value: string,
  limits: Parameters<typeof textIssue>[1],
  report: Report,
  ...path: string[]
): string {
  if (typeof value !== 'string') {
    report('must be a text', ...path);
    return '';
  }
  const text = cleanText(value);
  const issue = textIssue(text, limits);
  if (issue !== null) report(issue, ...path);
  return text;
}

function identifier(value: string, max: number, report: Report, ...path: string[]): string {
  return checked(value, { max, multiline: false }, report, ...path);
}

function reference(max: number): Cleaner<string | null> {
  return (value, report) => (value === null ? null : identifier(value, max, report));
}

function known<T extends string>(values: readonly T[], value: T, report: Report, ...path: string[]): T {
  if (!values.includes(value)) report(`must be one of ${values.join(', ')}`, ...path);
  return value;
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

/** Looks no further than it must, so that no nesting can exhaust the stack. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some(inner => isDeeperThan(levels - 1, inner));
}

/** Reports what would not come back as it was given; for JSON whose size and depth are known to be bounded. */
function reportUnkeepable(value: unknown, report: Report, path: readonly string[]): void {
  if (typeof value === 'string') {
    const issue = unkeepableIssue(value);
    if (issue !== null) report(issue, ...path.map(shown));
  } else if (typeof value === 'number' && !Number.isFinite(value)) {
    // JSON knows no infinity: what reads 1e999 would write null.
    report('must not hold numbers beyond ±1.8e308', ...path.map(shown));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      const issue = Array.isArray(value) ? null : unkeepableIssue(name);
      // Such a name cannot be told either: it is known by the object that holds it.
      if (issue !== null) report(`${issue} in the names of its fields`, ...path.map(shown));
      else reportUnkeepable(inner, report, [...path, name]);
    }
  }
}

const MAX_SHOWN_NAME_LENGTH = 64;
const UNSHOWABLE = /[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu;

/** A name that the caller chose, fit for an answer and for a terminal. */
function shown(name: string): string {
  const characters = Array.from(name.replace(UNSHOWABLE, '\ufffd'));
  if (characters.length <= MAX_SHOWN_NAME_LENGTH) return characters.join('');
  return `${characters.slice(0, MAX_SHOWN_NAME_LENGTH).join('')}…`;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { INSTANT_EXPECTED, parseInstant } from '../../platform/instant';
import { SCHEDULE_END_TYPES, SCHEDULE_FREQUENCIES } from '../../schedules/schedule.kinds';
import { type ScheduleInput } from '../../schedules/schedule.rules';
import { idOf } from '../../platform/id.rules';
import {
  MAX_VERSION,
  MESSAGE_DIRECTIONS,
  MESSAGE_STATUSES,
  type MessageContent,
  type MessageState,
} from '../message.kinds';

type Given<T> = { -readonly [F in keyof T]?: T[F] | null | undefined };

/** What a line gives: left out (`undefined`), null, or a value of the right type, though not always a right one. */
export type GivenFields = Given<MessageContent & Pick<MessageState, 'sendAt' | 'sentAt'>> & {
  -readonly [F in 'direction' | 'status' | 'version' | 'createdAt' | 'updatedAt']?:
    MessageState[F] | undefined;
} & {
  id?: number | null;
  parentId?: number | null;
  repeats?: boolean;
  schedule?: ScheduleInput | null;
};

export type LineField = keyof GivenFields;

/** Tells what is wrong with a value, as the rest of a sentence that begins with its path. */
export type Report = (message: string, ...path: string[]) => void;

/** Turns a JSON value into what a field holds; `undefined` after it has reported why that cannot be done. */
type Reader = (value: unknown, report: Report) => unknown;

/**
 * How each field of a line is read, in the order of the schema and of the export. Only what the rules of messages
 * cannot be given is refused here: those rules say the rest.
 */
export const LINE_FIELDS: Readonly<Record<LineField, Reader>> = {
  id: orNull(messageId),
  version: wholeNumber(1, MAX_VERSION),
  direction: oneOf(MESSAGE_DIRECTIONS),
  status: oneOf(MESSAGE_STATUSES),
  type: asGiven,
  title: asGiven,
  message: asGiven,
  channels: orNull(list(asGiven)),
  recipientIds: orNull(list(reference)),
  parentId: orNull(messageId),
  contactId: reference,
  postId: reference,
  dataFeedId: reference,
  dataProviderId: reference,
  dataProviderMessageId: asGiven,
  additionalData: asGiven,
  repeats: trueOrFalse,
  schedule: orNull(schedule),
  sendAt: orNull(instant),
  sentAt: orNull(instant),
  createdAt: instant,
  updatedAt: instant,
};

/** What the schema derives from the stored fields: welcome in a line, and never looked at. */
export const DERIVED_FIELDS: ReadonlySet<string> = new Set([
  'text',
  'label',
  'parent',
  'replies',
  '__typename',
]);

const SCHEDULE_FIELDS: Readonly<Record<keyof ScheduleInput, Reader>> = {
  start: instant,
  timeZone: orNull(text),
  frequency: oneOf(SCHEDULE_FREQUENCIES),
  interval: orNull(number),
  endType: orNull(oneOf(SCHEDULE_END_TYPES)),
  count: orNull(number),
  until: orNull(instant),
  byDay: orNull(list(text)),
  byMonth: orNull(list(number)),
  byMonthDay: orNull(list(number)),
  bySetPosition: orNull(number),
};

const DERIVED_SCHEDULE_FIELDS: ReadonlySet<string> = new Set([
  ...['rrule', 'nextOccurrence', 'lastOccurrence', 'occurrences', '__typename'],
]);

/**
 * Reads the fields of a JSON object by a table; what is neither in it nor derived is reported.
 * @param what names the object in a sentence: "a message".
 */
export function readFields(
  json: object,
  what: string,
  readers: Readonly<Record<string, Reader>>,
  derived: ReadonlySet<string>,
  report: Report,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  let name = '';
  // One for all fields: a file has as many of them as an import has work.
  const reportField: Report = (message, ...path) => report(message, name, ...path);
  for (name of Object.keys(json)) {
    // Own properties only: `constructor` and `__proto__` are names like any other that is not known.
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader !== undefined) {
      const field = reader((json as Record<string, unknown>)[name], reportField);
      if (field !== undefined) fields[name] = field;
    } else if (!derived.has(name)) {
      report(`${shown(name)} is not a field of ${what}`);
    }
  }
  return fields;
}

export function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For the rules of messages, which say themselves what such a field must be. */
function asGiven(value: unknown): unknown {
  return value;
}

/** Ids come as texts or, as GraphQL's `ID` does too, as numbers. */
function reference(value: unknown): unknown {
  return Number.isSafeInteger(value) ? String(value) : value;
}

function messageId(value: unknown, report: Report): unknown {
  const text = reference(value);
  const id = typeof text === 'string' ? idOf(text) : null;
  return id ?? refused(report, 'must be a whole number from 1 to 9007199254740991');
}

function instant(value: unknown, report: Report): unknown {
  return parseInstant(value) ?? refused(report, INSTANT_EXPECTED);
}

function trueOrFalse(value: unknown, report: Report): unknown {
  return typeof value === 'boolean' ? value : refused(report, 'must be true or false');
}

function text(value: unknown, report: Report): unknown {
  return typeof value === 'string' ? value : refused(report, 'must be a text');
}

function number(value: unknown, report: Report): unknown {
  return typeof value === 'number' ? value : refused(report, 'must be a number');
}

function wholeNumber(least: number, most: number): Reader {
  return (value, report) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? value
      : refused(report, `must be a whole number from ${least} to ${most}`);
}

function oneOf(values: readonly string[]): Reader {
  return (value, report) =>
    values.includes(value as string) ? value : refused(report, `must be one of ${values.join(', ')}`);
}

function orNull(reader: Reader): Reader {
  return (value, report) => (value === null ? null : reader(value, report));
}

function list(reader: Reader): Reader {
  return (value, report) => {
    if (!Array.isArray(value)) return refused(report, 'must be a list');
    return ifSound(report, watched =>
      value.map((item: unknown, index) => reader(item, message => watched(message, String(index)))),
    );
  };
}

function schedule(value: unknown, report: Report): unknown {
  if (!isJsonObject(value)) return refused(report, 'must be a JSON object or null');
  return ifSound(report, watched => {
    for (const name of ['start', 'frequency']) {
      if (!Object.hasOwn(value, name)) watched('must be given', name);
    }
    return readFields(value, 'a schedule', SCHEDULE_FIELDS, DERIVED_SCHEDULE_FIELDS, watched);
  });
}

/** What `read` makes, unless it reports anything. */
function ifSound(report: Report, read: (watched: Report) => unknown): unknown {
  let problems = 0;
  const value = read((message, ...path) => {
    problems += 1;
    report(message, ...path);
  });
  return problems === 0 ? value : undefined;
}

function refused(report: Report, message: string): unknown {
  report(message);
  return undefined;
}

const MAX_SHOWN_NAME_LENGTH = 40;
const UNSHOWABLE = /[\p{Control}\p{Format}\p{Surrogate}\p{Line_Separator}\p{Paragraph_Separator}]/gu;

/** A name that a line brought, fit for a terminal. */
function shown(name: string): string {
  const characters = Array.from(name.slice(0, 2 * MAX_SHOWN_NAME_LENGTH + 2).replace(UNSHOWABLE, '\ufffd'));
  const cut = characters.slice(0, MAX_SHOWN_NAME_LENGTH).join('');
  return `"${cut}${characters.length > MAX_SHOWN_NAME_LENGTH ? '…' : ''}"`;
}

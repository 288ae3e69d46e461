import {
  instant,
  isJsonObject,
  oneOf,
  orNull,
  readFields,
  type Reader,
  reference,
  refused,
  type Report,
  text,
  trueOrFalse,
} from '../../platform/json-fields.rules';
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
  'contact',
  'replies',
  '__typename',
  // What kind of line it is: looked at before.
  'record',
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

/** For the rules of messages, which say themselves what such a field must be. */
function asGiven(value: unknown): unknown {
  return value;
}

function messageId(value: unknown, report: Report): unknown {
  const text = reference(value);
  const id = typeof text === 'string' ? idOf(text) : null;
  return id ?? refused(report, 'must be a whole number from 1 to 9007199254740991');
}

function wholeNumber(least: number, most: number): Reader {
  return (value, report) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? value
      : refused(report, `must be a whole number from ${least} to ${most}`);
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

function number(value: unknown, report: Report): unknown {
  return typeof value === 'number' ? value : refused(report, 'must be a number');
}

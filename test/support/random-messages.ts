import fc from 'fast-check';
import {
  MESSAGE_CHANNELS,
  MESSAGE_DIRECTIONS,
  MESSAGE_STATUSES,
  MESSAGE_TYPES,
  type MessageState,
} from '../../src/messages/message.kinds';
import { type MessageFilter } from '../../src/messages/lists/message.filter';
import { type ScheduleRule } from '../../src/schedules/schedule.kinds';
import { incoming } from './store';

/** Few values of each kind, so that ties, nulls and matches are frequent. */
const instant = fc.constantFrom(0, 1, 2, 3, 4, 1_000_000).map(step => new Date(-2 + step));
const id = fc.constantFrom('a', 'b', 'é', 'it\'s "x"');
const word = fc.constantFrom(
  'water',
  'WATER',
  'Über',
  'straße',
  '100%',
  'a_b',
  '"q"',
  '*',
  '\\',
  'é',
  '😀',
  '\n',
  'x',
);
const text = fc.array(word, { minLength: 1, maxLength: 4 }).map(words => words.join(' '));
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

/** A schedule without an end. */
export const WEEKLY: ScheduleRule = {
  start: new Date('2030-01-01T08:00:00Z'),
  timeZone: 'UTC',
  frequency: 'WEEKLY',
  interval: 1,
  endType: 'NEVER',
  count: null,
  until: null,
  byDay: ['MO'],
  byMonth: [],
  byMonthDay: [],
  bySetPosition: null,
};

const free = fc.record({
  type: fc.constantFrom(...MESSAGE_TYPES),
  title: some(text),
  message: text,
  channels: fc.uniqueArray(fc.constantFrom(...MESSAGE_CHANNELS), { minLength: 1, maxLength: 3 }),
  recipientIds: fc.uniqueArray(id, { maxLength: 3 }),
  contactId: some(id),
  postId: some(id),
  dataFeedId: some(id),
  dataProviderId: some(id),
  createdAt: instant,
  updatedAt: instant,
});

const standing: fc.Arbitrary<Partial<MessageState>> = fc.oneof(
  fc.record({ status: fc.constantFrom('RECEIVED' as const, 'ARCHIVED' as const), sentAt: some(instant) }),
  fc.record({
    direction: fc.constant('OUTGOING' as const),
    status: fc.constantFrom('PENDING', 'EXPIRED', 'CANCELLED', 'FAILED', 'ARCHIVED'),
    sendAt: some(instant),
  }),
  fc.record({
    direction: fc.constant('OUTGOING' as const),
    status: fc.constantFrom('SENT', 'ARCHIVED'),
    sentAt: instant,
  }),
  fc.record({
    direction: fc.constant('OUTGOING' as const),
    status: fc.constant('PENDING'),
    schedule: fc.constant(WEEKLY),
  }),
);

const message = fc.record({ free, standing, reply: some(fc.nat()) });

/** Messages for an empty store, where ids begin with 1: some reply to ones before them. */
export function messages(count: number): fc.Arbitrary<readonly MessageState[]> {
  return fc.array(message, { minLength: count, maxLength: count }).map(drawn =>
    drawn.map(({ free, standing, reply }, index) => {
      const parentId = reply === null || index === 0 ? null : 1 + (reply % Math.min(index, 5));
      return incoming({ ...free, ...standing, parentId });
    }),
  );
}

const among = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 3 });
const messageId = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map(String),
  fc.constantFrom('01', '0', 'x', '1e0', '9007199254740993'),
);
const reference = fc.oneof(id, fc.constantFrom('unknown', 'e\u0301', '\ud800', 'a\u0000'));
const range = fc.record(
  {
    gt: some(instant),
    gte: some(instant),
    lt: some(instant),
    lte: some(instant),
    isNull: some(fc.boolean()),
  },
  { requiredKeys: [] },
);

const fields: { readonly [F in LeafField]-?: fc.Arbitrary<MessageFilter[F]> } = {
  id: some(among(messageId)),
  q: fc.oneof(word, text, fc.constantFrom('wat', 'ÜBER', 'SS', 'ASS', 'ate')).filter(q => q.trim() !== ''),
  type: among(fc.constantFrom(...MESSAGE_TYPES)),
  direction: some(among(fc.constantFrom(...MESSAGE_DIRECTIONS))),
  status: some(among(fc.constantFrom(...MESSAGE_STATUSES))),
  channel: among(fc.constantFrom(...MESSAGE_CHANNELS)),
  recipientId: among(reference),
  parentId: among(messageId),
  contactId: among(reference),
  postId: among(reference),
  dataFeedId: among(reference),
  dataProviderId: among(reference),
  repeats: fc.boolean(),
  sendAt: range,
  sentAt: range,
  createdAt: range,
  updatedAt: range,
};

type LeafField = Exclude<keyof MessageFilter, 'and' | 'or' | 'not'>;

/** A filter that is right, of up to two fields and a few parts on each of up to five levels. */
export const filters: fc.Arbitrary<MessageFilter> = level(0);

function level(depth: number): fc.Arbitrary<MessageFilter> {
  const own = fc.record(fields, { requiredKeys: [] }).chain(all => {
    const names = Object.keys(all) as LeafField[];
    return fc
      .subarray(names, { maxLength: Math.min(names.length, 2) })
      .chain(chosen => fc.constant(Object.fromEntries(chosen.map(name => [name, all[name]]))));
  });
  if (depth === 4) return own;
  const below = level(depth + 1);
  const parts = fc.array(below, { minLength: 1, maxLength: 2 });
  const nested = fc.record({ and: parts, or: parts, not: below }, { requiredKeys: [] });
  return fc
    .tuple(own, fc.option(nested, { nil: {}, freq: 2 }))
    .map(([fieldsOfLevel, partsOfLevel]) => ({ ...fieldsOfLevel, ...partsOfLevel }));
}

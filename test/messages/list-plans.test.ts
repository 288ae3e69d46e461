import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type MessageFilter } from '../../src/messages/lists/message.filter';
import { MESSAGE_STATUSES } from '../../src/messages/message.kinds';
import { createMessageLoaders } from '../../src/messages/lists/message.loader';
import { type MessageOrderField, NEWEST_FIRST } from '../../src/messages/lists/message.order';
import { type ListArguments } from '../../src/messages/lists/message.pages';
import { insertMany, RARE_WORD } from '../support/many-messages';
import { incoming, openStore, type TestStore } from '../support/store';

let store: TestStore;

beforeAll(async () => {
  store = await openStore();
  await insertMany(store);
}, 60_000);
afterAll(() => store.close());

/** The steps by which SQLite answers the page, and what it asks besides. */
async function plansOf(args: ListArguments, read: 'nodes' | 'behind' | 'count'): Promise<readonly string[]> {
  store.statements();
  const page = store.pages.list(args);
  if (read === 'count') await page.totalCount();
  else await page.nodes();
  if (read === 'behind') await page.pageInfo().hasPreviousPage;
  const plans = await Promise.all(store.statements().map(statement => store.plan(statement)));
  return plans.at(-1) ?? [];
}

const SORTED = 'USE TEMP B-TREE FOR ORDER BY';
const WALKED: readonly MessageOrderField[] = ['ID', 'CREATED_AT', 'UPDATED_AT'];
const at = new Date('2030-01-01T00:00:00Z');
const year = { gte: at, lt: new Date('2031-01-01T00:00:00Z') };

/** Filters that leave a large part of the store: lists of them must be walked in their order. */
const BROAD: readonly (readonly [string, MessageFilter | undefined])[] = [
  ['no filter', undefined],
  ['a direction', { direction: ['OUTGOING'] }],
  ['both directions', { direction: ['INCOMING', 'OUTGOING'] }],
  ['everything', { direction: ['INCOMING', 'OUTGOING'], status: MESSAGE_STATUSES }],
  ['a status', { status: ['RECEIVED'] }],
  ['direction and status', { direction: ['OUTGOING'], status: ['SENT'] }],
  ['what is archived', { status: ['ARCHIVED'] }],
  ['a type', { type: ['ALERT'] }],
  ['a channel', { channel: ['SMS', 'MAIL'] }],
  ['what repeats', { direction: ['OUTGOING'], repeats: true }],
  ['a data feed', { dataFeedId: ['feed'] }],
  ['a data provider', { dataProviderId: ['provider'] }],
  ['a data provider and a status', { dataProviderId: ['provider'], status: ['RECEIVED'] }],
  ['a time of creation', { createdAt: year }],
  ['a time of change', { updatedAt: year }],
  ['a time to be sent', { direction: ['OUTGOING'], sendAt: year }],
  ['a search of two characters', { q: 'ab' }],
  ['not a status', { not: { status: ['RECEIVED'] } }],
  ['one of two statuses or types', { or: [{ status: ['RECEIVED'] }, { type: ['ALERT'] }] }],
];

/** Filters that leave few messages, whatever the store: these are looked up, and sorted where they must be. */
const NARROW: readonly (readonly [string, MessageFilter, string])[] = [
  ['an id', { id: ['1'] }, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['ids', { id: ['1', '2'] }, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['a parent', { parentId: ['1'] }, 'messages_by_parent (parent_id=?'],
  ['parents', { parentId: ['1', '2'] }, 'messages_by_parent (parent_id=?'],
  ['a contact', { contactId: ['c'] }, 'messages_by_contact (contact_id=?'],
  ['contacts', { contactId: ['c', 'd'] }, 'messages_by_contact (contact_id=?'],
  ['a post', { postId: ['p'] }, 'messages_by_post (post_id=?'],
  ['a recipient', { direction: ['OUTGOING'], recipientId: ['u'] }, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['recipients', { recipientId: ['u', 'v'] }, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['a search', { q: RARE_WORD }, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['a search and a status', { q: RARE_WORD, status: ['RECEIVED'] }, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['a search and a time', { q: RARE_WORD, createdAt: year }, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['a search within and', { and: [{ q: RARE_WORD }, { type: ['ALERT'] }] }, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['a contact and a status', { contactId: ['c'], status: ['RECEIVED'] }, 'messages_by_contact (contact_id=?'],
  ['a contact and a search', { contactId: ['c'], q: RARE_WORD }, 'messages_by_contact (contact_id=?'],
  [
    'a contact and a provider',
    { contactId: ['c'], dataProviderId: ['provider'] },
    'messages_by_contact (contact_id=?',
  ],
  ['a contact and a time', { contactId: ['c'], updatedAt: year }, 'messages_by_contact (contact_id=?'],
  ['a contact or a parent', { or: [{ contactId: ['c'] }, { parentId: ['1'] }] }, 'MULTI-INDEX OR'],
];

describe.each(WALKED.flatMap(field => (['ASC', 'DESC'] as const).map(direction => ({ field, direction }))))(
  'by $field $direction',
  orderBy => {
    const cursorArguments = async () => {
      const after = await store.pages.list({ filter: {}, orderBy, first: 1 }).pageInfo().endCursor;
      return [{ first: 1 }, { first: 500, after }, { last: 2 }, { before: after }, { offset: 2 }];
    };

    test.each(BROAD)('%s: the list is walked along an index, and nothing sorted', async (_what, filter) => {
      for (const args of await cursorArguments()) {
        const steps = await plansOf({ filter, orderBy, ...args }, 'nodes');
        expect(steps).not.toContain(SORTED);
        // The table itself lies in the order of ids, and only there is walking along it no full scan.
        if (orderBy.field !== 'ID') expect(steps).not.toContain('SCAN messages');
        expect(steps).toHaveLength(1);
      }
    });

    test.each(NARROW)('%s: the messages are looked up', async (_what, filter, lookup) => {
      for (const args of await cursorArguments()) {
        const steps = await plansOf({ filter, orderBy, ...args }, 'nodes');
        expect(steps.join('\n')).toContain(lookup);
        expect(steps.join('\n')).not.toContain('SCAN messages\n');
      }
    });

    test.each(BROAD)('%s: what lies behind a page is looked up along an index', async (_what, filter) => {
      const [, args] = await cursorArguments();
      const steps = await plansOf({ filter, orderBy, ...args }, 'behind');
      expect(steps).not.toContain(SORTED);
      if (orderBy.field !== 'ID') expect(steps).not.toContain('SCAN messages');
    });
  },
);

describe('the shapes that everybody uses', () => {
  test.each<[string, ListArguments, string]>([
    ['the inbox', {}, 'SCAN messages USING INDEX messages_inbox_by_created'],
    [
      'by change',
      { orderBy: { field: 'UPDATED_AT', direction: 'DESC' } },
      'SCAN messages USING INDEX messages_inbox_by_updated',
    ],
    [
      'the inbox named',
      { filter: { direction: ['INCOMING'] } },
      'SCAN messages USING INDEX messages_inbox_by_created',
    ],
    [
      'what was sent',
      { filter: { direction: ['OUTGOING'], status: ['SENT'] } },
      'SEARCH messages USING INDEX messages_by_status (status=?)',
    ],
    [
      'the thread of a contact',
      { filter: { contactId: ['c'] } },
      'SEARCH messages USING INDEX messages_by_contact (contact_id=?)',
    ],
    [
      'what a provider brought',
      { filter: { dataProviderId: ['provider'] } },
      'SEARCH messages USING INDEX messages_by_data_provider (data_provider_id=?)',
    ],
    [
      'what a feed brought',
      { filter: { dataFeedId: ['feed'] } },
      'SEARCH messages USING INDEX messages_by_data_feed (data_feed_id=?)',
    ],
    [
      'replies',
      { filter: { parentId: ['1'] } },
      'SEARCH messages USING INDEX messages_by_parent (parent_id=?)',
    ],
    [
      'a day',
      { filter: { createdAt: year } },
      'SEARCH messages USING INDEX messages_inbox_by_created (created_at>? AND created_at<?)',
    ],
    [
      'what changed since',
      { filter: { updatedAt: { gt: at } }, orderBy: { field: 'UPDATED_AT', direction: 'ASC' } },
      'SEARCH messages USING INDEX messages_inbox_by_updated (updated_at>?)',
    ],
  ])('%s', async (_what, args, step) => {
    expect(await plansOf(args, 'nodes')).toEqual([step]);
  });

  test.each<[string, MessageFilter | undefined, string]>([
    ['the inbox', undefined, 'SCAN messages USING INDEX messages_inbox_by_created'],
    ['what is out', { direction: ['OUTGOING'] }, 'SCAN messages USING COVERING INDEX messages_by_status'],
    [
      'a status',
      { status: ['RECEIVED'] },
      'SEARCH messages USING COVERING INDEX messages_by_status (status=?)',
    ],
    ['a contact', { contactId: ['c'] }, 'SEARCH messages USING INDEX messages_by_contact (contact_id=?)'],
  ])('counting %s', async (_what, filter, step) => {
    expect(await plansOf({ filter }, 'count')).toEqual([step]);
  });

  test('every order but the three sorts only what the filter leaves', async () => {
    for (const field of ['SEND_AT', 'SENT_AT', 'TITLE', 'TYPE', 'STATUS'] as const) {
      const steps = await plansOf(
        { filter: { contactId: ['c'] }, orderBy: { ...NEWEST_FIRST, field } },
        'nodes',
      );
      expect(steps).toEqual(['SEARCH messages USING INDEX messages_by_contact (contact_id=?)', SORTED]);
      const [page, , inbox] = await plansOf({ orderBy: { ...NEWEST_FIRST, field } }, 'nodes');
      expect(page).toBe('SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)');
      expect(inbox).toContain('USING INDEX messages_inbox_');
    }
  });
});

test('replies, their totals and what lies behind are looked up by parent', async () => {
  const loaders = createMessageLoaders(store.store, store.replies, store.audit, store.pages);
  const [reply] = await store.insert([incoming({ parentId: 1 })]);
  const before = reply ? store.replies.cursorOf(reply) : null;
  store.statements();
  for (const args of [{}, { last: 2 }, { after: before }, { before }]) {
    const page = loaders.replies(1, args);
    await Promise.all([
      page.nodes(),
      page.totalCount(),
      page.pageInfo().hasNextPage,
      page.pageInfo().hasPreviousPage,
    ]);
  }
  const plans = await Promise.all(store.statements().map(statement => store.plan(statement)));
  expect(plans).toHaveLength(4 + 1 + 2);
  for (const steps of plans) {
    expect(steps.join('\n')).toContain('COVERING INDEX messages_by_parent (parent_id=?');
    expect(steps.filter(step => step.startsWith('SCAN messages') || step === SORTED)).toEqual([]);
  }
});

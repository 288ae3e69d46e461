import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AuditFilter } from '../../src/audit/audit.filter';
import { type AuditLogArguments } from '../../src/audit/audit.pages';
import { record } from '../../src/audit/audit.store';
import { createMessageLoaders } from '../../src/messages/lists/message.loader';
import { CALLER } from '../support/services';
import { incoming, openStore, type TestStore } from '../support/store';

let store: TestStore;

beforeAll(async () => {
  store = await openStore();
  const messages = await store.insert(Array.from({ length: 3 }, () => incoming()));
  const written = messages.map(({ id }) => ({ messageId: id, version: 1, changes: [] }));
  await store.database.write(unit =>
    record(unit, CALLER, { action: 'CREATED', at: new Date('2030-06-01T12:00:00Z'), written }),
  );
});
afterAll(() => store.close());

type Read = 'nodes' | 'behind' | 'count';

async function plansOf(args: AuditLogArguments, read: Read): Promise<readonly string[]> {
  store.statements();
  const page = store.audit.list(args);
  if (read === 'count') await page.totalCount();
  else await page.nodes();
  if (read === 'behind') await page.pageInfo().hasPreviousPage;
  const plans = await Promise.all(store.statements().map(statement => store.plan(statement)));
  return plans.at(-1) ?? [];
}

const SORTED = 'USE TEMP B-TREE FOR ORDER BY';
const year = { gte: new Date('2030-01-01T00:00:00Z'), lt: new Date('2031-01-01T00:00:00Z') };

const BY_TIME = 'USING INDEX audit_entries_by_time';
const BY_TOKEN = 'SEARCH audit_entries USING INDEX audit_entries_by_token';

/** Filters that may leave a large part of the record: the first page, the next, and whether something lies before it. */
const WALKED: readonly (readonly [string, AuditFilter, readonly [string, string, string]])[] = [
  ...(
    [
      ['everything', {}],
      ['an action', { action: ['CREATED'] }],
      ['actors', { actor: ['TOKEN', 'ADMIN'] }],
      ['some tokens', { tokenId: ['7', '8'] }],
    ] as const
  ).map(
    ([what, filter]) =>
      [
        what,
        filter,
        [
          `SCAN audit_entries ${BY_TIME}`,
          `SEARCH audit_entries ${BY_TIME} ((at,rowid)<(?,?))`,
          `SEARCH audit_entries ${BY_TIME} ((at,rowid)>(?,?))`,
        ],
      ] as const,
  ),
  [
    'a time',
    { at: year },
    [
      `SEARCH audit_entries ${BY_TIME} (at>? AND at<?)`,
      `SEARCH audit_entries ${BY_TIME} (at>? AND (at,rowid)<(?,?))`,
      `SEARCH audit_entries ${BY_TIME} ((at,rowid)>(?,?) AND at<?)`,
    ],
  ],
  [
    'a token and an action',
    { tokenId: ['7'], action: ['CREATED'] },
    [
      `${BY_TOKEN} (token_id=?)`,
      `${BY_TOKEN} (token_id=? AND (at,rowid)<(?,?))`,
      `${BY_TOKEN} (token_id=? AND (at,rowid)>(?,?))`,
    ],
  ],
  [
    'a token and a time',
    { tokenId: ['7'], at: year },
    [
      `${BY_TOKEN} (token_id=? AND at>? AND at<?)`,
      `${BY_TOKEN} (token_id=? AND at>? AND (at,rowid)<(?,?))`,
      `${BY_TOKEN} (token_id=? AND (at,rowid)>(?,?) AND at<?)`,
    ],
  ],
];

/** Filters that leave few entries, which are looked up and sorted. */
const LOOKED_UP: readonly (readonly [string, AuditFilter, string])[] = [
  ['a message', { messageId: ['1'] }, 'INDEX audit_entries_by_message (message_id=?)'],
  ['messages', { messageId: ['1', '2'] }, 'INDEX audit_entries_by_message (message_id=?)'],
  [
    'a message and a token',
    { messageId: ['1'], tokenId: ['7'] },
    'INDEX audit_entries_by_message (message_id=?)',
  ],
  ['a message and a time', { messageId: ['1'], at: year }, 'INDEX audit_entries_by_message (message_id=?)'],
  ['a request', { requestId: ['request-7'] }, 'INDEX audit_entries_by_request (request_id=?)'],
  ['requests', { requestId: ['request-7', 'x'] }, 'INDEX audit_entries_by_request (request_id=?)'],
];

const secondPage = async (): Promise<AuditLogArguments> => ({
  after: await store.audit.list({ first: 1 }).pageInfo().endCursor,
});

describe('the audit log', () => {
  test.each(WALKED)('of %s is walked along an index, and nothing sorted', async (_what, filter, steps) => {
    const second = { filter, ...(await secondPage()) };
    const plans = [
      await plansOf({ filter }, 'nodes'),
      await plansOf(second, 'nodes'),
      await plansOf(second, 'behind'),
    ];
    expect(plans.map(([first]) => first)).toEqual(steps);
    for (const plan of plans) expect(plan).not.toContain(SORTED);
  });

  test.each(LOOKED_UP)('of %s is looked up', async (_what, filter, lookup) => {
    for (const args of [{}, await secondPage()]) {
      for (const read of ['nodes', 'behind', 'count'] as const) {
        expect((await plansOf({ filter, ...args }, read)).join('\n')).toContain(lookup);
      }
    }
  });

  test.each<[string, AuditFilter, string]>([
    ['everything', {}, 'audit_entries_by_time'],
    ['a time', { at: year }, 'audit_entries_by_time (at>? AND at<?)'],
    ['a token', { tokenId: ['7'] }, 'audit_entries_by_token (token_id=?)'],
  ])('of %s is counted in the index alone', async (_what, filter, index) => {
    expect((await plansOf({ filter }, 'count')).join('\n')).toContain(`USING COVERING INDEX ${index}`);
  });
});

test('histories, their totals and what lies behind are looked up by message', async () => {
  const loaders = createMessageLoaders(store.store, store.replies, store.audit, store.pages);
  const after = await loaders.history(1, { first: 1 }).pageInfo().endCursor;
  loaders.forget();
  store.statements();
  for (const args of [{}, { after }]) {
    const page = loaders.history(1, args);
    await Promise.all([page.nodes(), page.totalCount(), page.pageInfo().hasPreviousPage]);
  }
  const plans = await Promise.all(store.statements().map(statement => store.plan(statement)));
  expect(plans).toHaveLength(2 + 1 + 1);
  for (const steps of plans) {
    expect(steps.join('\n')).toContain('COVERING INDEX audit_entries_by_message (message_id=?');
    expect(steps.filter(step => step.startsWith('SCAN audit_entries') || step === SORTED)).toEqual([]);
  }
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONDITION_FIELDS, type ConditionField } from '../../src/messages/lists/message.filter.fields';
import { type MessageFilter } from '../../src/messages/lists/message.filter';
import { MESSAGE_STATUSES } from '../../src/messages/message.kinds';
import { isWalked, MESSAGE_ORDER_FIELDS, type MessageOrder } from '../../src/messages/lists/message.order';
import { type AskedPlaces, type ListArguments } from '../../src/messages/lists/message.pages';
import { type JsonShape } from '../../src/platform/database/json-rows';
import { engineUnderTest } from '../support/engine';
import { COMMON_WORD, insertMany, MANY, RARE_WORD, YEAR } from '../support/many-messages';
import { openStore, type Statement, type TestStore } from '../support/store';

/** Every order by every filter, in a store of 50,000 messages, as each engine would go about it. */
let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  await insertMany(store);
}, 120_000);
afterAll(() => store.close());

const DAY = { gte: new Date('2030-03-10T00:00:00Z'), lt: new Date('2030-03-11T00:00:00Z') };
const names = (name: string): string[] => Array.from({ length: 5 }, (_, index) => `${name}-${index}`);

/** Conditions that many messages meet, few or none. */
const CONDITIONS: { readonly [F in ConditionField]: readonly Pick<MessageFilter, F>[] } = {
  id: [{ id: ['7'] }, { id: ['7', '30007'] }, { id: ['0'] }],
  q: [{ q: COMMON_WORD }, { q: RARE_WORD }, { q: 'absent' }],
  type: [{ type: ['REPORT', 'ALERT'] }, { type: ['REVISION'] }],
  direction: [{ direction: ['INCOMING'] }, { direction: ['INCOMING', 'OUTGOING'] }],
  status: [
    { status: MESSAGE_STATUSES },
    { status: ['RECEIVED', 'PENDING'] },
    { status: ['ARCHIVED'] },
    { status: ['FAILED'] },
  ],
  channel: [{ channel: ['SMS'] }, { channel: ['DISCORD_PUBLIC', 'MAIL'] }],
  recipientId: [{ recipientId: ['recipient-1'] }, { recipientId: names('recipient') }],
  parentId: [{ parentId: ['7'] }, { parentId: ['7', '8'] }],
  contactId: [{ contactId: ['contact-1'] }, { contactId: names('contact') }, { contactId: names('nobody') }],
  postId: [{ postId: ['post-1'] }, { postId: ['nothing'] }],
  dataFeedId: [{ dataFeedId: ['feed'] }, { dataFeedId: ['feed', 'nothing'] }, { dataFeedId: ['nothing'] }],
  dataProviderId: [{ dataProviderId: ['provider'] }, { dataProviderId: ['nobody'] }],
  repeats: [{ repeats: true }, { repeats: false }],
  sendAt: [{ sendAt: YEAR }, { sendAt: DAY }, { sendAt: { isNull: true } }],
  sentAt: [{ sentAt: YEAR }, { sentAt: DAY }, { sentAt: { isNull: true } }],
  createdAt: [{ createdAt: YEAR }, { createdAt: DAY }],
  updatedAt: [{ updatedAt: YEAR }, { updatedAt: DAY }, { updatedAt: { gt: DAY.gte } }],
};

/** What has no index of its own but in the inbox: whether no other message meets it, only all of them can tell. */
const UNINDEXED: readonly MessageFilter[] = [...CONDITIONS.type, ...CONDITIONS.channel];

/** Each condition in the inbox, and among what goes out. */
const FILTERS: readonly MessageFilter[] = [
  {},
  ...CONDITION_FIELDS.flatMap((field): readonly MessageFilter[] => CONDITIONS[field]),
  ...CONDITION_FIELDS.flatMap((field): readonly MessageFilter[] => CONDITIONS[field])
    .filter(condition => !UNINDEXED.includes(condition))
    .map(condition => ({ direction: ['OUTGOING' as const], ...condition })),
];

/** Whether a condition has an index which tells that few messages meet it. */
function leavesFew({ q, contactId, parentId, postId, recipientId, ...times }: MessageFilter): boolean {
  const { sendAt, sentAt, createdAt, updatedAt } = times;
  return (
    q === RARE_WORD ||
    [contactId, parentId, postId, recipientId].some(values => values !== undefined) ||
    [sendAt, sentAt, createdAt, updatedAt].includes(DAY)
  );
}

/** Both ways, from the end of the list, and from a place in its middle. */
async function waysThrough(orderBy: MessageOrder): Promise<readonly ListArguments[]> {
  const after = await store.pages.list({ orderBy, first: 1, offset: 5_000 }).pageInfo().endCursor;
  return [{}, { after }, { last: 50 }, { before: after }];
}

const WRITTEN: JsonShape = {
  table: 'messages',
  members: [
    { name: 'title', value: { column: 'title', kind: 'text' } },
    { name: 'createdAt', value: { column: 'created_at', kind: 'instant' } },
  ],
};
const ALL_PLACES: AskedPlaces = { cursors: true, hasPreviousPage: true, hasNextPage: true };

interface Plan {
  readonly filter: MessageFilter;
  readonly args: ListArguments;
  readonly steps: readonly string[];
}

/** How the engine goes about a page, in both its forms, and the look at what lies behind it; not what it is asked before. */
async function plansOf(filter: MessageFilter, args: ListArguments): Promise<readonly Plan[]> {
  const page = store.pages.list({ ...args, filter });
  store.statements();
  await page.nodes();
  const rows = store.statements().at(-1);
  await Promise.all([page.pageInfo().hasNextPage, page.pageInfo().hasPreviousPage]);
  const behind = store.statements().at(-1);
  await store.pages.listTexts({ ...args, filter }, WRITTEN, ALL_PLACES).nodes();
  const texts = store.statements().at(-1);
  const read = [rows, behind, texts].filter(statement => statement !== undefined);
  return Promise.all(read.map(async statement => ({ filter, args, steps: await stepsOf(statement) })));
}

async function stepsOf(statement: Statement): Promise<readonly string[]> {
  if (engineUnderTest() === 'sqlite') return store.plan(statement);
  const rows = await store.database.read<Readonly<Record<string, string>>>(
    `explain (costs off) ${statement.sql}`,
    statement.parameters,
  );
  return rows.flatMap(row => Object.values(row));
}

/** Whether a table is read from one end to the other, other than by an index. */
function scansTable({ steps }: Plan): boolean {
  return steps.some(step => /\bSeq Scan on messages\b|^SCAN messages$/.test(step));
}

/** Whether the rows are sorted before a page of them is taken; the page itself may be, as often as wanted. */
function sortsBeforePage({ steps }: Plan): boolean {
  const limit = steps.findIndex(step => /^\s*(-> {2})?Limit$/.test(step));
  if (engineUnderTest() === 'postgres') return steps.slice(limit).some(step => /\bSort$/.test(step));
  // SQLite names the sort of a select after what the select reads, and that within it first.
  const sorts = steps.filter(step => step === 'USE TEMP B-TREE FOR ORDER BY');
  return sorts.length > (steps.some(step => step.startsWith('LIST SUBQUERY')) ? 1 : 0);
}

const orders = MESSAGE_ORDER_FIELDS.flatMap(field =>
  (['ASC', 'DESC'] as const).map(direction => ({ field, direction })),
);

describe.each(orders.filter(({ field }) => isWalked(field)))('by $field $direction', orderBy => {
  test('no list reads the whole table, and none sorts many messages, whatever its filter', async () => {
    const ways = await waysThrough(orderBy);
    for (const filter of FILTERS) {
      const isLong = (await store.pages.list({ filter }).totalCount()) >= MANY;
      for (const args of ways) {
        for (const plan of await plansOf(filter, { ...args, orderBy })) {
          // The table itself lies in the order of ids, and walking along it is no full scan.
          const mayScan = orderBy.field === 'ID' && engineUnderTest() === 'sqlite';
          if (!mayScan && scansTable(plan)) expect({ is: 'a scan of the table', ...plan }).toBeNull();
          if (isLong && sortsBeforePage(plan)) expect({ is: 'a sort of many', ...plan }).toBeNull();
        }
      }
    }
  }, 120_000);
});

describe.each(orders.filter(({ field }) => !isWalked(field)))('by $field $direction', orderBy => {
  test('a list sorts what is looked up, where a condition leaves few', async () => {
    for (const args of await waysThrough(orderBy)) {
      for (const filter of FILTERS.filter(leavesFew)) {
        const scans = (await plansOf(filter, { ...args, orderBy })).filter(scansTable);
        expect(scans).toEqual([]);
      }
    }
  }, 120_000);
});

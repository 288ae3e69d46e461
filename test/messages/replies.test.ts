import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Message } from '../../src/messages/message.entity';
import { createMessageLoaders, type MessageLoaders } from '../../src/messages/lists/message.loader';
import { type PageArguments } from '../../src/platform/database/page-window';
import { sortedIds } from '../support/model-order';
import { messages, WEEKLY } from '../support/random-messages';
import { incoming, openStore, outgoing, type TestStore } from '../support/store';

let store: TestStore;
let stored: readonly Message[];
let loaders: MessageLoaders;

beforeAll(async () => {
  store = await openStore();
  const [states = []] = fc.sample(messages(60), { seed: 3, numRuns: 1 });
  stored = await store.insert([...states, outgoing({ schedule: WEEKLY, parentId: 1 })]);
});
beforeEach(() => {
  loaders = createMessageLoaders(store.store, store.replies, store.audit, store.pages);
  store.statements();
});
afterAll(() => store.close());

/** The ids of all replies to a message, sorted in memory. */
function repliesTo(parentId: number): readonly number[] {
  const replies = stored.filter(message => message.parentId === parentId);
  return sortedIds(replies, { field: 'CREATED_AT', direction: 'ASC' });
}

interface Page {
  readonly ids: readonly number[];
  readonly start: string | null;
  readonly end: string | null;
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly total: number;
}

async function pageOf(parentId: number, args: PageArguments): Promise<Page> {
  const page = loaders.replies(parentId, args);
  const info = page.pageInfo();
  const [nodes, start, end, hasNext, hasPrevious, total] = await Promise.all([
    page.nodes(),
    info.startCursor,
    info.endCursor,
    info.hasNextPage,
    info.hasPreviousPage,
    page.totalCount(),
  ]);
  return { ids: nodes.map(message => message.id), start, end, hasNext, hasPrevious, total };
}

const PARENTS = [1, 2, 3, 4, 5];

describe('the replies to a message', () => {
  test('are all of them, of either direction and any status, oldest first', async () => {
    for (const parent of PARENTS) {
      const { ids, total } = await pageOf(parent, { first: 500 });
      expect(ids).toEqual(repliesTo(parent));
      expect(total).toBe(ids.length);
    }
    const replies = stored.filter(message => message.parentId !== null);
    expect(new Set(replies.map(({ direction }) => direction)).size).toBe(2);
    expect(replies.some(({ status }) => status === 'ARCHIVED')).toBe(true);
  });

  test('are none, with no page on either side, where nobody replied', async () => {
    const nothing = { ids: [], start: null, end: null, hasNext: false, hasPrevious: false, total: 0 };
    expect(await pageOf(60, {})).toEqual(nothing);
    expect(await pageOf(60, { offset: 3 })).toEqual(nothing);
  });

  test('walked together, forward or backward, show each once, with exact page information', async () => {
    const walk = async (parent: number, size: number, forward: boolean) => {
      const expected = repliesTo(parent);
      const shown: number[] = [];
      for (let cursor: string | null = null, more = true; more;) {
        const page = await pageOf(
          parent,
          forward ? { first: size, after: cursor } : { last: size, before: cursor },
        );
        const behind = shown.length > 0;
        if (forward) shown.push(...page.ids);
        else shown.unshift(...page.ids);
        more = shown.length < expected.length;
        expect([page.hasPrevious, page.hasNext]).toEqual(forward ? [behind, more] : [more, behind]);
        expect(page.total).toBe(expected.length);
        cursor = forward ? page.end : page.start;
      }
      expect(shown).toEqual(expected);
    };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.boolean(), async (size, forward) => {
        await Promise.all(PARENTS.map(parent => walk(parent, size, forward)));
      }),
      { numRuns: 20 },
    );
  });

  test('at an offset are that slice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 20 }),
        async (first, offset) => {
          const pages = await Promise.all(PARENTS.map(parent => pageOf(parent, { first, offset })));
          for (const [index, page] of pages.entries()) {
            const expected = repliesTo(PARENTS[index] ?? 0);
            expect(page.ids).toEqual(expected.slice(offset, offset + first));
            expect(page.hasNext).toBe(offset + first < expected.length);
            expect(page.hasPrevious).toBe(offset > 0 && expected.length > 0);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('behind the end of one thread and the start of another are told apart', async () => {
    const [one, other] = await Promise.all([pageOf(1, {}), pageOf(2, {})]);
    const [afterEnd, beforeStart] = await Promise.all([
      pageOf(1, { after: one.end }),
      pageOf(2, { before: other.start }),
    ]);
    expect(afterEnd).toMatchObject({ ids: [], hasPrevious: true, hasNext: false });
    expect(beforeStart).toMatchObject({ ids: [], hasPrevious: false, hasNext: true });
  });

  test('take the cursors of the order CREATED_AT ASC, and no others', async () => {
    const { end } = await pageOf(1, { first: 1 });
    const orderBy = { field: 'CREATED_AT', direction: 'ASC' } as const;
    expect(() => store.pages.list({ orderBy, after: end })).not.toThrow();
    const newest = await store.pages.list({}).pageInfo().endCursor;
    expect(() => loaders.replies(1, { after: newest })).toThrow('after: must be a cursor of this list');
  });

  test('are refused before anything is read, with every issue at its argument', () => {
    expect(() => loaders.replies(1, { first: 0, last: 501, after: 'x' })).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        details: {
          issues: [
            expect.objectContaining({ path: ['last'] }),
            expect.objectContaining({ path: ['after'] }),
            expect.objectContaining({ path: ['first'] }),
            expect.objectContaining({ path: ['last'] }),
            expect.objectContaining({ path: ['after'] }),
          ],
        },
      }),
    );
    expect(store.statements()).toHaveLength(0);
  });
});

describe('what hangs on many messages', () => {
  test('costs a statement for the replies of all, one for their totals and one for what lies behind', async () => {
    const { end } = await pageOf(1, { first: 1 });
    for (const parents of [PARENTS, Array.from({ length: 60 }, (_, index) => index + 1)]) {
      loaders = createMessageLoaders(store.store, store.replies, store.audit, store.pages);
      store.statements();
      await Promise.all(parents.map(parent => pageOf(parent, { first: 2, after: end })));
      expect(store.statements()).toHaveLength(3);
    }
  });

  test('costs one statement, where only totals are asked for', async () => {
    const totals = await Promise.all(PARENTS.map(parent => loaders.replies(parent, {}).totalCount()));
    expect(totals).toEqual(PARENTS.map(parent => repliesTo(parent).length));
    expect(store.statements()).toHaveLength(1);
  });

  test('costs a statement for each window, where one query asks for several', async () => {
    await Promise.all(
      PARENTS.flatMap(parent => [
        loaders.replies(parent, { first: 2 }).nodes(),
        loaders.replies(parent, { first: 2, after: null }).edges(),
        loaders.replies(parent, { last: 2 }).nodes(),
      ]),
    );
    expect(store.statements()).toHaveLength(2);
  });

  test('costs a statement for each direction of looking behind, and mixes up no answers', async () => {
    const [one, two] = await Promise.all([pageOf(1, {}), pageOf(2, {})]);
    loaders = createMessageLoaders(store.store, store.replies, store.audit, store.pages);
    store.statements();
    const infos = [
      loaders.replies(1, { after: one.start }).pageInfo().hasPreviousPage,
      loaders.replies(1, { before: one.end }).pageInfo().hasNextPage,
      loaders.replies(2, { after: two.start }).pageInfo().hasPreviousPage,
      loaders.replies(60, { after: two.start }).pageInfo().hasPreviousPage,
      loaders.replies(60, { before: two.start }).pageInfo().hasNextPage,
    ];
    expect(await Promise.all(infos)).toEqual([true, true, true, false, false]);
    // Each window of one, and one for each direction.
    expect(store.statements().filter(({ sql }) => sql.includes('exists'))).toHaveLength(2);
  });

  test('costs a statement for all parents and one for all schedules', async () => {
    const parents = await Promise.all(
      stored.map(({ parentId }) =>
        parentId === null ? Promise.resolve(null) : loaders.message.load(parentId),
      ),
    );
    expect(parents.map(parent => parent?.id ?? null)).toEqual(stored.map(({ parentId }) => parentId));
    expect(store.statements()).toHaveLength(1);

    const schedules = await Promise.all(
      stored.map(({ scheduleId }) =>
        scheduleId === null ? Promise.resolve(null) : loaders.schedule.load(scheduleId),
      ),
    );
    expect(schedules.map(schedule => schedule?.id ?? null)).toEqual(
      stored.map(({ scheduleId }) => scheduleId),
    );
    expect(schedules.some(schedule => schedule?.frequency === 'WEEKLY')).toBe(true);
    expect(store.statements()).toHaveLength(1);
  });

  test('is null where there is nothing of that id', async () => {
    expect(await Promise.all([loaders.message.load(999), loaders.schedule.load(999)])).toEqual([null, null]);
  });

  test('is read again after it was told to forget', async () => {
    const parent = await store.insert([incoming()]);
    const parentId = parent[0]?.id ?? 0;
    expect(await pageOf(parentId, {})).toMatchObject({ ids: [], total: 0 });
    const [reply] = await store.insert([incoming({ parentId })]);
    expect(await pageOf(parentId, {})).toMatchObject({ ids: [], total: 0 });
    loaders.forget();
    expect(await pageOf(parentId, {})).toMatchObject({ ids: [reply?.id], total: 1 });
  });
});

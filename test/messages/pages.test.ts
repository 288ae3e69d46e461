import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ListArguments } from '../../src/messages/lists/message.pages';
import { Refusal } from '../../src/platform/errors';
import { incoming, openStore, outgoing, type TestStore } from '../support/store';

let store: TestStore;
/** The cursors of the inbox, newest first: messages 7, 6, 5, 4, 3, 2, 1. */
let cursors: readonly string[];

beforeAll(async () => {
  store = await openStore();
  const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second));
  await store.insert([1, 2, 3, 4, 5, 6, 7].map(second => incoming({ createdAt: at(second) })));
  await store.insert([outgoing(), incoming({ status: 'ARCHIVED' })]);
  cursors = (await store.pages.list({}).edges()).map(edge => edge.cursor);
});
afterAll(() => store.close());

const cursor = (id: number) => cursors[7 - id] ?? '';

function issuesOf(args: ListArguments): readonly { path: readonly string[]; message: string }[] {
  try {
    store.pages.list(args);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'BAD_USER_INPUT') {
      return error.details['issues'] as readonly { path: readonly string[]; message: string }[];
    }
    throw error;
  }
  return [];
}

describe('which page is given', () => {
  test.each<[string, () => ListArguments, readonly number[], boolean, boolean]>([
    ['no arguments', () => ({}), [7, 6, 5, 4, 3, 2, 1], false, false],
    [
      'nulls',
      () => ({ first: null, after: null, last: null, before: null, offset: null }),
      [7, 6, 5, 4, 3, 2, 1],
      false,
      false,
    ],
    ['first', () => ({ first: 2 }), [7, 6], false, true],
    ['first, exactly all', () => ({ first: 7 }), [7, 6, 5, 4, 3, 2, 1], false, false],
    ['first and after', () => ({ first: 2, after: cursor(6) }), [5, 4], true, true],
    ['first and after, to the end', () => ({ first: 2, after: cursor(3) }), [2, 1], true, false],
    ['after alone', () => ({ after: cursor(3) }), [2, 1], true, false],
    ['after the end', () => ({ after: cursor(1) }), [], true, false],
    ['last', () => ({ last: 2 }), [2, 1], true, false],
    ['last, exactly all', () => ({ last: 7 }), [7, 6, 5, 4, 3, 2, 1], false, false],
    ['last and before', () => ({ last: 2, before: cursor(3) }), [5, 4], true, true],
    ['last and before, to the start', () => ({ last: 2, before: cursor(5) }), [7, 6], false, true],
    ['before alone', () => ({ before: cursor(5) }), [7, 6], false, true],
    ['before the start', () => ({ before: cursor(7) }), [], false, true],
    ['offset alone', () => ({ offset: 5 }), [2, 1], true, false],
    ['offset 0', () => ({ offset: 0, first: 1 }), [7], false, true],
    ['first and offset', () => ({ first: 2, offset: 3 }), [4, 3], true, true],
    ['an offset beyond the end', () => ({ offset: 100 }), [], true, false],
    [
      'an offset beyond the end of nothing',
      () => ({ offset: 1, filter: { q: 'nowhere' } }),
      [],
      false,
      false,
    ],
    [
      'first and after, with the order written out',
      () => ({ orderBy: NEWEST, first: 1, after: cursor(6) }),
      [5],
      true,
      true,
    ],
  ])('%s', async (_what, args, ids, hasPrevious, hasNext) => {
    const page = store.pages.list(args());
    expect((await page.nodes()).map(message => message.id)).toEqual(ids);
    const info = page.pageInfo();
    expect([await info.hasPreviousPage, await info.hasNextPage]).toEqual([hasPrevious, hasNext]);
    expect(await info.startCursor).toBe(ids.length > 0 ? cursor(ids[0] ?? 0) : null);
    expect(await info.endCursor).toBe(ids.length > 0 ? cursor(ids.at(-1) ?? 0) : null);
    expect((await page.edges()).map(edge => [edge.node.id, edge.cursor])).toEqual(
      ids.map(id => [id, cursor(id)]),
    );
  });

  test('50 when no number is given, 500 at most', async () => {
    const many = Array.from({ length: 501 }, () => incoming({ postId: 'many' }));
    await store.insert(many);
    const filter = { postId: ['many'] };
    expect(await store.pages.list({ filter }).nodes()).toHaveLength(50);
    expect(await store.pages.list({ filter, offset: 10 }).nodes()).toHaveLength(50);
    const last = store.pages.list({ filter, last: 500 });
    expect(await last.nodes()).toHaveLength(500);
    expect(await last.pageInfo().hasPreviousPage).toBe(true);
    expect(await last.totalCount()).toBe(501);
    const end = await store.pages.list({ filter, last: 1 }).pageInfo().endCursor;
    expect(await store.pages.list({ filter, before: end }).nodes()).toHaveLength(50);
  });
});

const NEWEST = { field: 'CREATED_AT', direction: 'DESC' } as const;

describe('what is refused', () => {
  const size = 'must be from 1 to 500';
  const damaged = 'must be a cursor of this list under the same order; it is damaged or of another order';

  test.each<[string, () => ListArguments, readonly (readonly [string, string])[]]>([
    ['first 0', () => ({ first: 0 }), [['first', size]]],
    ['first -1', () => ({ first: -1 }), [['first', size]]],
    ['first 501', () => ({ first: 501 }), [['first', size]]],
    ['first 1.5', () => ({ first: 1.5 }), [['first', size]]],
    ['first NaN', () => ({ first: NaN }), [['first', size]]],
    ['last 0', () => ({ last: 0 }), [['last', size]]],
    ['last 501', () => ({ last: 501 }), [['last', size]]],
    ['offset -1', () => ({ offset: -1 }), [['offset', 'must be 0 or more']]],
    ['first with last', () => ({ first: 1, last: 1 }), [['last', 'cannot be combined with first']]],
    ['after with last', () => ({ after: cursor(1), last: 1 }), [['after', 'goes with first, not with last']]],
    [
      'before with first',
      () => ({ before: cursor(1), first: 1 }),
      [['before', 'goes with last, not with first']],
    ],
    [
      'before with after',
      () => ({ before: cursor(1), after: cursor(5) }),
      [['before', 'cannot be combined with after']],
    ],
    [
      'offset with after',
      () => ({ offset: 0, after: cursor(1) }),
      [['offset', 'cannot be combined with after']],
    ],
    [
      'offset with before',
      () => ({ offset: 0, before: cursor(1) }),
      [['offset', 'cannot be combined with before']],
    ],
    ['offset with last', () => ({ offset: 0, last: 1 }), [['offset', 'cannot be combined with last']]],
    ['an empty cursor', () => ({ after: '' }), [['after', damaged]]],
    ['a cut cursor', () => ({ before: cursor(1).slice(1) }), [['before', damaged]]],
    [
      'another direction',
      () => ({ after: cursor(1), orderBy: { ...NEWEST, direction: 'ASC' } }),
      [['after', damaged]],
    ],
    [
      'another field',
      () => ({ before: cursor(1), orderBy: { ...NEWEST, field: 'UPDATED_AT' } }),
      [['before', damaged]],
    ],
    [
      'everything at once, the filter included',
      () => ({
        filter: { id: [], or: [{ q: '' }] },
        first: 0,
        last: 900,
        after: '?',
        before: '!',
        offset: -1,
      }),
      [
        ['filter.id', 'must not be empty; leave it out for no such condition'],
        ['filter.or.0.q', 'must not be blank'],
        ['last', 'cannot be combined with first'],
        ['after', 'goes with first, not with last'],
        ['before', 'goes with last, not with first'],
        ['before', 'cannot be combined with after'],
        ['offset', 'cannot be combined with after, last, before'],
        ['first', size],
        ['last', size],
        ['after', damaged],
        ['before', damaged],
        ['offset', 'must be 0 or more'],
      ],
    ],
  ])('%s', (_what, args, issues) => {
    expect(issuesOf(args()).map(({ path, message }) => [path.join('.'), message])).toEqual(issues);
  });

  test('any text that is no cursor, and any cursor with a character changed', () => {
    const changed = fc
      .tuple(fc.constantFrom(1, 4, 7), fc.nat(), fc.string({ minLength: 1, maxLength: 1 }))
      .map(([id, place, other]) => {
        const real = cursor(id);
        const at = place % real.length;
        return real.slice(0, at) + other + real.slice(at + 1);
      })
      .filter(text => !cursors.includes(text));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), changed), text => {
        expect(issuesOf({ after: text }).map(({ path }) => path)).toEqual([['after']]);
        expect(issuesOf({ last: 1, before: text }).map(({ path }) => path)).toEqual([['before']]);
      }),
    );
  });
});

describe('what is read', () => {
  test('nothing before it is asked for, and once however often it is', async () => {
    store.statements();
    const page = store.pages.list({ first: 2, after: cursor(7) });
    const info = page.pageInfo();
    expect(store.statements()).toHaveLength(0);

    await Promise.all([page.nodes(), page.edges(), page.nodes(), info.endCursor, info.hasNextPage]);
    expect(store.statements()).toHaveLength(1);

    await Promise.all([info.hasPreviousPage, page.pageInfo().hasPreviousPage]);
    expect(store.statements()).toHaveLength(1);

    await Promise.all([page.totalCount(), page.totalCount()]);
    expect(store.statements().map(({ sql }) => sql)).toEqual([expect.stringContaining('count(*)')]);
  });

  test('a first page knows without a statement that nothing lies before it, a later one at an offset likewise', async () => {
    store.statements();
    for (const args of [{ first: 1 }, { last: 1 }, { first: 1, offset: 2 }]) {
      const info = store.pages.list(args).pageInfo();
      await Promise.all([info.hasNextPage, info.hasPreviousPage]);
      expect(store.statements()).toHaveLength(1);
    }
  });

  test('the total is that of the whole filter, whichever page is shown', async () => {
    for (const args of [
      {},
      { first: 1 },
      { offset: 100 },
      { after: cursor(1) },
      { last: 2, before: cursor(5) },
    ]) {
      const filter = { not: { postId: ['many'] } };
      expect(await store.pages.list({ ...args, filter }).totalCount()).toBe(7);
    }
  });
});

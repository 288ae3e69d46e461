import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Message } from '../../src/messages/message.entity';
import { MESSAGE_STATUSES } from '../../src/messages/message.kinds';
import { MESSAGE_ORDER_FIELDS, type MessageOrder } from '../../src/messages/lists/message.order';
import { SORT_DIRECTIONS } from '../../src/platform/database/sort-directions';
import { type ListArguments } from '../../src/messages/lists/message.pages';
import { sortedIds } from '../support/model-order';
import { messages } from '../support/random-messages';
import { incoming, openStore, type TestStore } from '../support/store';

const ORDERS = MESSAGE_ORDER_FIELDS.flatMap(field =>
  SORT_DIRECTIONS.map((direction): [string, MessageOrder] => [`${field} ${direction}`, { field, direction }]),
);
const ALL = { direction: ['INCOMING', 'OUTGOING'], status: MESSAGE_STATUSES } as const;

let store: TestStore;
let stored: readonly Message[];

beforeAll(async () => {
  store = await openStore();
  const [states = []] = fc.sample(messages(60), { seed: 7, numRuns: 1 });
  const titles = ['\uffff', '😀', '\u{10ffff}', 'Z', 'a', 'é', 'ez', 'e'].map(title => incoming({ title }));
  stored = await store.insert([...states, ...titles]);
});
afterAll(() => store.close());

interface Page {
  readonly ids: readonly number[];
  readonly start: string | null;
  readonly end: string | null;
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

async function pageOf(args: ListArguments): Promise<Page> {
  const page = store.pages.list({ filter: ALL, ...args });
  const info = page.pageInfo();
  return {
    ids: (await page.nodes()).map(message => message.id),
    start: await info.startCursor,
    end: await info.endCursor,
    hasNext: await info.hasNextPage,
    hasPrevious: await info.hasPreviousPage,
  };
}

describe.each(ORDERS)('in the order %s', (_name, orderBy) => {
  test('a page holds what is first in it, nulls last and ids breaking ties', async () => {
    const { ids } = await pageOf({ orderBy, first: 500 });
    expect(ids).toEqual(sortedIds(stored, orderBy));
  });

  test('walking after the end of each page shows everything once, with exact page information', async () => {
    const sorted = sortedIds(stored, orderBy);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 80 }), async first => {
        const shown: number[] = [];
        for (let after: string | null = null, hasNext = true; hasNext;) {
          const page = await pageOf({ orderBy, first, after });
          expect(page.hasPrevious).toBe(shown.length > 0);
          shown.push(...page.ids);
          expect(page.hasNext).toBe(shown.length < sorted.length);
          ({ end: after, hasNext } = page);
        }
        expect(shown).toEqual(sorted);
      }),
      { numRuns: 4, examples: [[1], [50]] },
    );
  });

  test('walking before the start of each page shows everything once, from the end', async () => {
    const sorted = sortedIds(stored, orderBy);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 80 }), async last => {
        const shown: number[] = [];
        for (let before: string | null = null, hasPrevious = true; hasPrevious;) {
          const page = await pageOf({ orderBy, last, before });
          expect(page.hasNext).toBe(shown.length > 0);
          shown.unshift(...page.ids);
          expect(page.hasPrevious).toBe(shown.length < sorted.length);
          ({ start: before, hasPrevious } = page);
        }
        expect(shown).toEqual(sorted);
      }),
      { numRuns: 4, examples: [[1], [50]] },
    );
  });

  test('a page at an offset is that slice of the list', async () => {
    const sorted = sortedIds(stored, orderBy);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 0, max: 80 }),
        async (first, offset) => {
          const page = await pageOf({ orderBy, first, offset });
          expect(page.ids).toEqual(sorted.slice(offset, offset + first));
          expect(page.hasNext).toBe(offset + first < sorted.length);
          expect(page.hasPrevious).toBe(offset > 0);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a cursor leads on from every message to the one after and the one before it', async () => {
    const sorted = sortedIds(stored, orderBy);
    const edges = await store.pages.list({ filter: ALL, orderBy, first: 500 }).edges();
    for (const [index, { cursor }] of edges.entries()) {
      const after = await store.pages.list({ filter: ALL, orderBy, first: 1, after: cursor }).nodes();
      const before = await store.pages.list({ filter: ALL, orderBy, last: 1, before: cursor }).nodes();
      expect(after.map(message => message.id)).toEqual(sorted.slice(index + 1, index + 2));
      expect(before.map(message => message.id)).toEqual(index === 0 ? [] : sorted.slice(index - 1, index));
    }
  });
});

describe('while messages arrive', () => {
  const drawn = fc.record({
    order: fc.constantFrom(...ORDERS.map(([, order]) => order)),
    size: fc.integer({ min: 5, max: 40 }),
    arrivals: fc.array(messages(2), { minLength: 1, maxLength: 3 }),
  });

  test.each(['forward', 'backward'])(
    'a walk %s shows each that was there at its start exactly once',
    async way => {
      await fc.assert(
        fc.asyncProperty(drawn, async ({ order: orderBy, size, arrivals }) => {
          const expected = sortedIds(stored, orderBy);
          const shown: number[] = [];
          const waiting = [...arrivals];
          for (let cursor: string | null = null, more = true; more;) {
            const page: Page = await pageOf(
              way === 'forward'
                ? { orderBy, first: size, after: cursor }
                : { orderBy, last: size, before: cursor },
            );
            shown.push(...(way === 'forward' ? page.ids : [...page.ids].reverse()));
            [cursor, more] = way === 'forward' ? [page.end, page.hasNext] : [page.start, page.hasPrevious];
            const next = waiting.shift() ?? [];
            await store.insert(next.map(state => ({ ...state, parentId: null })));
          }
          const known = new Set(stored.map(message => message.id));
          const old = shown.filter(id => known.has(id));
          expect(way === 'forward' ? old : old.reverse()).toEqual(expected);
          expect(new Set(shown).size).toBe(shown.length);
        }),
        { numRuns: 12 },
      );
    },
  );
});

describe('around a message that leaves the list', () => {
  const orderBy: MessageOrder = { field: 'ID', direction: 'ASC' };
  const filter = { postId: ['leaving'] };

  test('its cursor still leads on, and what lies behind it is told exactly', async () => {
    const [a, b, c] = await store.insert(Array.from({ length: 3 }, () => incoming({ postId: 'leaving' })));
    const [first, second, third] = await store.pages.list({ filter, orderBy }).edges();
    const archive = (id: number | undefined) =>
      store.database.write(unit =>
        unit.query(`update messages set status = 'ARCHIVED' where id = ?`, [id ?? 0]),
      );
    const pageInfo = (args: ListArguments) => store.pages.list({ filter, orderBy, ...args }).pageInfo();
    const after = first?.cursor;

    expect(await pageInfo({ after }).hasPreviousPage).toBe(true);
    await archive(a?.id);
    expect(await pageInfo({ after }).hasPreviousPage).toBe(false);
    expect(await pageInfo({ after }).hasNextPage).toBe(false);
    expect(await pageInfo({ after: third?.cursor }).hasPreviousPage).toBe(true);
    expect(await pageInfo({ last: 1, before: third?.cursor }).hasNextPage).toBe(true);
    await archive(c?.id);
    expect(await pageInfo({ last: 1, before: third?.cursor }).hasNextPage).toBe(false);
    expect(await pageInfo({ before: first?.cursor }).hasNextPage).toBe(true);
    expect(await pageInfo({ first: 1, offset: 5 }).hasPreviousPage).toBe(true);
    await archive(b?.id);
    expect(await pageInfo({ after: second?.cursor }).hasPreviousPage).toBe(false);
    expect(await pageInfo({ first: 1, offset: 5 }).hasPreviousPage).toBe(false);
    expect(await pageInfo({}).startCursor).toBeNull();
    expect(await pageInfo({}).endCursor).toBeNull();
  });
});

import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Message } from '../../src/messages/message.entity';
import { filterIssues, matchesFilter, type MessageFilter } from '../../src/messages/lists/message.filter';
import { MESSAGE_ORDER_FIELDS } from '../../src/messages/lists/message.order';
import { filters, messages } from '../support/random-messages';
import { openStore, type TestStore } from '../support/store';

let store: TestStore;
afterEach(() => store.close());

async function filled(seed: number): Promise<readonly Message[]> {
  store = await openStore();
  const [states = []] = fc.sample(messages(60), { seed, numRuns: 1 });
  return store.insert(states);
}

describe('every filter', () => {
  test.each([1, 2, 3])('finds in the store what it finds in memory, in any order (store %i)', async seed => {
    const stored = await filled(seed);
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(...MESSAGE_ORDER_FIELDS), async (filter, field) => {
        fc.pre(filterIssues(filter).length === 0);
        const page = store.pages.list({ filter, orderBy: { field, direction: 'ASC' }, first: 500 });
        const found = (await page.nodes()).map(message => message.id).sort((a, b) => a - b);
        const expected = stored.filter(message => matchesFilter(filter, message)).map(message => message.id);
        expect(found).toEqual(expected);
        expect(await page.totalCount()).toBe(expected.length);
      }),
      { numRuns: 300 },
    );
  });

  test('or its negation, but never both, finds a message', async () => {
    const stored = await filled(4);
    const all: MessageFilter = { direction: ['INCOMING', 'OUTGOING'], status: ['ARCHIVED'] };
    // A field that stands anywhere lifts its default, here in a part that always holds.
    const anything: MessageFilter = { or: [{}, all] };
    const count = (filter: MessageFilter) => store.pages.list({ filter }).totalCount();
    await fc.assert(
      fc.asyncProperty(filters, async filter => {
        const positive = { and: [anything, filter] };
        const negative = { and: [anything], not: filter };
        fc.pre(filterIssues(positive).length === 0 && filterIssues(negative).length === 0);
        expect((await count(positive)) + (await count(negative))).toBe(stored.length);
      }),
    );
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Message } from '../../src/messages/message.entity';
import { matchesFilter } from '../../src/messages/lists/message.filter';
import { engineUnderTest } from '../support/engine';
import { incoming, openStore, type TestStore } from '../support/store';

const LONG = 'ΐ'.repeat(999) + 'x';

let store: TestStore;
let stored: readonly Message[];

beforeAll(async () => {
  store = await openStore();
  const texts: readonly (readonly [string | null, string])[] = [
    ['Über die Brücke', 'Die STRASSE ist 100% überflutet'],
    [null, 'a_b a*b a"b a\\b "quoted phrase" (a OR b) NEAR'],
    ['end of title', 'beginning of message'],
    [null, 'İstanbul ΣΊΣΥΦΟΣ ςσ ﬁn 😀👩\u200d🚀 日本語'],
    [null, 'two\nlines and\ttab  two spaces'],
    [null, LONG],
  ];
  stored = await store.insert(texts.map(([title, message]) => incoming({ title, message })));
});
afterAll(() => store.close());

/** The ids of what a search finds in the store, where `matchesFilter` must agree. */
async function idsOf(q: string): Promise<readonly number[]> {
  const found = await store.pages.list({ filter: { q }, orderBy: { field: 'ID', direction: 'ASC' } }).nodes();
  const ids = found.map(message => message.id);
  expect(stored.filter(message => matchesFilter({ q }, message)).map(message => message.id)).toEqual(ids);
  return ids;
}

describe('a search', () => {
  test.each<[string, string, readonly number[]]>([
    ['in the title', 'brücke', [1]],
    ['in the message', 'überflutet', [1]],
    ['letters in another case, beyond ASCII', 'ÜBER', [1]],
    ['ß as ss', 'straße', [1]],
    ['letter and accent apart', 'bru\u0308cke', [1]],
    ['a part of a word', 'rassE', [1]],
    ['words in order', 'die brücke', [1]],
    ['words in another order', 'brücke die', []],
    ['a sign of percent', '100%', [1]],
    ['a sign of percent is no wildcard', '1%t', []],
    ['an underscore', 'a_b', [2]],
    ['an underscore is no wildcard', 'S_R', []],
    ['an asterisk', 'a*b', [2]],
    ['a quotation mark', 'a"b', [2]],
    ['three quotation marks', '"""', []],
    ['a backslash', 'a\\b', [2]],
    ['a phrase in quotation marks', '"quoted phrase"', [2]],
    ['words of a search language', 'A OR B', [2]],
    ['more of its words', 'b) near', [2]],
    ['a column name', 'search_text:a', []],
    ['one character', '*', [2]],
    ['two characters', '%ü', []],
    ['two characters with a space', ' ü', [1]],
    ['one character beyond ASCII', '語', [4]],
    ['one character of two UTF-16 units', '😀', [4]],
    ['three of them with a joiner', '👩\u200d🚀', [4]],
    ['a Turkish i', 'İSTANBUL', [4]],
    ['sigma, whichever', 'σίσυφος', [4]],
    ['a ligature by its letters', 'FIN', [4]],
    ['a newline', 'two\nlines', [5]],
    ['a newline as Windows writes it', 'two\r\nlines', [5]],
    ['a tab', 'and\ttab', [5]],
    ['two spaces', 'b  t', [5]],
    ['one space for two', 'tab two', []],
    ['across title and message', 'title beginning', []],
    ['across title and message, without a space', 'titlebeginning', []],
    ['a thousand characters that fold to more', LONG, [6]],
  ])('%s', async (_what, q, ids) => {
    expect(await idsOf(q)).toEqual(ids);
  });

  test('finds every piece of a text in it, whatever its case', async () => {
    const pieces = fc
      .tuple(fc.constantFrom(...stored.slice(0, 5)), fc.nat(), fc.integer({ min: 1, max: 12 }))
      .map(([message, start, length]) => {
        const characters = Array.from(message.message);
        const from = start % characters.length;
        return { id: message.id, q: characters.slice(from, from + length).join('') };
      })
      .filter(({ q }) => q.trim() !== '');
    await fc.assert(
      fc.asyncProperty(pieces, async ({ id, q }) => {
        expect(await idsOf(q)).toContain(id);
        expect(await idsOf(q.toUpperCase())).toContain(id);
      }),
    );
  });

  test('finds the same by walking a list, when very many messages hold the text, as by the index', async () => {
    const filter = { q: 'rare', status: ['RECEIVED' as const] };
    const common = Array.from({ length: 10_000 }, (_, index) => `common ${index % 50 === 0 ? 'rare' : ''}`);
    await store.database.write(unit => {
      const text = unit.dialect.item('given', 'text');
      return unit.query(
        `insert into messages (version, direction, status, type, message, channels, recipient_ids, created_at, updated_at,
          search_text) select 1, 'INCOMING', 'RECEIVED', 'REPORT', ${text}, '[]', '[]', 0, 0, ${text}
          from ${unit.dialect.list('given')}`,
        [JSON.stringify(common)],
      );
    });
    store.statements();
    const found = await store.pages.list({ filter: { q: 'common', and: [filter] }, first: 300 }).nodes();
    expect(found).toHaveLength(200);
    const walked = store.statements().map(statement => statement.sql);
    expect(await store.pages.list({ filter, first: 300 }).nodes()).toEqual(found);
    const lookedUp = store.statements().map(statement => statement.sql);
    // PostgreSQL weighs by itself what it looks up and what it walks.
    if (engineUnderTest() === 'postgres') return;
    expect(walked).toHaveLength(2);
    expect(walked[1]).not.toContain('messages_search');
    expect(lookedUp.join('\n')).toContain('messages_search');
  });
});

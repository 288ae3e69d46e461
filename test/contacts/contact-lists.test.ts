import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { contactKey } from '../../src/contacts/contact.key.rules';
import { type ContactState } from '../../src/contacts/contact.kinds';
import { bareContact } from '../../src/contacts/contact.rules';
import { CONTACT_ORDER_FIELDS, type ContactOrder } from '../../src/contacts/contact.order';
import { type ContactListArguments, ContactPages } from '../../src/contacts/contact.pages';
import { ContactStore } from '../../src/contacts/contact.store';
import { type Database } from '../../src/platform/database/database';
import { SORT_DIRECTIONS } from '../../src/platform/database/sort-directions';
import { Refusal } from '../../src/platform/errors';
import { newPlace, openDatabaseAt, type TestPlace } from '../support/engine';

const at = (minute: number): Date => new Date(Date.UTC(2030, 0, 1, 0, minute));

function contact(id: string, minute: number, given: Partial<ContactState> = {}): ContactState {
  const state = { ...bareContact(id, at(minute)), ...given };
  return { ...state, key: state.key ?? (state.address && contactKey(state.type, state.address)) };
}

const CONTACTS: readonly ContactState[] = [
  contact('amina', 1, { type: 'PHONE', address: '+254 700 000 001', name: 'Amina', userId: '7' }),
  // Of a provider whose numbers are of Kenya.
  contact('juma', 2, { type: 'PHONE', address: '0700 000 002', key: '+254700000002', name: 'Juma' }),
  contact('mail', 3, { type: 'EMAIL', address: 'Amina@Example.org', userId: '7', canNotify: false }),
  contact('chat', 3, { type: 'TELEGRAM', address: '4711', name: 'ÜBER 100%', dataProviderId: 'bot' }),
  contact('bare', 5),
  contact('late', 6, { name: 'amina', updatedAt: at(60), dataProviderId: 'sms' }),
  contact('merged', 7, { name: 'Amina', mergedInto: 'amina', userId: '7' }),
];
const LISTED = CONTACTS.filter(({ mergedInto }) => mergedInto === null);

let place: TestPlace;
let database: Database;
let pages: ContactPages;
beforeAll(async () => {
  place = await newPlace();
  database = await openDatabaseAt(place.databaseUrl);
  pages = new ContactPages(database);
  const store = new ContactStore(database);
  await database.write(({ query }) => store.insert(query, CONTACTS));
});
afterAll(async () => {
  await database.close();
  await place.remove();
});

async function ids(args: ContactListArguments): Promise<readonly string[]> {
  return (await pages.list(args).nodes()).map(({ id }) => id);
}

describe('a list of contacts', () => {
  test('has the newest first, and none that is merged into another', async () => {
    expect(await ids({})).toEqual(['late', 'bare', 'mail', 'chat', 'juma', 'amina']);
    expect(await pages.list({}).totalCount()).toBe(6);
  });

  test.each<[string, ContactListArguments['filter'], readonly string[]]>([
    ['a text of the name, in any case', { q: 'AMIN' }, ['amina', 'late', 'mail']],
    ['a text of the address', { q: '0700 000' }, ['juma']],
    ['a short text', { q: '0%' }, ['chat']],
    ['letters beyond ASCII', { q: 'über' }, ['chat']],
    ['a character that means something elsewhere', { q: '%' }, ['chat']],
    ['a type', { type: ['EMAIL', 'TELEGRAM'] }, ['chat', 'mail']],
    [
      'every type',
      { type: ['PHONE', 'EMAIL', 'WHATSAPP', 'TELEGRAM', 'DISCORD', 'OTHER'] },
      LISTED.map(c => c.id),
    ],
    ['an address as it was given', { address: ['0700 000 002'] }, ['juma']],
    ['an address in another form', { address: ['00254700000002', 'Amina@EXAMPLE.ORG'] }, ['juma', 'mail']],
    ['an address that nobody has', { address: ['\u0000', ' ', '4712'] }, []],
    ['a user', { userId: ['7', '\ud800'] }, ['amina', 'mail']],
    ['who may be written to', { canNotify: false }, ['mail']],
    ['a provider', { dataProviderId: ['bot', 'sms'] }, ['chat', 'late']],
    ['several', { q: 'amina', userId: ['7'], canNotify: true }, ['amina']],
    ['nothing', { q: null, type: null, userId: null }, LISTED.map(c => c.id)],
  ])('leaves by %s those that it is about', async (_what, filter, expected) => {
    for (const field of CONTACT_ORDER_FIELDS) {
      const found = await ids({ filter, orderBy: { field, direction: 'ASC' } });
      expect([...found].sort()).toEqual([...expected].sort());
    }
    expect(await pages.list({ filter }).totalCount()).toBe(expected.length);
  });

  test.each([
    ['an empty list', { type: [] }, 'type'],
    ['501 values', { userId: Array.from({ length: 501 }, String) }, 'userId'],
    ['a blank text', { q: ' ' }, 'q'],
    ['a text of 1,001 characters', { q: 'x'.repeat(1_001) }, 'q'],
  ])('refuses %s', (_what, filter, field) => {
    let issues: unknown;
    try {
      pages.list({ filter });
    } catch (error) {
      if (error instanceof Refusal) issues = error.details['issues'];
    }
    expect(issues).toMatchObject([{ path: ['filter', field] }]);
  });
});

const ORDERS: readonly ContactOrder[] = CONTACT_ORDER_FIELDS.flatMap(field =>
  SORT_DIRECTIONS.map(direction => ({ field, direction })),
);

describe.each(ORDERS)('by $field $direction', orderBy => {
  const { field, direction } = orderBy;
  const valueOf = (each: ContactState): string | number | null => {
    if (field === 'ID') return each.id;
    if (field === 'NAME') return each.name;
    return (field === 'CREATED_AT' ? each.createdAt : each.updatedAt).getTime();
  };
  const sign = direction === 'ASC' ? 1 : -1;
  const compared = (a: string | number, b: string | number): number => (a === b ? 0 : a < b ? -1 : 1);
  const expected = [...LISTED]
    .sort((a, b) => {
      const [x, y] = [valueOf(a), valueOf(b)];
      if (x === null && y !== null) return 1;
      if (y === null && x !== null) return -1;
      return sign * ((x === null || y === null ? 0 : compared(x, y)) || compared(a.id, b.id));
    })
    .map(({ id }) => id);

  test('contacts stand in that order, those without a name last', async () => {
    expect(await ids({ orderBy })).toEqual(expected);
    expect(await ids({ orderBy, offset: 2, first: 2 })).toEqual(expected.slice(2, 4));
  });

  test.each(['forward', 'backward'])('cursors walk it %s, each contact once', async way => {
    const walked: string[] = [];
    let cursor: string | null = null;
    for (let step = 0; step < 10; step += 1) {
      const args = way === 'forward' ? { first: 1, after: cursor } : { last: 1, before: cursor };
      const page = pages.list({ orderBy, ...args });
      const [edge] = await page.edges();
      if (edge === undefined) break;
      walked.push(edge.node.id);
      cursor = edge.cursor;
      const { hasNextPage, hasPreviousPage } = page.pageInfo();
      const index = expected.indexOf(edge.node.id);
      expect(await hasNextPage).toBe(index < expected.length - 1);
      expect(await hasPreviousPage).toBe(index > 0);
    }
    expect(way === 'forward' ? walked : walked.reverse()).toEqual(expected);
  });
});

test('a cursor of another order, or of messages, is refused', async () => {
  const [edge] = await pages.list({}).edges();
  const after = edge?.cursor ?? '';
  expect(() => pages.list({ after, orderBy: { field: 'ID', direction: 'ASC' } })).toThrow(/cursor/);
});

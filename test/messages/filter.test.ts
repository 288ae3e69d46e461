import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Message } from '../../src/messages/message.entity';
import { matchesFilter, type MessageFilter } from '../../src/messages/lists/message.filter';
import { MESSAGE_STATUSES } from '../../src/messages/message.kinds';
import { WEEKLY } from '../support/random-messages';
import { incoming, openStore, outgoing, type TestStore } from '../support/store';

const STORED = ['plain', 'archived', 'reply', 'sent', 'repeating'];
const everything: MessageFilter = { direction: ['INCOMING', 'OUTGOING'], status: MESSAGE_STATUSES };
const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second));

let store: TestStore;
let stored: readonly Message[];

beforeAll(async () => {
  store = await openStore();
  stored = await store.insert([
    incoming({ title: 'plain', contactId: 'c1', dataProviderId: 'sms', createdAt: at(1), updatedAt: at(1) }),
    incoming({ title: 'archived', status: 'ARCHIVED', type: 'COMMENT', dataFeedId: 'f1', createdAt: at(2) }),
    outgoing({
      title: 'reply',
      parentId: 1,
      channels: ['MAIL', 'SMS'],
      recipientIds: ['u1', 'u2'],
      sendAt: at(3),
    }),
    outgoing({
      title: 'sent',
      status: 'SENT',
      postId: 'p1',
      sentAt: at(4),
      recipientIds: ['u2'],
      updatedAt: at(9),
    }),
    outgoing({ title: 'repeating', channels: ['DISCORD_PUBLIC'], contactId: 'Å', schedule: WEEKLY }),
  ]);
});
afterAll(() => store.close());

/** The titles of what a filter finds in the store, where `matchesFilter` must agree. */
async function titlesOf(filter: MessageFilter | null | undefined): Promise<readonly (string | null)[]> {
  const found = await store.pages.list({ filter, orderBy: { field: 'ID', direction: 'ASC' } }).nodes();
  const titles = found.map(message => message.title);
  expect(stored.filter(message => matchesFilter(filter, message)).map(message => message.title)).toEqual(
    titles,
  );
  return titles;
}

describe('each condition', () => {
  test.each<[string, MessageFilter, readonly string[]]>([
    ['nothing more', {}, ['plain', 'archived', 'reply', 'sent', 'repeating']],
    ['one id', { id: ['3'] }, ['reply']],
    ['ids, in any order and twice', { id: ['4', '1', '4'] }, ['plain', 'sent']],
    ['ids that name nothing', { id: ['0', '-1', '01', ' 1', '1.0', '1e0', '', 'x', '9007199254740992'] }, []],
    ['an id that names nothing beside one that does', { id: ['x', '2', '99'] }, ['archived']],
    ['text of the title', { q: 'PLAI' }, ['plain']],
    ['a type', { type: ['COMMENT'] }, ['archived']],
    ['types', { type: ['COMMENT', 'REPORT'] }, ['plain', 'archived']],
    ['all types', { type: ['REPORT', 'REVISION', 'COMMENT', 'ALERT'] }, STORED],
    ['a direction', { and: [{ direction: ['OUTGOING'] }] }, ['reply', 'sent', 'repeating']],
    ['a status', { status: ['SENT'] }, ['sent']],
    ['statuses', { status: ['ARCHIVED', 'SENT'] }, ['archived', 'sent']],
    ['a channel', { channel: ['MAIL'] }, ['reply']],
    ['channels', { channel: ['MAIL', 'DISCORD_PUBLIC'] }, ['reply', 'repeating']],
    ['a channel whose name begins like another', { channel: ['DISCORD_PRIVATE'] }, []],
    ['a recipient', { recipientId: ['u2'] }, ['reply', 'sent']],
    ['recipients', { recipientId: ['u1', 'u3'] }, ['reply']],
    ['a recipient whose name is a part of one', { recipientId: ['u'] }, []],
    ['a parent', { parentId: ['1'] }, ['reply']],
    ['a parent that names nothing', { parentId: ['01', 'null'] }, []],
    ['a contact', { contactId: ['c1'] }, ['plain']],
    ['a contact in another case', { contactId: ['C1'] }, []],
    ['a contact in another normal form', { contactId: ['A\u030a'] }, ['repeating']],
    ['contacts', { contactId: ['c1', 'Å'] }, ['plain', 'repeating']],
    ['contacts that no message can have', { contactId: ['', '\ud800', 'c1\u0000', 'x'.repeat(400)] }, []],
    ['a post', { postId: ['p1'] }, ['sent']],
    ['a data feed', { dataFeedId: ['f1'] }, ['archived']],
    ['a data provider', { dataProviderId: ['sms'] }, ['plain']],
    ['what repeats', { repeats: true }, ['repeating']],
    ['what does not', { repeats: false }, ['plain', 'archived', 'reply', 'sent']],
    ['to be sent from', { sendAt: { gte: at(3) } }, ['reply']],
    ['to be sent after', { sendAt: { gt: at(3) } }, []],
    ['to be sent until', { sendAt: { lte: at(3) } }, ['reply']],
    ['to be sent before', { sendAt: { lt: at(3) } }, []],
    ['to be sent between', { sendAt: { gt: at(2), lt: at(4) } }, ['reply']],
    ['not to be sent at a time', { sendAt: { isNull: true } }, ['plain', 'archived', 'sent', 'repeating']],
    ['sent', { sentAt: { isNull: false } }, ['sent']],
    ['sent and not sent', { sentAt: { isNull: true, gt: at(0) } }, []],
    ['created between', { createdAt: { gte: at(1), lt: at(2) } }, ['plain']],
    ['created never', { createdAt: { isNull: true } }, []],
    ['changed at', { updatedAt: { gte: at(9), lte: at(9) } }, ['sent']],
    ['a range without bounds', { sendAt: {}, sentAt: { gt: null, isNull: undefined } }, STORED],
    [
      'fields that are null',
      { id: null, q: null, type: null, repeats: null, sendAt: null, or: null, not: null },
      STORED,
    ],
    ['two fields', { type: ['ALERT'], repeats: false }, ['reply', 'sent']],
    ['not: an empty field', { not: { contactId: ['c1'] } }, ['archived', 'reply', 'sent', 'repeating']],
    [
      'not: an instant that is not there',
      { not: { sendAt: { gt: at(0) } } },
      ['plain', 'archived', 'sent', 'repeating'],
    ],
    ['not: a parent', { not: { parentId: ['1'] } }, ['plain', 'archived', 'sent', 'repeating']],
    ['not: nothing', { not: {} }, []],
    ['or', { or: [{ type: ['COMMENT'] }, { repeats: true }] }, ['archived', 'repeating']],
    ['or: with nothing', { or: [{ type: ['COMMENT'] }, {}] }, STORED],
    ['and', { and: [{ type: ['ALERT'] }, { not: { repeats: true } }] }, ['reply', 'sent']],
    [
      'and, or and not, 4 deep',
      { and: [{ or: [{ not: { and: [{ type: ['ALERT'] }] } }] }] },
      ['plain', 'archived'],
    ],
  ])('%s', async (_what, filter, titles) => {
    expect(await titlesOf({ ...everything, ...filter })).toEqual(titles);
  });

  test('holds of messages as they are read, without their schedules', async () => {
    const filter = { ...everything, repeats: true };
    const found = await store.pages.list({ filter }).nodes();
    expect(found.map(message => matchesFilter(filter, message))).toEqual([true]);
  });
});

describe('the defaults', () => {
  test.each<[string, MessageFilter | null | undefined, readonly string[]]>([
    ['no filter: what is INCOMING and not ARCHIVED', undefined, ['plain']],
    ['null', null, ['plain']],
    ['an empty filter', {}, ['plain']],
    ['another field', { repeats: false }, ['plain']],
    ['direction null', { direction: null, status: null }, ['plain']],
    [
      'a direction: still not ARCHIVED',
      { direction: ['INCOMING', 'OUTGOING'] },
      ['plain', 'reply', 'sent', 'repeating'],
    ],
    ['a status: still INCOMING', { status: ['ARCHIVED', 'PENDING'] }, ['archived']],
    ['both', { direction: ['OUTGOING'], status: ['SENT'] }, ['sent']],
    ['a direction within and', { and: [{ direction: ['OUTGOING'] }] }, ['reply', 'sent', 'repeating']],
    [
      'a direction within or, even in one part',
      { or: [{ direction: ['OUTGOING'] }, { q: 'plain' }] },
      [...['plain', 'reply', 'sent', 'repeating']],
    ],
    ['a direction within not', { not: { direction: ['INCOMING'] } }, ['reply', 'sent', 'repeating']],
    ['a status within not', { not: { status: ['RECEIVED'] } }, ['archived']],
    ['a null direction within not', { not: { not: { direction: null } } }, ['plain']],
    [
      'a status far down',
      { or: [{ and: [{ not: { not: { status: ['SENT'] } } }] }, {}] },
      ['plain', 'archived'],
    ],
    ['an id lifts both', { id: ['2', '4'] }, ['archived', 'sent']],
    ['an id does not stop a status', { id: ['2', '4'], status: ['SENT'] }, ['sent']],
    ['an id that names nothing', { id: ['x'] }, []],
    ['an id that is null lifts nothing', { id: null }, ['plain']],
    ['an id further down lifts nothing', { and: [{ id: ['2'] }] }, []],
  ])('%s', async (_what, filter, titles) => {
    expect(await titlesOf(filter)).toEqual(titles);
  });
});

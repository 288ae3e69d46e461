import { describe, expect, test } from '@jest/globals';
import { sqliteDialect } from '../../src/platform/database/sqlite-dialect';
import { compileFilter, filterIssues, type MessageFilter } from '../../src/messages/lists/message.filter';

const issuesOf: (filter: MessageFilter) => unknown = filterIssues;

function pathsOf(filter: MessageFilter): readonly string[] {
  return (issuesOf(filter) as { path: string[] }[]).map(({ path }) => path.join('.'));
}

const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
const nested = (depth: number): MessageFilter =>
  depth === 0 ? { type: ['ALERT'] } : { not: nested(depth - 1) };

describe('what a filter may be', () => {
  test.each<[string, MessageFilter, readonly string[]]>([
    ['a list of 500 values', { contactId: values(500) }, []],
    ['a list of 501 values', { contactId: values(501) }, ['filter.contactId']],
    ['an empty list', { id: [] }, ['filter.id']],
    ['an empty list of names', { status: [] }, ['filter.status']],
    ['an empty and', { and: [] }, ['filter.and']],
    ['an empty or', { or: [] }, ['filter.or']],
    ['an or of 501 parts', { or: Array.from({ length: 501 }, () => ({})) }, ['filter.or']],
    ['an or of 500 parts that say nothing', { or: Array.from({ length: 500 }, () => ({})) }, []],
    ['an empty not', { not: {} }, []],
    ['4 levels', nested(4), []],
    ['5 levels', nested(5), ['filter.not.not.not.not.not']],
    ['50 conditions', { and: Array.from({ length: 50 }, () => ({ repeats: true })) }, []],
    ['51 conditions', { and: Array.from({ length: 51 }, () => ({ repeats: true })) }, ['filter']],
    [
      '51 conditions in many places',
      { q: 'x', or: values(25).map(q => ({ not: { q, repeats: true } })) },
      ['filter'],
    ],
    ['50 conditions in many places', { or: values(25).map(q => ({ not: { q, repeats: true } })) }, []],
    ['a null, which does not count', { and: values(60).map(() => ({ repeats: null })) }, []],
    ['1,000 characters', { q: '😀'.repeat(1_000) }, []],
    ['1,001 characters', { q: 'x'.repeat(1_001) }, ['filter.q']],
    ['CRLF, which counts once', { q: '\r\n'.repeat(499) + 'ab' }, []],
    ['a blank text', { q: ' \t\n\u3000' }, ['filter.q']],
    ['no text', { q: '' }, ['filter.q']],
    ['a control character', { q: 'a\u0000b' }, ['filter.q']],
    ['the separator of title and message', { q: 'title\u001fmessage' }, ['filter.q']],
    ['half a character', { q: '\ud83d' }, ['filter.q']],
    [
      'many things at once',
      { id: [], and: [{ status: [] }, { q: '' }], or: [], not: { not: { channel: [] } } },
      ['filter.id', 'filter.and.0.status', 'filter.and.1.q', 'filter.or', 'filter.not.not.channel'],
    ],
  ])('%s', (_what, filter, paths) => {
    expect(pathsOf(filter)).toEqual(paths);
  });

  test('a refusal says what is allowed, and never the value', () => {
    expect(issuesOf({ id: [], q: 'secret\u0007', contactId: values(501) })).toEqual([
      { path: ['filter', 'id'], message: 'must not be empty; leave it out for no such condition' },
      { path: ['filter', 'q'], message: 'must not hold control characters other than tab and newline' },
      { path: ['filter', 'contactId'], message: 'must hold at most 500 values' },
    ]);
  });

  test('no value of the caller is part of the SQL', () => {
    const hostile = `'); drop table messages; --`;
    const list = [hostile, `${hostile}2`];
    const { where } = compileFilter(sqliteDialect, {
      ...{ q: hostile, contactId: list, postId: [hostile], dataFeedId: list, dataProviderId: list },
      ...{ recipientId: list, id: list, parentId: list },
      type: [hostile as 'ALERT', 'REPORT'],
      status: [hostile as 'SENT', 'PENDING'],
      channel: [hostile as 'SMS', 'MAIL'],
      direction: [hostile as 'OUTGOING', 'INCOMING'],
    });
    expect(where.sql).not.toContain('drop');
  });
});

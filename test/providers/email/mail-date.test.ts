import { describe, expect, test } from '@jest/globals';
import { parseMailDate } from '../../../src/providers/kinds/email/email.headers.rules';

describe('The date of a mail', () => {
  test.each([
    ['as RFC 5322 writes it', 'Sun, 01 Mar 2026 15:00:00 +0300', '2026-03-01T12:00:00.000Z'],
    ['without the day of the week', '1 Mar 2026 12:00:00 -0000', '2026-03-01T12:00:00.000Z'],
    ['without seconds', 'Sun, 1 Mar 2026 12:00 GMT', '2026-03-01T12:00:00.000Z'],
    ['with a comment behind it', 'Sun, 1 Mar 2026 15:00:00 +0300 (EAT)', '2026-03-01T12:00:00.000Z'],
    ['with half an hour', 'Sun, 1 Mar 2026 17:30:00 +0530', '2026-03-01T12:00:00.000Z'],
    ['with the name of a zone', 'Sun, 1 Mar 2026 07:00:00 EST', '2026-03-01T12:00:00.000Z'],
    ['with a name that nobody knows', 'Sun, 1 Mar 2026 12:00:00 EAT', '2026-03-01T12:00:00.000Z'],
    ['without a zone, which is UTC wherever we are', 'Sun, 1 Mar 2026 12:00:00', '2026-03-01T12:00:00.000Z'],
    ['with two digits of this century', 'Sun, 1 Mar 26 12:00:00 +0000', '2026-03-01T12:00:00.000Z'],
    ['with two digits of the last', '1 Mar 96 12:00:00 +0000', '1996-03-01T12:00:00.000Z'],
    ['with a long month', 'Sunday, 1 March 2026 12:00:00 +0000', '2026-03-01T12:00:00.000Z'],
    ['with dashes', '01-Mar-2026 12:00:00 +0000', '2026-03-01T12:00:00.000Z'],
    ['with a leap second', 'Sat, 31 Dec 2016 23:59:60 +0000', '2017-01-01T00:00:00.000Z'],
    ['of ISO 8601', '2026-03-01T15:00:00+03:00', '2026-03-01T12:00:00.000Z'],
  ])('is read %s', (_how, text, expected) => {
    expect(parseMailDate(text)?.toISOString()).toBe(expected);
  });

  test.each([
    '',
    'yesterday',
    '31 Apr 2026 12:00:00 +0000',
    '1 Foo 2026 12:00:00',
    '1 Mar 2026 25:00:00',
    '1 Mar 2026 12:99',
  ])('is none: %j', text => {
    expect(parseMailDate(text)).toBeNull();
  });
});

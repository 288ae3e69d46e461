import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONTACT_TYPES } from '../../src/contacts/contact.kinds';
import { contactKey, MAX_ADDRESS_LENGTH, mendedAddress } from '../../src/contacts/contact.key.rules';

describe('the key of a phone', () => {
  test.each([
    ['a number with its country', '+254 700 000 001', null, '+254700000001'],
    ['one with the prefix of calls abroad', '00254 700-000-001', null, '+254700000001'],
    ['one without the plus, where numbers are international', '254700000001', null, '+254700000001'],
    ['one without the plus, where a region is set', '254700000001', 'KE', '+254700000001'],
    ['a number of the region', '0700 000 001', 'KE', '+254700000001'],
    ['one in digits of another script', '٠٧٠٠٠٠٠٠٠١', 'KE', '+254700000001'],
    ['one of another country, whatever the region', '+254700000001', 'US', '+254700000001'],
    ['a number of the region with brackets', '(202) 555-0143', 'US', '+12025550143'],
    ['one of the region, where none is known', '0700 000 001', null, '0700000001'],
    ['one that no country has', '+999 12-34-56 78', null, '+99912345678'],
    ['a short code', '40404', 'US', '40404'],
    ['a short code as long as some numbers', '40404', 'DE', '40404'],
    ['a name', 'MPESA', 'KE', 'mpesa'],
    ['a name with digits', 'Bank 24', 'KE', 'bank 24'],
    ['nothing at all', ' ', 'KE', '\ufffd'],
    ['nothing but a dash', ' - ', 'KE', '-'],
    ['nothing but a bracket', '(', null, '('],
    ['a number with an extension', '+1 (202) 555-0143 #99', null, '+12025550143;ext=99'],
    ['one in other words', '202-555-0143 ext. 99', 'US', '+12025550143;ext=99'],
    ['a code that ends like an extension', '*141#', 'KE', '*141#'],
    ['a number with a wide plus', '＋254700000001', null, '+254700000001'],
    ['a number with two pluses', '++254700000001', null, '+254700000001'],
    ['a Mexican mobile as WhatsApp has it', '5215512345678', null, '+525512345678'],
    ['the same with its region', '5215512345678', 'MX', '+525512345678'],
    ['an Argentine mobile as dialled there', '+54 11 15 2345-6789', null, '+5491123456789'],
    ['a region that there is not', '+254700000001', 'XX', '+254700000001'],
  ])('of %s', (_what, address, region, key) => {
    expect(contactKey('PHONE', address, region)).toBe(key);
    expect(contactKey('WHATSAPP', address, region)).toBe(key);
  });
});

describe('the key of a mail address', () => {
  test.each<readonly string[]>([
    ['keeps what stands before the @', 'Amina.K@Example.ORG', 'Amina.K@example.org'],
    ['writes a domain of other letters in one form', 'amina@Bücher.example', 'amina@xn--bcher-kva.example'],
    ['takes the last @', '"a@b"@EXAMPLE.org', '"a@b"@example.org'],
    ['leaves a domain alone that is none', 'amina@not a domain', 'amina@not a domain'],
    ...[
      ...['victim@example.org/evil', 'victim@example.org?x', 'victim@example.org#y', 'victim@example%2eorg'],
      ...['victim@0x7f.1', 'victim@127.1', 'victim@example.org:25', 'victim@[::1]', 'victim@example.org\\x'],
    ].map(text => [`takes no other for its own: ${text}`, text, text]),
    ['leaves a numbered host alone', 'victim@127.0.0.1', 'victim@127.0.0.1'],
    ['leaves a text alone that is no address', ' amina ', 'amina'],
  ])('%s', (_what, address = '', key = '') => {
    expect(contactKey('EMAIL', address)).toBe(key);
  });
});

describe('any key', () => {
  test('is the address itself, trimmed, where the type has no other ways to write it', () => {
    for (const type of ['TELEGRAM', 'DISCORD', 'OTHER'] as const) {
      expect(contactKey(type, ' Amina#0001 ')).toBe('Amina#0001');
    }
  });

  test('shows what cannot be shown as U+FFFD', () => {
    expect(contactKey('OTHER', 'a\u0000b\ud800c')).toBe('a\ufffdb\ufffdc');
    expect(mendedAddress('a\tb')).toBe('a\ufffdb');
  });

  test('is the same for both ways to compose a letter', () => {
    expect(contactKey('OTHER', 'e\u0301')).toBe(contactKey('OTHER', 'é'));
  });

  test('of a text that is too long tells it from others that begin alike', () => {
    const long = 'x'.repeat(10_000);
    const [one, other] = [contactKey('OTHER', `${long}1`), contactKey('OTHER', `${long}2`)];
    expect(one).toHaveLength(MAX_ADDRESS_LENGTH);
    expect(one).not.toBe(other);
  });

  const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789+ -().٣०')), maxLength: 25 });
  const mail = fc
    .tuple(fc.string(), fc.constantFrom('Example.org', 'ß.de', '%41.de', '127.1', 'xn--a', '[::1]'))
    .map(([local, domain]) => `${local}@${domain}`);
  const hostile = fc.string({
    unit: fc.constantFrom(
      ...[
        'a',
        'B',
        '@',
        '.',
        '+',
        '0',
        '7',
        '00',
        '254',
        'Ⓐ',
        'İ',
        'ß',
        'ı',
        '１',
        '٠',
        '😀',
        '\u200b',
        '\ufeff',
        '-',
        '(',
        ' ',
      ],
      ...[
        ';ext=',
        'x',
        '#',
        'ﬁ',
        'Σ',
        'ς',
        'e',
        '\u0301',
        '\u00ad',
        'Ａ',
        'xn--',
        'ü',
        'tel:',
        ',',
        '/',
        '\u3000',
        '\u0345',
        '%',
      ],
      ...['。', '~', '＋', '521', '\u0338'],
    ),
    maxLength: 400,
    size: 'max',
  });
  const any = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 400 }), digits, mail);
  const region = fc.constantFrom(null, 'KE', 'US', 'DE', 'IT', 'AR', 'MX', 'XX');

  test.each(CONTACT_TYPES)('is its own key: %s', type => {
    fc.assert(
      fc.property(any, region, region, (address, first, second) => {
        const key = contactKey(type, address, first);
        expect(contactKey(type, key, first)).toBe(key);
        expect(Array.from(key).length).toBeLessThanOrEqual(MAX_ADDRESS_LENGTH);
        expect(key).not.toMatch(/\p{Surrogate}/u);
        // A number that has its country is the same wherever it is read.
        if (key.startsWith('+')) expect(contactKey(type, key, second)).toBe(key);
      }),
      { numRuns: 2_000 },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cleanText,
  foldCase,
  mendedForm,
  normalForm,
  pilesUp,
  textIssue,
  unkeepableIssue,
} from '../../src/platform/text.rules';
import { processorMs } from '../support/processor-time';

/** Every code point but surrogates, thick with those whose case or form is peculiar. */
const peculiar = fc.constantFrom(
  ...Array.from('ßẞΣσςΧıİiIſKÅµŉǰΐﬁﬀևᾳᾼ\u0307\u0301\u0345Ꭰꭰᏸᲀ가\u1100\u1161\u11a8e\u212a\u{10400}\u{1e900}'),
);
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: peculiar }));

describe('cleaning', () => {
  test.each([
    ['CRLF', 'a\r\nb', 'a\nb'],
    ['a lone CR', 'a\rb', 'a\nb'],
    ['CR before CRLF', 'a\r\r\nb', 'a\n\nb'],
    ['LF before CR', 'a\n\rb', 'a\n\nb'],
    ['a letter and its accent', 'e\u0301', 'é'],
    ['the Ångström sign', '\u212B', 'Å'],
    ['a ligature, which NFC leaves alone', 'ﬁ', 'ﬁ'],
    ['tabs and spaces, which are kept', ' \ta ', ' \ta '],
    ['nothing', '', ''],
  ])('%s', (_what, value, cleaned) => {
    expect(cleanText(value)).toBe(cleaned);
  });

  test('a cleaned text stays as it is when it is cleaned again', () => {
    const withBreaks = fc.string({ unit: fc.oneof(peculiar, fc.constantFrom('\r', '\n', 'a')) });
    fc.assert(
      fc.property(fc.oneof(anyText, withBreaks), value => {
        expect(cleanText(cleanText(value))).toBe(cleanText(value));
      }),
    );
  });
});

describe('what a text may be', () => {
  const blank = 'must not be blank';
  const control = 'must not hold control characters other than tab and newline';
  const surrogate = 'must not hold half a character (a lone surrogate)';

  test.each([
    ['a word', 'word', null],
    ['tab and newline', 'a\tb\nc', null],
    ['nothing', '', blank],
    ['spaces, tabs and newlines alone', ' \t\n ', blank],
    ['no-break, ideographic and em spaces alone', '\u00a0\u3000\u2003\u2028', blank],
    ['NUL', 'a\u0000b', control],
    ['escape', 'a\u001bb', control],
    ['vertical tab', 'a\u000bb', control],
    ['CR, which cleaning would have turned', 'a\rb', control],
    ['DEL', 'a\u007fb', control],
    ['a C1 control character', 'a\u0085b', control],
    ['a high surrogate alone', 'a\ud83db', surrogate],
    ['a low surrogate alone', '\ude00', surrogate],
    ['surrogates the wrong way round', '\ude00\ud83d', surrogate],
    ['an emoji', '😀', null],
    ['a zero-width joiner, which emojis need', '👩\u200d🚀', null],
    ['a private or unassigned character', '\ue000\u{10ffff}', null],
  ])('%s', (_what, value, issue) => {
    expect(textIssue(value, { max: 10 })).toBe(issue);
  });

  test('may be blank where that is allowed, even if it is empty', () => {
    expect(textIssue('', { max: 10, mayBeBlank: true })).toBeNull();
    expect(textIssue(' \n', { max: 10, mayBeBlank: true })).toBeNull();
    expect(textIssue('\u0001', { max: 10, mayBeBlank: true })).toBe(control);
  });

  test.each(['a\tb', 'a\nb', 'a\u0000b'])('an id holds neither tab nor newline: %j', value => {
    expect(textIssue(value, { max: 10, multiline: false })).toBe(
      'must not hold control characters, tabs or newlines',
    );
  });

  test.each([
    ['as many letters as allowed', 'a'.repeat(10), null],
    ['one letter more', 'a'.repeat(11), 'must have at most 10 characters'],
    ['as many emojis as allowed, though twice as many UTF-16 units', '😀'.repeat(10), null],
    ['one emoji more', '😀'.repeat(11), 'must have at most 10 characters'],
    ['a mixture that just fits', `${'😀'.repeat(9)}a`, null],
    ['a mixture that just does not', `${'😀'.repeat(5)}${'a'.repeat(6)}`, 'must have at most 10 characters'],
    [
      'too many lone surrogates, each of which counts',
      '\ud83d'.repeat(11),
      'must have at most 10 characters',
    ],
  ])('the limit counts code points: %s', (_what, value, issue) => {
    expect(textIssue(value, { max: 10 })).toBe(issue);
  });

  test('the limit counts code points as iteration does, for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(12), (value, max) => {
        const tooLong = textIssue(value, { max, mayBeBlank: true })?.includes('at most') ?? false;
        expect(tooLong).toBe(Array.from(value).length > max);
      }),
    );
  });

  test('no reason ever holds the text', () => {
    fc.assert(
      fc.property(anyText, fc.nat(20), (value, max) => {
        const secret = `§${value}§`;
        expect(textIssue(secret, { max }) ?? '').not.toContain(secret);
        expect(textIssue(secret, { max }) ?? '').not.toContain('§');
      }),
    );
  });

  test('a text of a hundred megabytes is refused at once', () => {
    const huge = '😀a'.repeat(35_000_000);
    expect(textIssue(huge, { max: 65_535 })).toBe('must have at most 65535 characters');
    expect(processorMs(() => textIssue(huge, { max: 65_535 }))).toBeLessThan(500);
  });
});

test.each([
  ['', null],
  ['a\u0001\u001b😀\uffff', null],
  ['a\0', 'must not hold U+0000'],
  ['\ud83d', 'must not hold half a character (a lone surrogate)'],
  ['\ude00\ud83d', 'must not hold half a character (a lone surrogate)'],
])('whether %j can be kept as it is: %j', (value, issue) => {
  expect(unkeepableIssue(value)).toBe(issue);
});

describe('marks that pile up', () => {
  const refusal = 'must not pile up more than 100 combining marks on one character';
  /** One after the other, so that normal form has to put them in another order. */
  const pile = (marks: number): string => '\u0301\u0316'.repeat(marks / 2);

  test.each([
    ['as many as anybody may want', `a${pile(100)}b`, null],
    ['two more', `a${pile(102)}b`, refusal],
    ['on nothing', pile(102), refusal],
    ['behind many letters', `${'x'.repeat(5_000)}${pile(102)}`, refusal],
    ['of two UTF-16 units each', `a${'\u{1d165}'.repeat(100)}`, null],
    ['one more of these', `a${'\u{1d165}'.repeat(101)}`, refusal],
    ['that become two in normal form', '\u0344'.repeat(51), refusal],
    ['many on each of many letters', `a${pile(100)}`.repeat(50), null],
    ['parted as mending does', `a${pile(100)}\u034f${pile(100)}`, null],
  ])('%s', (_what, value, issue) => {
    expect(textIssue(cleanText(value), { max: 10_000 })).toBe(issue);
  });

  /** Thick with long piles, of lengths around the limit. */
  const piled = fc
    .array(
      fc.oneof(
        fc.nat(230).map(marks => '\u0316'.repeat(marks)),
        fc.nat(110).map(pile),
        fc.nat(130).map(marks => '\u{1d165}'.repeat(marks)),
        fc.nat(60).map(marks => '\u0344'.repeat(marks)),
        fc.constantFrom('a', 'é', '\u034f', '\u{1f600}', 'İ', 'x'.repeat(99), '\u{1d15e}'),
      ),
      { maxLength: 8 },
    )
    .map(pieces => pieces.join(''));

  test('are seen wherever they stand', () => {
    fc.assert(
      fc.property(piled, text => {
        expect(pilesUp(text)).toBe(/(?:(?!\u034f)\p{Mark}){101}/u.test(text));
      }),
    );
  });

  test('are parted by mending, once and for all, and nothing else is changed', () => {
    fc.assert(
      fc.property(piled, text => {
        const mended = mendedForm(text);
        expect(pilesUp(mended)).toBe(false);
        expect(mendedForm(mended)).toBe(mended);
        expect(mended).toBe(mended.normalize('NFC'));
        if (!pilesUp(text.normalize('NFC'))) expect(mended).toBe(text.normalize('NFC'));
      }),
    );
  });

  test('change nothing of what normal form is to all other texts', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect([normalForm(text), mendedForm(text)]).toEqual([text.normalize('NFC'), text.normalize('NFC')]);
      }),
    );
  });

  test.each([
    ['cleaned', cleanText],
    ['mended', mendedForm],
    ['folded', foldCase],
  ])('are %s in no time, even if there are a million', (_what, work) => {
    const huge = `é${'\u0301'.repeat(500_000)}${'\u0316'.repeat(500_000)}`;
    expect(processorMs(() => work(huge))).toBeLessThan(3_000);
  });
});

describe('folding case', () => {
  test.each([
    ['ASCII', 'Hello, World! 42', 'hello, world! 42'],
    ['umlauts', 'ÜBER', 'über'],
    ['an umlaut in two parts', 'U\u0308BER', 'über'],
    ['sharp s', 'Straße', 'strasse'],
    ['capital sharp s', 'STRAẞE', 'strasse'],
    ['final sigma', 'ὈΔΥΣΣΕΎΣ ὀδυσσεύς', 'ὀδυσσεύσ ὀδυσσεύσ'],
    ['a sigma alone', 'Σσς', 'σσσ'],
    ['Kelvin and Ångström signs', '\u212a\u212b', 'kå'],
    ['micro sign', '\u00b5', '\u03bc'],
    ['long s', 'ſ', 's'],
    ['ligatures', 'ﬁ ﬀ ﬃ ﬆ', 'fi ff ffi st'],
    ['an n after an apostrophe', 'ŉ', 'ʼn'],
    ['digraphs with three cases', 'Ǆ ǅ ǆ', 'ǆ ǆ ǆ'],
    ['dotless i, which stays itself', 'ıIı', 'ıiı'],
    ['capital i with dot, which keeps its dot', 'İ', 'i\u0307'],
    ['j with caron, which has no capital of its own', 'ǰ', 'ǰ'],
    ['iota below', 'ᾳ ᾼ ΑΙ', 'αι αι αι'],
    ['iota with two accents', 'ΐ', 'ΐ'],
    ['Greek symbols', 'ϐ ϑ ϕ ϖ', 'β θ φ π'],
    ['Cherokee, which folds to its capitals', 'Ꭰ ꭰ Ᏸ ᏸ', 'Ꭰ Ꭰ Ᏸ Ᏸ'],
    ['Cyrillic, old forms too', 'ПРИВЕТ ᲀ', 'привет в'],
    ['Armenian ligature', 'և', 'եւ'],
    ['Georgian', 'ᲐᲑ აბ', 'აბ აბ'],
    ['letters beyond 16 bits', '\u{10400}\u{1e900}', '\u{10428}\u{1e922}'],
    ['scripts without case', '東京 ไทย عربي', '東京 ไทย عربي'],
    ['nothing', '', ''],
  ])('%s', (_what, value, folded) => {
    expect(foldCase(value)).toBe(folded);
  });

  test.each([
    ['über', 'Flug ÜBER Wien'],
    ['STRASSE', 'Hauptstraße 5'],
    ['σίσυφοσ', 'ΣΊΣΥΦΟΣ'],
    ['ΣΊΣΥΦΟΣ', 'Σίσυφος!'],
    ['ΣΊΣ', 'Σίσυφος'],
    ['OFFICE', 'oﬃce'],
    ['20 k', '20 \u212a'],
  ])('%s is found in %s', (query, text) => {
    expect(foldCase(text)).toContain(foldCase(query));
  });

  test('a folded text stays as it is when it is folded again', () => {
    fc.assert(
      fc.property(anyText, value => {
        expect(foldCase(foldCase(value))).toBe(foldCase(value));
      }),
    );
  });

  test('the parts of every text fold to what they are in the whole, up to normalisation', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (a, b, c) => {
        expect(foldCase(a + b + c)).toBe((foldCase(a) + foldCase(b) + foldCase(c)).normalize('NFC'));
      }),
    );
  });

  test('every part of a text is found in it', () => {
    // Marks and Hangul letters join what stands before them: `e` is rightly not found in `é`. So the texts here
    // are of characters that never join a neighbour, neither as they are nor folded.
    const apart = Array.from('aIkSßẞΣσςΧıİſKÅµﬁﬀևᾼÜüПпꭰᏸᲀ東\u{10400}\u{1e900}😀 .%_"*\\');
    const text = fc.string({ unit: fc.constantFrom(...apart) });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(foldCase(a + b + c)).toContain(foldCase(b));
      }),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  hashToken,
  isSameHash,
  makeToken,
  parseExpiry,
  tokenNameProblem,
  tokenState,
} from '../../src/auth/token.rules';
import { isWellFormed } from './token-form';

const random = fc.uint8Array({ minLength: 32, maxLength: 32 });
const DIGITS = /[0-9A-Za-z]/;

describe('a token', () => {
  test('has a prefix, 43 characters and a checksum, whatever it is made of', () => {
    fc.assert(
      fc.property(random, bytes => {
        const token = makeToken(bytes);
        expect(token).toMatch(/^hg_[0-9A-Za-z]{49}$/);
        expect(isWellFormed(token)).toBe(true);
      }),
    );
  });

  test('is as long for the smallest and the largest number', () => {
    expect(makeToken(new Uint8Array(32))).toMatch(/^hg_0{43}.{6}$/);
    expect(makeToken(new Uint8Array(32).fill(255))).toHaveLength(52);
  });

  test('differs where its random bytes differ', () => {
    fc.assert(
      fc.property(random, random, (one, other) => {
        fc.pre(!Buffer.from(one).equals(Buffer.from(other)));
        expect(makeToken(one)).not.toBe(makeToken(other));
      }),
    );
  });

  test('is known as mistyped when any one character is another', () => {
    fc.assert(
      fc.property(random, fc.nat(51), fc.string({ minLength: 1, maxLength: 1 }), (bytes, place, letter) => {
        const token = makeToken(bytes);
        fc.pre(token[place] !== letter);
        expect(isWellFormed(token.slice(0, place) + letter + token.slice(place + 1))).toBe(false);
      }),
    );
  });

  test('is known as mistyped when two neighbours change places', () => {
    fc.assert(
      fc.property(random, fc.integer({ min: 3, max: 50 }), (bytes, place) => {
        const token = makeToken(bytes);
        const [one = '', other = ''] = token.slice(place, place + 2);
        fc.pre(one !== other && DIGITS.test(one + other));
        expect(isWellFormed(token.slice(0, place) + other + one + token.slice(place + 2))).toBe(false);
      }),
    );
  });

  test.each(['', 'hg_', 'hg_abc', `${makeToken(new Uint8Array(32))}\n`, `x${makeToken(new Uint8Array(32))}`])(
    'is not %j',
    text => expect(isWellFormed(text)).toBe(false),
  );

  test('is not made of too little chance', () => {
    expect(() => makeToken(new Uint8Array(31))).toThrow(RangeError);
  });

  test('leaves a hash of 64 hexadecimal digits', () => {
    expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

test.each([
  ['same', 'same', true],
  ['same', 'Same', false],
  ['short', 'much longer', false],
])('the hashes of %s and %s are the same: %s', (one, other, expected) => {
  expect(isSameHash(hashToken(one), hashToken(other))).toBe(expected);
});

describe('the state of a token', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const earlier = new Date(now.getTime() - 1);
  const later = new Date(now.getTime() + 1);

  test.each([
    ['active without an end', { expiresAt: null, revokedAt: null }, 'active'],
    ['active before its end', { expiresAt: later, revokedAt: null }, 'active'],
    ['expired at its end', { expiresAt: now, revokedAt: null }, 'expired'],
    ['expired after its end', { expiresAt: earlier, revokedAt: null }, 'expired'],
    ['revoked', { expiresAt: later, revokedAt: earlier }, 'revoked'],
    ['revoked even if it would be expired as well', { expiresAt: earlier, revokedAt: earlier }, 'revoked'],
  ])('is %s', (_, life, expected) => {
    expect(tokenState(life, now)).toBe(expected);
  });
});

describe('an expiry', () => {
  test.each([
    ['2099-12-31', '2099-12-31T23:59:59.999Z'],
    ['2096-02-29', '2096-02-29T23:59:59.999Z'],
    ['2099-12-31T18:00:00+01:00', '2099-12-31T17:00:00.000Z'],
    ['2099-12-31T18:00Z', '2099-12-31T18:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseExpiry(text)?.toISOString()).toBe(expected);
  });

  test.each([
    '',
    'tomorrow',
    '2099-02-29',
    '2099-13-01',
    '2099-12-31T18:00:00',
    '2099-12-31T24:00:00Z',
    '31.12.2099',
    'T18:00Z',
  ])('%j is none', text => expect(parseExpiry(text)).toBeUndefined());
});

test.each([
  ['kiosk', true],
  ['😀'.repeat(100), true],
  ['x'.repeat(101), false],
  [' ', false],
  ['two\nlines', false],
  ['\u001b[31mred', false],
  ['\ud800', false],
])('the name %j will do: %s', (name, expected) => {
  expect(tokenNameProblem(name) === undefined).toBe(expected);
});

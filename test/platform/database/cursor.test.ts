import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../../src/platform/database/cursor';

const ORDER = 'TITLE ASC';
const value = fc.oneof(fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }), fc.constant(null));
const values = fc.array(value, { minLength: 1, maxLength: 3 });

describe('a cursor', () => {
  test('reads as what was written', () => {
    fc.assert(
      fc.property(values, written => {
        expect(decodeCursor(ORDER, encodeCursor(ORDER, written))).toEqual(written);
      }),
    );
  });

  test('is safe in a URL', () => {
    fc.assert(
      fc.property(values, written => {
        expect(encodeCursor(ORDER, written)).toMatch(/^[A-Za-z0-9_-]+$/);
      }),
    );
  });

  test('means nothing under another order', () => {
    fc.assert(
      fc.property(values, written => {
        expect(decodeCursor('TITLE DESC', encodeCursor(ORDER, written))).toBeNull();
      }),
    );
  });

  test('is refused when any one of its characters is another, missing or doubled', () => {
    const character = fc.oneof(
      fc.constantFrom('A', 'B', 'z', '0', '-', '_', '=', '+', '/', ' '),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(values, fc.nat(), fc.oneof(character, fc.constant('')), (written, place, other) => {
        const cursor = encodeCursor(ORDER, written);
        const at = place % cursor.length;
        const damaged = cursor.slice(0, at) + other + cursor.slice(at + 1);
        fc.pre(damaged !== cursor);
        expect(decodeCursor(ORDER, damaged)).toBeNull();
        expect(decodeCursor(ORDER, cursor.slice(0, at) + cursor.charAt(at) + cursor.slice(at))).toBeNull();
      }),
    );
  });

  test('is refused where the unused bits of its last character are set, though they change no byte', () => {
    const cursor = encodeCursor(ORDER, [10]);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twins = Array.from(alphabet, last => cursor.slice(0, -1) + last).filter(twin => twin !== cursor);
    expect(twins.map(twin => decodeCursor(ORDER, twin))).toEqual(twins.map(() => null));
  });

  test('is refused, and nothing thrown, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.string()), text => {
        expect(decodeCursor(ORDER, text)).toBeNull();
      }),
      { examples: [[''], ['\ud800'], ['\u0000'], ['A'.repeat(100_000)]] },
    );
  });

  test.each([
    '',
    'null',
    '{}',
    '[',
    '"TITLE ASC"',
    '["TITLE ASC",{}]',
    '["TITLE ASC",true]',
    '[["TITLE ASC"],1]',
    '["TITLE ASC",1.5]',
    '["TITLE ASC",1e300]',
    '["TITLE ASC",9007199254740992]',
    '["TITLE ASC","a\\u0000b"]',
    '["TITLE ASC","\\ud800"]',
  ])('is refused when somebody makes one up with a right checksum: %j', content => {
    const sum = createHash('sha256').update(content).digest().subarray(0, 6);
    const forged = Buffer.concat([sum, Buffer.from(content)]).toString('base64url');
    expect(decodeCursor(ORDER, forged)).toBeNull();
  });
});

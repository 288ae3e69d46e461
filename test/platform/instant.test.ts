import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { parseInstant } from '../../src/platform/instant';

describe('an instant', () => {
  test.each([
    ['2026-03-01T08:30:00Z', '2026-03-01T08:30:00.000Z'],
    ['2026-03-01t08:30:00z', '2026-03-01T08:30:00.000Z'],
    ['2026-03-01T08:30:00.1234567Z', '2026-03-01T08:30:00.123Z'],
    ['2026-03-01T00:30:00+05:45', '2026-02-28T18:45:00.000Z'],
    ['2024-02-29T23:59:59-23:59', '2024-03-01T23:58:59.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('is read from %s', (text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected);
  });

  test.each([
    ...['2026-03-01T08:30:00', '2026-03-01', '2026-03-01 08:30:00Z', '2026-03-01T08:30Z', '', 'now'],
    ...['2026-02-29T00:00:00Z', '2026-04-31T00:00:00Z', '2026-13-01T00:00:00Z', '2026-00-01T00:00:00Z'],
    ...['2026-03-01T24:00:00Z', '2026-03-01T08:60:00Z', '2026-03-01T23:59:60Z', '2026-03-01T08:30:00+24:00'],
    ...['2026-03-01T08:30:00.1234567890Z', '0000-12-31T23:59:59Z', '0001-01-01T00:00:00+00:01'],
    ...[
      '9999-12-31T23:59:59-00:01',
      '+12026-03-01T08:30:00Z',
      ' 2026-03-01T08:30:00Z',
      '2026-03-01T08:30:00Z\n',
    ],
    ...[0, 1_772_354_000_000, null, undefined, {}, ['2026-03-01T08:30:00Z']],
  ])('is not read from %j', value => {
    expect(parseInstant(value)).toBeNull();
  });

  test('is every one that RFC 3339 has, by the measure of another reader', () => {
    const part = (min: number, max: number) => fc.integer({ min, max }).map(n => String(n).padStart(2, '0'));
    const offset = fc.oneof(
      fc.constant('Z'),
      fc.tuple(part(0, 25), part(0, 61)).map(([h, m]) => `+${h}:${m}`),
    );
    const text = fc
      .tuple(
        fc.integer({ min: 1, max: 9998 }),
        part(0, 13),
        part(0, 32),
        part(0, 25),
        part(0, 61),
        part(0, 60),
        offset,
      )
      .map(([y, mo, d, h, mi, s, o]) => `${String(y).padStart(4, '0')}-${mo}-${d}T${h}:${mi}:${s}${o}`)
      .filter(given => !given.startsWith('0001-01-0'));
    fc.assert(
      fc.property(text, given => {
        let other: Date | null;
        try {
          other = GraphQLDateTimeISO.parseValue(given);
        } catch {
          other = null;
        }
        expect(parseInstant(given)).toEqual(other);
      }),
      { numRuns: 2_000 },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { offsetTime, unixTime, utcTime } from '../../src/providers/service-times';

describe('a time as services write it', () => {
  test.each([
    [offsetTime, '2026-03-01T08:30:00Z', '2026-03-01T08:30:00.000Z'],
    [offsetTime, '2026-03-01T08:30:00.220+0000', '2026-03-01T08:30:00.220Z'],
    [offsetTime, '2026-03-01T08:30:00.5-03:30', '2026-03-01T12:00:00.500Z'],
    [offsetTime, '2026-03-01T08:30:00.123456789Z', '2026-03-01T08:30:00.123Z'],
    [offsetTime, '2026-03-01T08:30:00', null],
    [offsetTime, '2026-03-01 08:30:00', null],
    [offsetTime, '2026-02-30T08:30:00Z', null],
    [offsetTime, 'yesterday', null],
    [offsetTime, null, null],
    [utcTime, '2026-03-01 08:30:00', '2026-03-01T08:30:00.000Z'],
    [utcTime, '2026-03-01 25:30:00', null],
    [utcTime, '2026-03-01', null],
    [utcTime, null, null],
    [unixTime, '1772366398', '2026-03-01T11:59:58.000Z'],
    [unixTime, '1772366398123', '2026-03-01T11:59:58.123Z'],
    [unixTime, '0', '1970-01-01T00:00:00.000Z'],
    [unixTime, '99999999999999', '5138-11-16T09:46:39.999Z'],
    [unixTime, '123456789012345', null],
    [unixTime, '-1', null],
    [unixTime, '1e3', null],
    [unixTime, '', null],
    [unixTime, null, null],
  ])('%p takes %p for %p', (read, text, expected) => {
    expect(read(text)?.toISOString() ?? null).toBe(expected);
  });
});

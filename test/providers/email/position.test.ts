import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  currentPosition,
  firstPosition,
  isWanted,
  NOWHERE,
  parsePosition,
  positionText,
} from '../../../src/providers/kinds/email/email.position.rules';

const NEWEST = new Date('2026-03-01T12:00:00.000Z');
const BOX = { uidValidity: '1700000000', lastUid: 40 };
const head = (uid: number, isSeen: boolean, receivedAt: Date | null = NEWEST) => ({
  uid,
  isSeen,
  receivedAt,
  size: 1,
});
const later = new Date('2026-03-02T12:00:00.000Z');

describe('At the first start', () => {
  test.each([
    ['unseen', 'an unseen mail', true, head(7, false)],
    ['unseen', 'a seen mail', false, head(7, true)],
    ['unseen', 'a mail that came after it, even if somebody has read it', true, head(41, true, later)],
    ['all', 'a seen mail', true, head(7, true)],
    ['now', 'an unseen mail', false, head(7, false)],
    ['now', 'a mail that came after it', true, head(41, false, later)],
  ] as const)('with "%s", %s is taken: %s', (from, _what, expected, mail) => {
    const position = firstPosition(BOX, from, NEWEST);
    expect(mail.uid > position.uid && isWanted(mail, position, from)).toBe(expected);
  });

  test('in an empty mailbox, all that ever comes is taken', () => {
    const position = firstPosition({ ...BOX, lastUid: 0 }, 'now', null);
    expect(isWanted(head(1, true, NEWEST), position, 'now')).toBe(true);
  });
});

describe('Under another UIDVALIDITY', () => {
  const kept = { ...firstPosition(BOX, 'unseen', NEWEST), uid: 44 };
  const current = currentPosition(kept, { uidValidity: '1700009999', lastUid: 45 });

  test('everything is looked at again', () => {
    expect(current).toMatchObject({ uidValidity: '1700009999', uid: 0 });
  });

  test.each([
    ['what was old is not taken', head(7, true), false],
    ['what was not read then is taken', head(7, false), true],
    ['what came since is taken', head(43, true, later), true],
    ['what comes from now on is taken, even if its time is old', head(46, true), true],
    ['what does not say when it came is taken', head(7, true, null), true],
  ])('%s', (_what, mail, expected) => {
    expect(isWanted(mail, current, 'unseen')).toBe(expected);
  });

  test('a mailbox of which all was wanted is wanted whole', () => {
    const all = currentPosition(firstPosition(BOX, 'all', NEWEST), { uidValidity: '2', lastUid: 9 });
    expect(isWanted(head(1, true), all, 'all')).toBe(true);
  });

  test('a position that cannot be read is one of another mailbox', () => {
    expect(parsePosition('of somebody else')).toBeNull();
    expect(currentPosition(NOWHERE, BOX)).toEqual({ uidValidity: '1700000000', uid: 0, old: null });
  });
});

test('Every position is read as it was written', () => {
  const uid = fc.nat(2 ** 32 - 1);
  const second = fc.integer({ min: 0, max: 4_000_000_000 }).map(seconds => new Date(seconds * 1000));
  const old = fc.option(fc.record({ uid, until: second }));
  fc.assert(
    fc.property(fc.record({ uidValidity: uid.map(String), uid, old }), position => {
      expect(parsePosition(positionText(position))).toEqual(position);
    }),
  );
});

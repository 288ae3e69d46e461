import { describe, expect, test } from '@jest/globals';
import { allOf, ALWAYS, anyOf, clause, NEVER, notTrue } from '../../../src/platform/database/clause';

const a = clause('a = ?', 1);
const b = clause('b = ?', 2);

describe('joining clauses', () => {
  test.each([
    ['none of them hold always', allOf([]), ALWAYS],
    ['one is itself', allOf([a]), a],
    ['two stand in parentheses, their parameters in order', allOf([a, b]), clause('(a = ? and b = ?)', 1, 2)],
    ['what always holds is left out', allOf([ALWAYS, a, ALWAYS]), a],
    ['what never holds is all that is left', allOf([a, NEVER, b]), NEVER],
  ])('all of: %s', (_what, joined, expected) => {
    expect(joined).toEqual(expected);
  });

  test.each([
    ['none of them never holds', anyOf([]), NEVER],
    ['one is itself', anyOf([b]), b],
    ['two stand in parentheses, their parameters in order', anyOf([a, b]), clause('(a = ? or b = ?)', 1, 2)],
    ['what never holds is left out', anyOf([NEVER, a]), a],
    ['what always holds is all that is left', anyOf([a, ALWAYS]), ALWAYS],
  ])('any of: %s', (_what, joined, expected) => {
    expect(joined).toEqual(expected);
  });

  test.each([
    ['a clause', notTrue(a), clause('((a = ?) is not true)', 1)],
    ['always', notTrue(ALWAYS), NEVER],
    ['never', notTrue(NEVER), ALWAYS],
  ])('not: %s', (_what, negated, expected) => {
    expect(negated).toEqual(expected);
  });

  test('any depth keeps the parameters in the order of their question marks', () => {
    const nested = anyOf([allOf([clause('x', 1), notTrue(anyOf([a, clause('y', 3)]))]), clause('z', 4)]);
    expect(nested).toEqual(clause('((x and (((a = ? or y)) is not true)) or z)', 1, 1, 3, 4));
  });
});

import { describe, expect, test } from '@jest/globals';
import { ABSENT_WORD, LONE_WORD, RARE_WORD } from '../../bench/phrases';
import { type Sample, samples } from '../../bench/samples';

const COUNT = 20_000;
const made = [...samples(COUNT)];

describe('the messages of the benchmark', () => {
  test('are the same in every run', () => {
    expect([...samples(COUNT)]).toEqual(made);
  });

  test('come in the order of their ids and of their creation', () => {
    expect(made.map(({ id }) => id)).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1));
    const created = made.map(({ createdAt }) => Date.parse(createdAt));
    expect([...created].sort((a, b) => a - b)).toEqual(created);
  });

  test.each([
    [RARE_WORD, 20],
    [LONE_WORD, 1],
    [ABSENT_WORD, 0],
  ])('hold the word %s %i times, always in the inbox', (word, times) => {
    const found = made.filter(({ message }) => message.toLowerCase().includes(word.toLowerCase()));
    expect(found).toHaveLength(times);
    expect(found.filter(({ status }) => status !== 'RECEIVED')).toEqual([]);
  });

  test.each([
    ['reply to another', ({ parentId }: Sample) => parentId !== null, 0.25],
    ['arrive', ({ direction }: Sample) => direction === 'INCOMING', 0.65],
    ['stand in the inbox', ({ status }: Sample) => status === 'RECEIVED', 0.55],
  ])('%s about as often as in an organisation', (_, is, share) => {
    expect(made.filter(is).length / COUNT).toBeCloseTo(share, 1);
  });
});

import { expect, test } from '@jest/globals';
import { RefusalPace } from '../../../src/platform/server/refusal-pace';

test('Few refusals are answered at once, many one after the other, and each of them in its turn', async () => {
  const pace = new RefusalPace();
  const answered: number[] = [];
  const everybody = Array.from({ length: 200 }, async (_, index) => {
    await pace.turn();
    answered.push(index);
  });
  await Promise.resolve();
  expect(answered).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await Promise.all(everybody);
  expect(answered).toEqual(Array.from({ length: 200 }, (_, index) => index));
});

test('When a rush is over the next refusal is answered at once again', async () => {
  const pace = new RefusalPace();
  await Promise.all(Array.from({ length: 50 }, () => pace.turn()));
  let order: string[];
  do {
    order = [];
    const turn = pace.turn().then(() => order.push('answered'));
    await Promise.resolve();
    order.push('looked');
    await turn;
  } while (order[0] !== 'answered');
});

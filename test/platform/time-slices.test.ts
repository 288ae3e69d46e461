import { expect, test } from '@jest/globals';
import { Deadline } from '../../src/platform/deadline';
import { TimeSlices } from '../../src/platform/time-slices';

/** Works for a few milliseconds without letting anybody else do anything. */
function busy(): number {
  const until = performance.now() + 4;
  while (performance.now() < until);
  return 1;
}

test('Long work of one request lets others do something in between, even if all of it was asked for at once', async () => {
  const slices = new TimeSlices(Deadline.NONE);
  let others = 0;
  let isDone = false;
  const work = Promise.all(Array.from({ length: 50 }, () => slices.run(busy)));
  const look = (): void => {
    others += 1;
    if (!isDone) setImmediate(look);
  };
  setImmediate(look);
  const results = await work;
  isDone = true;
  expect(results).toHaveLength(50);
  expect(others).toBeGreaterThan(3);
});

test('Work ends when the request has no time left', async () => {
  let done = 0;
  const count = (): void => {
    done += busy();
  };
  const slices = new TimeSlices(Deadline.in(40));
  const results = await Promise.allSettled(Array.from({ length: 100 }, () => slices.run(count)));
  expect(results.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'TIMEOUT' } });
  expect(done).toBeLessThan(100);
});

test('What throws throws at whoever asked for it, and at nobody else', async () => {
  const slices = new TimeSlices(Deadline.NONE);
  const fails = slices.run(() => {
    throw new Error('no');
  });
  await expect(fails).rejects.toThrow('no');
  expect(await slices.run(() => 'yes')).toBe('yes');
});

import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Turns } from '../../../src/platform/database/turns';

test('each thing is used by one at a time, by all that wait, in the order in which they came', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
      async (count, durations) => {
        const turns = new Turns(Array.from({ length: count }, (_, index) => index));
        const used = new Set<number>();
        const served: number[] = [];
        await Promise.all(
          durations.map(async (duration, index) => {
            const thing = await turns.take(Infinity);
            expect(used.has(thing)).toBe(false);
            used.add(thing);
            served.push(index);
            for (let step = 0; step < duration; step += 1) await Promise.resolve();
            used.delete(thing);
            turns.give(thing);
          }),
        );
        expect(served).toEqual(durations.map((_, index) => index));
        expect(turns.waiting).toBe(0);
        for (let thing = 0; thing < count; thing += 1) expect(turns.takeNow()).toBeDefined();
        expect(turns.takeNow()).toBeUndefined();
      },
    ),
  );
});

test('who leaves loses nothing for the others', async () => {
  const turns = new Turns(['only']);
  const only = await turns.take(Infinity);
  const leaving = turns.take(10);
  const staying = turns.take(Infinity);
  await expect(leaving).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(turns.waiting).toBe(1);
  turns.give(only);
  expect(await staying).toBe('only');
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { givenRows } from '../../../src/platform/database/given-rows';
import { type Gateway, openGateway } from '../../support/gateway';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const COLUMNS = [{ type: 'integer' }, { type: 'text' }, { type: 'integer' }, { type: 'text' }] as const;

const integer = fc.option(fc.constantFrom(0, 1, 2 ** 40), { nil: null });
const text = fc.option(fc.constantFrom('', 'a', '1', 'null', '"é😀\\'), { nil: null });
const rows = fc.array(fc.tuple(integer, text, integer, text), { minLength: 1, maxLength: 5 });

describe('Rows that a statement is given', () => {
  test('arrive as they are, whatever they share', async () => {
    const { dialect, read } = gateway.database;
    await fc.assert(
      fc.asyncProperty(rows, async given => {
        const { cells, list, parameters } = givenRows(dialect, COLUMNS, given);
        const named = cells.map((cell, index) => `${cell} as "c${index}"`).join(', ');
        const arrived = await read(
          `select ${named} from ${list} order by ${dialect.place('given')}`,
          parameters,
        );
        expect(arrived).toEqual(given.map(([c0, c1, c2, c3]) => ({ c0, c1, c2, c3 })));
      }),
      { numRuns: 60 },
    );
  });

  test('cross once in what is the same in all of them, unless the statement names it again', () => {
    const { dialect } = gateway.database;
    const columns = [{ type: 'text' }, { type: 'integer', isRepeated: true }, { type: 'integer' }] as const;
    const { parameters } = givenRows(dialect, columns, [
      ['same', 7, 1],
      ['same', 7, 2],
    ]);
    expect(parameters).toEqual(['same', '[[7,1],[7,2]]']);
  });
});

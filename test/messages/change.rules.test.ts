import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LOOKED_AT_FOR_STATUS, planChange } from '../../src/messages/rules/change.rules';
import { MESSAGE_STATUSES, type MessageState } from '../../src/messages/message.kinds';
import { messages } from '../support/random-messages';

const NOW = new Date('2030-06-01T12:00:00Z');

test('What becomes of a patch that gives a status hangs on nothing but the fields that are read for it', () => {
  const patch = fc.record(
    {
      status: fc.constantFrom(...MESSAGE_STATUSES),
      expectedVersion: fc.option(fc.constantFrom(1, 2), { nil: null }),
    },
    { requiredKeys: ['status'] },
  );
  fc.assert(
    fc.property(messages(1), patch, ([whole], asked) => {
      if (whole === undefined) return;
      const part = Object.fromEntries(LOOKED_AT_FOR_STATUS.map(field => [field, whole[field]]));
      expect(planChange(part as object as MessageState, asked, NOW)).toEqual(planChange(whole, asked, NOW));
    }),
    { numRuns: 500 },
  );
});

import { describe, expect, test } from '@jest/globals';
import {
  MESSAGE_STATUSES,
  type MessageDirection,
  type MessageStatus,
} from '../../src/messages/message.kinds';
import { allowedStatuses, statusObjection, STATUSES_OF } from '../../src/messages/rules/status.rules';

/** The contract's table, written out again: from, to. */
const ALLOWED: Record<MessageDirection, Partial<Record<MessageStatus, MessageStatus[]>>> = {
  INCOMING: { RECEIVED: ['ARCHIVED'], ARCHIVED: ['RECEIVED'] },
  OUTGOING: {
    PENDING: ['SENT', 'FAILED', 'EXPIRED', 'CANCELLED', 'ARCHIVED'],
    CANCELLED: ['PENDING', 'ARCHIVED'],
    EXPIRED: ['PENDING', 'ARCHIVED'],
    FAILED: ['PENDING', 'CANCELLED', 'ARCHIVED'],
    SENT: ['ARCHIVED'],
  },
};

const steps = (['INCOMING', 'OUTGOING'] as const).flatMap(direction =>
  STATUSES_OF[direction]
    .filter(from => direction === 'INCOMING' || from !== 'ARCHIVED')
    .flatMap(from =>
      MESSAGE_STATUSES.map(to => ({
        direction,
        from,
        to,
        verdict: from === to || ALLOWED[direction][from]?.includes(to) ? 'accepted' : 'refused',
      })),
    ),
);

describe('the status table', () => {
  test.each(steps)('$direction $from → $to is $verdict', ({ direction, from, to, verdict }) => {
    const standing = { direction, status: from, sentAt: from === 'SENT' ? new Date(0) : null };
    const objection = statusObjection(standing, to, false);
    expect(objection === null ? 'accepted' : 'refused').toBe(verdict);
    if (objection !== null) {
      expect(objection).toMatchObject({
        code: 'INVALID_STATUS_TRANSITION',
        allowed: allowedStatuses(standing),
      });
      for (const status of allowedStatuses(standing)) expect(objection.message).toContain(status);
    }
  });

  test.each([
    { sentAt: new Date(0), allowed: ['SENT'] },
    { sentAt: null, allowed: ['CANCELLED'] },
  ])(
    'an archived outgoing message goes back to $allowed alone, by whether it had been sent',
    ({ sentAt, allowed }) => {
      const standing = { direction: 'OUTGOING', status: 'ARCHIVED', sentAt } as const;
      expect(allowedStatuses(standing)).toEqual(allowed);
      for (const status of MESSAGE_STATUSES) {
        const accepted = status === 'ARCHIVED' || allowed.includes(status);
        expect(statusObjection(standing, status, false) === null).toBe(accepted);
      }
    },
  );

  test('a message with occurrences to come cannot be SENT as a whole, even if it is PENDING', () => {
    const standing = { direction: 'OUTGOING', status: 'PENDING', sentAt: null } as const;
    expect(statusObjection(standing, 'SENT', true)?.allowed).toEqual([
      'FAILED',
      'EXPIRED',
      'CANCELLED',
      'ARCHIVED',
    ]);
    expect(statusObjection(standing, 'CANCELLED', true)).toBeNull();
  });
});

import {
  type MessageDirection,
  type MessageState,
  type MessageStatus,
  type Objection,
} from '../message.kinds';

type StatusTable = Readonly<Record<MessageStatus, readonly MessageStatus[]>>;

/** Where a message may go from each status. An empty row is a status that this direction never has. */
const NEXT_STATUSES: Readonly<Record<MessageDirection, StatusTable>> = {
  INCOMING: {
    RECEIVED: ['ARCHIVED'],
    ARCHIVED: ['RECEIVED'],
    PENDING: [],
    SENT: [],
    FAILED: [],
    EXPIRED: [],
    CANCELLED: [],
  },
  OUTGOING: {
    PENDING: ['SENT', 'FAILED', 'EXPIRED', 'CANCELLED', 'ARCHIVED'],
    CANCELLED: ['PENDING', 'ARCHIVED'],
    EXPIRED: ['PENDING', 'ARCHIVED'],
    FAILED: ['PENDING', 'CANCELLED', 'ARCHIVED'],
    SENT: ['ARCHIVED'],
    // Which of the two: see allowedStatuses. Never straight back to PENDING, from where it would be sent again.
    ARCHIVED: ['SENT', 'CANCELLED'],
    RECEIVED: [],
  },
};

/** The statuses that a message of this direction can have at all. */
export const STATUSES_OF: Readonly<Record<MessageDirection, readonly MessageStatus[]>> = {
  INCOMING: ['RECEIVED', 'ARCHIVED'],
  OUTGOING: ['PENDING', 'SENT', 'EXPIRED', 'CANCELLED', 'FAILED', 'ARCHIVED'],
};

type Standing = Pick<MessageState, 'direction' | 'status' | 'sentAt'>;

/** The statuses that a message may take next, apart from the one it has. */
export function allowedStatuses({ direction, status, sentAt }: Standing): readonly MessageStatus[] {
  if (direction === 'OUTGOING' && status === 'ARCHIVED') return sentAt === null ? ['CANCELLED'] : ['SENT'];
  return NEXT_STATUSES[direction][status];
}

/**
 * Why a message cannot take a status; null where it can, or has it already.
 * @param repeating whether occurrences of the message are still to come: then it cannot be SENT as a whole.
 */
export function statusObjection(from: Standing, to: MessageStatus, repeating: boolean): Objection | null {
  const allowed = allowedStatuses(from).filter(status => !(repeating && status === 'SENT'));
  if (to === from.status || allowed.includes(to)) return null;
  const kind = `${repeating ? 'A repeating' : 'An'} ${from.direction} message`;
  return {
    code: 'INVALID_STATUS_TRANSITION',
    path: ['status'],
    message: `${kind} that is ${from.status} cannot become ${to}; allowed: ${allowed.join(', ')}.`,
    allowed,
  };
}

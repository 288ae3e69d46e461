import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Message } from '../../src/messages/message.entity';
import {
  MESSAGE_STATUSES,
  type MessagePatch,
  type MessageState,
  type MessageStatus,
} from '../../src/messages/message.kinds';
import { Refusal } from '../../src/platform/errors';
import { Schedule } from '../../src/schedules/schedule.entity';
import { completeSchedule } from '../../src/schedules/schedule.rules';
import { makeContacts } from '../support/contacts';
import { type Gateway, openGateway } from '../support/gateway';
import { CALLER, openServices, type Services } from '../support/services';

/**
 * Every standing of a message × every status asked for (or none) × every field of a patch: what comes of it, by the
 * contract's words alone, and the same whichever way the message is reached.
 */
const PAST = new Date('2026-02-01T00:00:00.000Z');
const FUTURE = new Date('2026-04-01T00:00:00.000Z');

interface Standing extends Pick<MessageState, 'direction' | 'status' | 'sentAt'> {
  readonly may: readonly MessageStatus[];
}

const STANDINGS: readonly Standing[] = [
  { direction: 'INCOMING', status: 'RECEIVED', sentAt: null, may: ['ARCHIVED'] },
  { direction: 'INCOMING', status: 'ARCHIVED', sentAt: null, may: ['RECEIVED'] },
  {
    direction: 'OUTGOING',
    status: 'PENDING',
    sentAt: null,
    may: ['SENT', 'FAILED', 'EXPIRED', 'CANCELLED', 'ARCHIVED'],
  },
  { direction: 'OUTGOING', status: 'CANCELLED', sentAt: null, may: ['PENDING', 'ARCHIVED'] },
  { direction: 'OUTGOING', status: 'EXPIRED', sentAt: null, may: ['PENDING', 'ARCHIVED'] },
  { direction: 'OUTGOING', status: 'FAILED', sentAt: null, may: ['PENDING', 'CANCELLED', 'ARCHIVED'] },
  { direction: 'OUTGOING', status: 'SENT', sentAt: PAST, may: ['ARCHIVED'] },
  { direction: 'OUTGOING', status: 'ARCHIVED', sentAt: PAST, may: ['SENT'] },
  { direction: 'OUTGOING', status: 'ARCHIVED', sentAt: null, may: ['CANCELLED'] },
];

const FIELDS = {
  message: 'Other words.',
  title: 'A title',
  type: 'COMMENT',
  channels: ['MAIL'],
  recipientIds: ['user-1'],
  contactId: 'contact-1',
  postId: 'post-1',
  dataFeedId: 'feed-1',
  dataProviderId: 'provider-1',
  additionalData: { district: 'north' },
  repeats: false,
  schedule: { start: FUTURE, frequency: 'WEEKLY' },
  sendAt: FUTURE,
  sentAt: PAST,
} as const satisfies Required<Omit<MessagePatch, 'status' | 'expectedVersion'>>;
type Field = keyof typeof FIELDS;

const ROWS = STANDINGS.flatMap(standing =>
  [undefined, ...MESSAGE_STATUSES].flatMap(target =>
    ([undefined, ...Object.keys(FIELDS)] as (Field | undefined)[]).map(field => ({
      standing,
      target,
      field,
    })),
  ),
);
type Row = (typeof ROWS)[number];

/** What happened: a refusal's code, or what the message became. */
interface Verdict {
  readonly code?: string;
  readonly status?: MessageStatus;
  readonly ignored?: readonly string[];
  readonly fieldChanged?: boolean;
  readonly sent?: boolean;
}

function expected({ standing, target, field }: Row): Verdict {
  const { direction, status, sentAt, may } = standing;
  const repeating = field === 'schedule' && direction === 'OUTGOING';
  const allowed = may.filter(next => !(repeating && next === 'SENT'));
  if (target !== undefined && target !== status && !allowed.includes(target))
    return { code: 'INVALID_STATUS_TRANSITION' };
  const next = target ?? status;
  if (direction === 'INCOMING') {
    return { status: next, ignored: field === undefined ? [] : [field], fieldChanged: false, sent: false };
  }
  if (repeating && sentAt !== null) return { code: 'BAD_USER_INPUT' };
  if (field === 'sentAt') {
    const fits = (status === 'PENDING' || status === 'SENT') && (target === undefined || target === 'SENT');
    if (!fits) return { code: 'BAD_USER_INPUT' };
    return { status: 'SENT', ignored: [], fieldChanged: status === 'PENDING', sent: true };
  }
  const sent = next === 'SENT' || (next === 'ARCHIVED' && sentAt !== null);
  return { status: next, ignored: [], fieldChanged: field !== undefined && field !== 'repeats', sent };
}

/** The patch as its caller writes it. */
function patchOf({ target, field }: Row): MessagePatch {
  return {
    ...(target !== undefined && { status: target }),
    ...(field !== undefined && { [field]: FIELDS[field] }),
  };
}

function changedIn(before: Message, after: Message, field: Field | undefined): boolean {
  return field !== undefined && JSON.stringify(before[field]) !== JSON.stringify(after[field]);
}

let services: Services;
let gateway: Gateway;
beforeAll(async () => {
  services = await openServices();
  gateway = await openGateway();
  for (const { database } of [services, gateway]) await makeContacts(database, ['contact-1']);
});
afterAll(async () => {
  await services.close();
  await gateway.close();
});

async function mismatches(
  rows: readonly Row[],
  into: Pick<Services, 'put' | 'stored'>,
  change: (id: number, row: Row) => Promise<readonly string[]>,
): Promise<string[]> {
  const found: string[] = [];
  for (const row of rows) {
    const id = await into.put(row.standing);
    const before = await into.stored(id);
    let verdict: Verdict;
    try {
      const ignored = await change(id, row);
      const after = await into.stored(id);
      const fieldChanged = changedIn(before, after, row.field);
      verdict = { status: after.status, ignored, fieldChanged, sent: after.sentAt !== null };
      const moved = fieldChanged || after.status !== before.status;
      if (after.version !== before.version + (moved ? 1 : 0))
        found.push(`${name(row)}: version ${after.version}`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      verdict = { code: error.code };
      if (JSON.stringify(await into.stored(id)) !== JSON.stringify(before))
        found.push(`${name(row)}: refused yet changed`);
    }
    const wanted = expected(row);
    if (JSON.stringify(verdict) !== JSON.stringify(wanted)) {
      found.push(`${name(row)}: ${JSON.stringify(verdict)} instead of ${JSON.stringify(wanted)}`);
    }
  }
  return found;
}

function name({ standing, target, field }: Row): string {
  return `${standing.direction} ${standing.status}${standing.sentAt ? ' (sent)' : ''} → ${target ?? '·'} with ${field ?? '·'}`;
}

describe('every standing × status × field comes out as the contract says', () => {
  test('through the service', async () => {
    const change = async (id: number, row: Row) =>
      (await services.service.update(CALLER, String(id), patchOf(row))).ignoredFields;
    expect(await mismatches(ROWS, services, change)).toEqual([]);
  }, 60_000);

  test('through GraphQL over HTTP', async () => {
    const change = async (id: number, row: Row) => {
      const { data, errors } = await gateway.graphql<{ updateMessage: { ignoredFields: string[] } }>(
        'mutation ($id: ID!, $input: UpdateMessageInput!) { updateMessage(id: $id, input: $input) { ignoredFields } }',
        { id: String(id), input: patchOf(row) },
      );
      if (errors?.[0]) throw new Refusal(errors[0].extensions.code as 'BAD_USER_INPUT', errors[0].message);
      return data?.updateMessage.ignoredFields ?? [];
    };
    expect(await mismatches(ROWS, gateway, change)).toEqual([]);
  }, 60_000);

  test('through a plain TypeORM save, where the status and what goes with it are set by hand', async () => {
    const rows = ROWS.filter(({ field }) => field === undefined);
    const change = async (id: number, { standing, target }: Row) => {
      await services.database.write(async ({ manager }) => {
        const message = await manager.findOneByOrFail(Message, { id });
        const sentAt =
          target === 'PENDING' ? null : target === 'SENT' ? (standing.sentAt ?? PAST) : standing.sentAt;
        await manager.save(Object.assign(message, target === undefined ? {} : { status: target, sentAt }));
      });
      return [];
    };
    expect(await mismatches(rows, services, change)).toEqual([]);
  }, 60_000);

  test('through a plain TypeORM save no field of an incoming message changes', async () => {
    for (const field of Object.keys(FIELDS) as Field[]) {
      if (field === 'repeats') continue;
      const id = await services.put({ direction: 'INCOMING', status: 'RECEIVED' });
      const save = services.database.write(async ({ manager }) => {
        const message = await manager.findOneByOrFail(Message, { id });
        const value = field === 'schedule' ? Schedule.of(completeSchedule(FIELDS.schedule)) : FIELDS[field];
        await manager.save(Object.assign(message, { [field]: value }));
      });
      await expect(save).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type RequestedChange } from '../../src/messages/writes/message.attempts';
import { type BatchResult } from '../../src/messages/writes/message.batch';
import {
  type BatchErrorPolicy,
  type MessageDraft,
  type MessagePatch,
} from '../../src/messages/message.kinds';
import { Refusal } from '../../src/platform/errors';
import { CALLER, openServices, type Services } from '../support/services';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

const SOUND: MessageDraft = { message: 'Boil water.', channels: ['SMS'] };
const BLANK: MessageDraft = { message: ' ', channels: [] };

const outline = (results: readonly BatchResult[]) =>
  results.map(({ index, applied, errors }) => [
    index,
    applied,
    errors.map(({ code, path }) => [code, ...path]),
  ]);
const countMessages = async () => {
  const [row] = await services.database.read<{ n: number }>('select count(*) n from messages');
  return row?.n;
};

describe('batchCreate', () => {
  test('gives ids that ascend in the order of the input', async () => {
    const drafts = Array.from({ length: 500 }, (_, index) => ({ ...SOUND, title: `No ${index}` }));
    const results = await services.batches.create(CALLER, drafts, { policy: 'ATOMIC' });
    const ids = results.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(results.map(({ message }) => message?.title)).toEqual(drafts.map(({ title }) => title));
  });

  test('ATOMIC writes nothing even if one item of many is refused, and says why', async () => {
    const before = await countMessages();
    const results = await services.batches.create(CALLER, [SOUND, BLANK, SOUND], { policy: 'ATOMIC' });
    expect(outline(results)).toEqual([
      [0, false, []],
      [
        1,
        false,
        [
          ['BAD_USER_INPUT', 'message'],
          ['BAD_USER_INPUT', 'channels'],
        ],
      ],
      [2, false, []],
    ]);
    expect(results.map(({ id, message }) => [id, message])).toEqual(Array(3).fill([null, null]));
    expect(await countMessages()).toBe(before);
  });

  test('PARTIAL writes what is valid', async () => {
    const before = (await countMessages()) ?? 0;
    const results = await services.batches.create(CALLER, [SOUND, BLANK, SOUND], { policy: 'PARTIAL' });
    expect(results.map(({ applied }) => applied)).toEqual([true, false, true]);
    expect(await countMessages()).toBe(before + 2);
  });

  test('an id is never used again, even if its batch was refused', async () => {
    const [first] = await services.batches.create(CALLER, [SOUND], { policy: 'ATOMIC' });
    await services.batches.create(CALLER, [SOUND, BLANK], { policy: 'ATOMIC' });
    const [second] = await services.batches.create(CALLER, [SOUND], { policy: 'ATOMIC' });
    expect(Number(second?.id)).toBeGreaterThan(Number(first?.id));
  });
});

describe('batchUpdate', () => {
  test('shows each message as it stands in the store afterwards, even if ATOMIC was refused', async () => {
    const [a, b] = [await services.put({ title: 'a' }), await services.put({ title: 'b' })];
    const changes = [
      { id: String(a), patch: { title: 'new' } },
      { id: String(b), patch: { status: 'RECEIVED' } as const },
      { id: '999999999', patch: {} },
    ];
    const results = await services.batches.update(CALLER, changes, { policy: 'ATOMIC' });
    expect(outline(results)).toEqual([
      [0, false, []],
      [1, false, [['INVALID_STATUS_TRANSITION', 'patch', 'status']]],
      [2, false, [['NOT_FOUND', 'id']]],
    ]);
    expect(results.map(({ message }) => message?.title)).toEqual(['a', 'b', undefined]);
    expect(results[1]?.errors[0]?.allowed).toEqual(['SENT', 'FAILED', 'EXPIRED', 'CANCELLED', 'ARCHIVED']);
    expect((await services.stored(a)).title).toBe('a');
  });

  test('counts an item as applied, even if it changes nothing', async () => {
    const id = await services.put({ title: 'a' });
    const [result] = await services.batches.update(CALLER, [{ id: String(id), patch: { title: 'a' } }], {
      policy: 'ATOMIC',
    });
    expect(result).toMatchObject({ applied: true, message: { version: 1 } });
  });

  test('names what an incoming message ignored', async () => {
    const id = await services.put({ direction: 'INCOMING', status: 'RECEIVED' });
    const patch: MessagePatch = { sendAt: null, title: 'x', status: 'ARCHIVED', expectedVersion: 1 };
    const [result] = await services.batches.update(CALLER, [{ id: String(id), patch }], { policy: 'ATOMIC' });
    expect(result).toMatchObject({
      applied: true,
      ignoredFields: ['title', 'sendAt'],
      message: { status: 'ARCHIVED' },
    });
  });

  test('refuses an item that expects another version', async () => {
    const id = await services.put({});
    const [result] = await services.batches.update(
      CALLER,
      [{ id: String(id), patch: { expectedVersion: 7 } }],
      {
        policy: 'PARTIAL',
      },
    );
    expect(result?.errors).toMatchObject([{ code: 'CONFLICT', path: ['patch', 'expectedVersion'] }]);
  });
});

describe('the batch as a whole is refused', () => {
  const options = { policy: 'PARTIAL' } as const;
  const none: string[] = [];
  const many = Array.from({ length: 501 }, (_, index) => String(index + 1));
  test.each<[string, () => Promise<unknown>, string[][]]>([
    ['without items', () => services.batches.updateStatus(CALLER, none, 'ARCHIVED', options), [['ids']]],
    ['with 501 items', () => services.batches.updateStatus(CALLER, many, 'ARCHIVED', options), [['ids']]],
    [
      'with an id twice',
      () => services.batches.updateStatus(CALLER, ['1', '2', '1'], 'ARCHIVED', options),
      [['ids', '2']],
    ],
    ['without drafts', () => services.batches.create(CALLER, [], options), [['inputs']]],
    [
      'with a resource twice',
      () =>
        services.batches.update(
          CALLER,
          [
            { id: '5', patch: {} },
            { id: '5', patch: {} },
          ],
          options,
        ),
      [['resources', '1', 'id']],
    ],
  ])('%s', async (_, call, paths) => {
    await expect(call()).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { issues: paths.map(path => expect.objectContaining({ path })) },
    });
  });
});

describe('for every batch', () => {
  const patch = fc.record<MessagePatch>(
    {
      title: fc.constantFrom('a', 'b', null, 'x'.repeat(256)),
      status: fc.constantFrom('PENDING', 'SENT', 'CANCELLED', 'ARCHIVED', 'RECEIVED', 'FAILED'),
      channels: fc.constantFrom(['SMS'], [], ['MAIL', 'MAIL']),
      expectedVersion: fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  );
  const kinds = fc.constantFrom('pending', 'sent', 'incoming', 'absent');
  const items = fc.array(fc.tuple(kinds, patch), { minLength: 1, maxLength: 8 });

  /** The same messages, twice or more: what a batch does to one set can be compared with the other. */
  async function putAll(rows: readonly (readonly [string, MessagePatch])[]): Promise<RequestedChange[]> {
    const changes: RequestedChange[] = [];
    for (const [index, [kind, change]] of rows.entries()) {
      const state = {
        pending: {},
        sent: { status: 'SENT', sentAt: services.clock.now() } as const,
        incoming: { direction: 'INCOMING', status: 'RECEIVED' } as const,
      }[kind];
      const id = state === undefined ? 9_000_000 + index : await services.put(state);
      changes.push({ id: String(id), patch: change });
    }
    return changes;
  }

  const states = async (changes: readonly RequestedChange[]) => {
    const found = await services.store.findByIds(changes.map(({ id }) => Number(id)));
    return changes.map(({ id }) => {
      const message = found.get(Number(id));
      return message && [message.status, message.title, message.channels, message.version, message.sentAt];
    });
  };
  const apply = (changes: readonly RequestedChange[], policy: BatchErrorPolicy) =>
    services.batches.update(CALLER, changes, { policy });

  test('PARTIAL does what the same changes do one by one', async () => {
    await fc.assert(
      fc.asyncProperty(items, async rows => {
        const [together, alone] = [await putAll(rows), await putAll(rows)];
        const results = await apply(together, 'PARTIAL');
        const accepted: boolean[] = [];
        for (const { id, patch: change } of alone) {
          accepted.push(
            await services.service.update(CALLER, id, change).then(
              () => true,
              (error: unknown) => !(error instanceof Refusal),
            ),
          );
        }
        expect(results.map(({ applied }) => applied)).toEqual(accepted);
        expect(await states(together)).toEqual(await states(alone));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('ATOMIC does all or nothing', async () => {
    await fc.assert(
      fc.asyncProperty(items, async rows => {
        const [atomic, partial] = [await putAll(rows), await putAll(rows)];
        const before = await states(atomic);
        const results = await apply(atomic, 'ATOMIC');
        const wouldAllApply = (await apply(partial, 'PARTIAL')).every(({ applied }) => applied);
        expect(results.every(({ applied }) => applied)).toBe(wouldAllApply);
        expect(results.some(({ applied }) => applied)).toBe(wouldAllApply);
        expect(await states(atomic)).toEqual(wouldAllApply ? await states(partial) : before);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

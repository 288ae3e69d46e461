import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATOR } from '../../src/audit/actor';
import { Message } from '../../src/messages/message.entity';
import { importMessages } from '../../src/messages/transfer/message.import';
import { Schedule } from '../../src/schedules/schedule.entity';
import { completeSchedule } from '../../src/schedules/schedule.rules';
import { outlineOf, recorded } from '../support/audit';
import { openServices, type Services } from '../support/services';
import { LEAST } from '../support/transfer';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

const operator = { actor: 'OPERATOR', token_id: null, request_id: null };

describe('past the API', () => {
  test('a write whose transaction fails after all', async () => {
    const failing = services.database.write(async ({ manager }) => {
      await manager.save(
        manager.create(Message, { ...LEAST, direction: 'INCOMING', status: 'RECEIVED', type: 'REPORT' }),
      );
      throw new Error('after all');
    });
    expect(await recorded(services.database, () => expect(failing).rejects.toThrow('after all'))).toEqual([]);
  });

  test('an import records what it added, and nothing of what it skipped or refused', async () => {
    const lines = [
      { ...LEAST, id: 100_000, version: 4 },
      { ...LEAST, message: '' },
      { ...LEAST, id: 100_001 },
    ];
    const file = Buffer.from(lines.map(line => `${JSON.stringify(line)}\n`).join(''));
    const load = () =>
      importMessages(once(file), {
        ...{ database: services.database, clock: services.clock, by: OPERATOR },
        listener: { refused: () => undefined, progress: () => undefined },
      });
    const rows = await recorded(services.database, load);
    expect(outlineOf(rows)).toEqual([
      ['IMPORTED', 100_000, 4],
      ['IMPORTED', 100_001, 1],
    ]);
    expect(rows).toMatchObject([operator, operator]);
    expect(await recorded(services.database, load)).toEqual([]);
  });

  test('a plain TypeORM save records a new message, and each change of it', async () => {
    let id = 0;
    const rows = await recorded(services.database, () =>
      services.database.write(async ({ manager }) => {
        const draft = { ...LEAST, direction: 'OUTGOING', status: 'PENDING', type: 'ALERT' } as const;
        const message = await manager.save(manager.create(Message, draft));
        id = message.id;
        await manager.save(Object.assign(message, { title: 'one' }));
        const rule = completeSchedule({ start: new Date('2026-03-02T09:00:00Z'), frequency: 'DAILY' });
        await manager.save(Object.assign(message, { title: 'two', schedule: Schedule.of(rule) }));
        await manager.save(message);
      }),
    );
    expect(outlineOf(rows)).toEqual([
      ['CREATED', id, 1],
      ['CHANGED', id, 2, 'title: null → "one"'],
      [
        'CHANGED',
        id,
        3,
        'title: "one" → "two"',
        'repeats: false → true',
        expect.stringMatching(/^schedule: null → /),
      ],
    ]);
    expect(rows).toMatchObject([operator, operator, operator]);
  });

  test('a save of several entities of which one is refused records none, however late it is refused', async () => {
    const [good, bad] = [await services.put({}), await services.put({})];
    const rows = await recorded(services.database, async () => {
      const save = services.database.write(async ({ manager }) => {
        const messages = await manager.findBy(Message, [{ id: good }, { id: bad }]);
        const [one, two] = messages.map((message, i) =>
          Object.assign(message, { title: i === 0 ? 'x' : null }),
        );
        await manager.save([one, Object.assign(two ?? {}, { channels: [] })]);
      });
      await expect(save).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      await services.put({});
    });
    expect(rows).toEqual([]);
    expect(await services.stored(good)).toMatchObject({ version: 1, title: null });
  });

  test('an insert of rows through TypeORM is recorded too, each with its id', async () => {
    const rows = await recorded(services.database, () =>
      services.database.write(({ manager }) =>
        manager.insert(
          Message,
          ['a', 'b'].map(message => ({
            ...LEAST,
            message,
            direction: 'OUTGOING',
            status: 'PENDING',
            type: 'ALERT',
          })),
        ),
      ),
    );
    const [last] = await services.database.read<{ id: number }>('select max(id) id from messages');
    const id = last?.id ?? 0;
    // TypeORM does not wait for one to be recorded before the next.
    expect(outlineOf([...rows].sort((a, b) => a.message_id - b.message_id))).toEqual([
      ['CREATED', id - 1, 1],
      ['CREATED', id, 1],
    ]);
    expect((await services.stored(id)).message).toBe('b');
  });

  test.each<[string, object, object]>([
    ['its id', {}, {}],
    [
      'its ids at the provider',
      { dataProviderId: 'p', dataProviderMessageId: 'x' },
      { dataProviderId: 'p', dataProviderMessageId: 'x', id: undefined },
    ],
  ])('an upsert over a message that is known by %s is refused', async (_what, state, given) => {
    const id = await services.put(state);
    const draft = { ...LEAST, direction: 'OUTGOING', status: 'PENDING', type: 'ALERT' } as const;
    const rows = await recorded(services.database, async () => {
      const upsert = services.database.write(({ manager }) =>
        manager.upsert(Message, { id, ...draft, message: 'Something else', ...given }, ['id']),
      );
      await expect(upsert).rejects.toMatchObject({ code: 'CONFLICT' });
    });
    expect(rows).toEqual([]);
    expect(await services.stored(id)).toMatchObject({ message: 'The river is over the bridge.', version: 1 });
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- a source is read asynchronously, whatever it is
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

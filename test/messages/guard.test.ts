import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EntityManager } from 'typeorm';
import { Message } from '../../src/messages/message.entity';
import { type MessageState } from '../../src/messages/message.kinds';
import { MessagePages } from '../../src/messages/lists/message.pages';
import { completeSchedule } from '../../src/schedules/schedule.rules';
import { Schedule } from '../../src/schedules/schedule.entity';
import { BROKEN_CONSTRAINT, columnsOfTheStore, INSERT_OR_REPLACE } from '../support/engine-words';
import { CALLER, openServices, type Services } from '../support/services';
import { outgoing } from '../support/store';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

const incoming: Partial<MessageState> = { direction: 'INCOMING', status: 'RECEIVED', type: 'REPORT' };
const weekly = () =>
  Schedule.of(
    completeSchedule({ start: new Date('2026-03-02T09:00:00Z'), frequency: 'WEEKLY', byDay: ['MO'] }),
  );

const badZone = () =>
  Schedule.of(
    completeSchedule({ start: new Date('2026-03-02T09:00:00Z'), frequency: 'DAILY', timeZone: 'No/Where' }),
  );

/** Reads a message through TypeORM alone, changes its fields as plain properties, and saves it. */
async function saveChanged(id: number, change: object, relations = false): Promise<Message> {
  return services.database.write(async ({ manager }) => {
    const message = await manager.findOneOrFail(Message, {
      where: { id },
      relations: { schedule: relations },
    });
    return manager.save(Object.assign(message, change));
  });
}

describe('a plain TypeORM save', () => {
  test.each<[string, Partial<MessageState>, object, object]>([
    ['the direction', {}, { direction: 'INCOMING' }, { code: 'BAD_USER_INPUT' }],
    ['createdAt', {}, { createdAt: new Date(0) }, { code: 'BAD_USER_INPUT' }],
    ['the text of an incoming message', incoming, { message: 'Something else' }, { code: 'BAD_USER_INPUT' }],
    ['the title of an incoming message', incoming, { title: 'x' }, { code: 'BAD_USER_INPUT' }],
    ['an incoming message to SENT', incoming, { status: 'SENT' }, { code: 'INVALID_STATUS_TRANSITION' }],
    ['a pending message to RECEIVED', {}, { status: 'RECEIVED' }, { code: 'INVALID_STATUS_TRANSITION' }],
    ['a blank message', {}, { message: ' \n' }, { code: 'BAD_USER_INPUT' }],
    ['a contact that there is not', {}, { contactId: 'nobody' }, { code: 'BAD_USER_INPUT' }],
    ['no channel', {}, { channels: [] }, { code: 'BAD_USER_INPUT' }],
    ['a sendAt in the past', {}, { sendAt: new Date('2026-01-01T00:00:00Z') }, { code: 'BAD_USER_INPUT' }],
    ['a time zone that is none', {}, { schedule: badZone() }, { code: 'BAD_USER_INPUT' }],
    ['an unknown type', {}, { type: 'RUMOUR' }, { code: 'BAD_USER_INPUT' }],
  ])('is refused for %s, and the store stays as it was', async (_, state, change, refusal) => {
    const id = await services.put(state);
    const before = await services.stored(id);
    await expect(saveChanged(id, change)).rejects.toMatchObject(refusal);
    expect(await services.stored(id)).toEqual(before);
  });

  test('is refused for another parent', async () => {
    const parentId = await services.put({});
    const id = await services.put({});
    await expect(saveChanged(id, { parentId })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('is refused for SENT on a message with occurrences to come, even if its schedule was not read', async () => {
    const id = await services.put({ schedule: weekly() });
    await expect(
      saveChanged(id, { status: 'SENT', sentAt: new Date('2026-01-01T00:00:00Z') }),
    ).rejects.toMatchObject({
      code: 'INVALID_STATUS_TRANSITION',
    });
  });

  test('counts the version and the time, whatever the entity says of them', async () => {
    const id = await services.put({});
    services.clock.advance(1000);
    await saveChanged(id, { title: 'Water', version: 40, updatedAt: new Date(0) });
    expect(await services.stored(id)).toMatchObject({
      title: 'Water',
      version: 2,
      updatedAt: services.clock.now(),
    });
  });

  test('that changes nothing leaves version and updatedAt as they are', async () => {
    const id = await services.put({});
    const before = await services.stored(id);
    services.clock.advance(1000);
    await saveChanged(id, { version: 9 });
    expect(await services.stored(id)).toEqual(before);
  });

  test('keeps text in the stored form and searchable', async () => {
    const id = await services.put({});
    await saveChanged(id, { message: 'Zwei\r\nZeilen ÜBER Nacht' });
    expect((await services.stored(id)).message).toBe('Zwei\nZeilen ÜBER Nacht');
    const pages = new MessagePages(services.database, services.store);
    const found = await pages.list({ filter: { q: 'über NACHT', direction: ['OUTGOING'] } }).nodes();
    expect(found.map(message => message.id)).toEqual([id]);
  });

  test('keeps SENT and sentAt together, whichever is set', async () => {
    const [byStatus, byTime] = [await services.put({}), await services.put({})];
    await saveChanged(byStatus, { status: 'SENT' });
    expect(await services.stored(byStatus)).toMatchObject({ status: 'SENT', sentAt: services.clock.now() });
    await saveChanged(byTime, { sentAt: new Date('2026-01-01T00:00:00Z') });
    expect(await services.stored(byTime)).toMatchObject({ status: 'SENT' });
    const failed = await services.put({ status: 'FAILED' });
    await saveChanged(failed, { status: 'PENDING' });
    expect(await services.stored(failed)).toMatchObject({ status: 'PENDING', sentAt: null });
  });

  test('may be followed by another of the same entity', async () => {
    const id = await services.put({});
    await services.database.write(async ({ manager }) => {
      const message = await manager.findOneByOrFail(Message, { id });
      await manager.save(Object.assign(message, { title: 'one' }));
      await manager.save(Object.assign(message, { title: 'two' }));
    });
    expect(await services.stored(id)).toMatchObject({ title: 'two', version: 3 });
  });

  test('of an entity that has been overtaken is refused', async () => {
    const id = await services.put({});
    const stale = await services.database.write(({ manager }) => manager.findOneByOrFail(Message, { id }));
    await services.service.update(CALLER, String(id), { title: 'first' });
    const save = services.database.write(({ manager }) =>
      manager.save(Object.assign(stale, { title: 'second' })),
    );
    await expect(save).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await services.stored(id)).title).toBe('first');
  });

  test('takes a schedule, replaces it and takes it away', async () => {
    const id = await services.put({ sendAt: null });
    await saveChanged(id, { schedule: weekly() }, true);
    expect((await services.stored(id)).schedule).toMatchObject({ byDay: ['MO'] });
    const daily = Schedule.of(
      completeSchedule({ start: new Date('2026-03-02T09:00:00Z'), frequency: 'DAILY' }),
    );
    await saveChanged(id, { schedule: daily }, true);
    expect((await services.stored(id)).schedule).toMatchObject({ frequency: 'DAILY' });
    await saveChanged(id, { schedule: null }, true);
    const stored = await services.stored(id);
    expect([stored.schedule, stored.repeats, stored.version]).toEqual([null, false, 4]);
  });

  test('of a new message fills in what is not said, and refuses what is unsound', async () => {
    const create = (state: object) =>
      services.database.write(({ manager }) => manager.save(manager.create(Message, state)));
    const sound = {
      direction: 'INCOMING',
      status: 'RECEIVED',
      type: 'REPORT',
      message: 'Help',
      channels: ['SMS'],
    };
    const saved = await create(sound);
    expect(await services.stored(saved.id)).toMatchObject({ version: 1, recipientIds: [], parentId: null });
    for (const wrong of [{ status: 'PENDING' }, { channels: [] }, { message: '' }, { schedule: weekly() }]) {
      await expect(create({ ...sound, ...wrong })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });
});

describe('nothing is ever removed', () => {
  const inManager = (work: (manager: EntityManager, id: number) => Promise<unknown>) => async () => {
    const id = await services.put({});
    await expect(services.database.write(({ manager }) => work(manager, id))).rejects.toThrow(
      /never deleted/,
    );
    await services.stored(id);
  };

  test(
    'by remove of the entity',
    inManager(async (manager, id) => manager.remove(await manager.findOneByOrFail(Message, { id }))),
  );
  test(
    'by delete of rows',
    inManager((manager, id) => manager.delete(Message, { id })),
  );
  test(
    'by SQL',
    inManager((manager, id) => manager.query('delete from messages where id = ?', [id])),
  );
});

describe('rows cannot be changed behind the entity', () => {
  test('by an upsert over an incoming message', async () => {
    const id = await services.put(incoming);
    const before = await services.stored(id);
    const upsert = services.database.write(({ manager }) =>
      manager.upsert(
        Message,
        { ...outgoing(incoming), additionalData: null, id, message: 'Something else' },
        ['id'],
      ),
    );
    await expect(upsert).rejects.toThrow(/only the status changes/);
    expect(await services.stored(id)).toEqual(before);
  });

  test('by SQL that moves a status where it may not go', async () => {
    const id = await services.put({ status: 'SENT', sentAt: services.clock.now() });
    const update = services.database.write(({ query }) =>
      query(`update messages set status = 'PENDING', sent_at = null where id = ?`, [id]),
    );
    await expect(update).rejects.toThrow(/does not follow/);
  });

  test.each([
    ['that has its id', 'id'],
    ['that has its id of the provider', 'id + 1000'],
  ])('by SQL that puts another message in the place of one %s', async (_what, newId) => {
    const id = await services.put({ dataProviderId: 'p', dataProviderMessageId: newId });
    const columns = (await columnsOfTheStore(services.database))
      .filter(({ table }) => table === 'messages')
      .map(({ column }) => column);
    const forged: Readonly<Record<string, string>> = { id: newId, message: `'forged'`, schedule_id: 'null' };
    const values = columns.map(column => forged[column] ?? column);
    await expect(
      services.database.write(({ query }) =>
        query(
          `${INSERT_OR_REPLACE} into messages (${columns.join(', ')})
            select ${values.join(', ')} from messages where id = ?`,
          [id],
        ),
      ),
    ).rejects.toThrow(/there is a message with this id|duplicate key value/);
    expect((await services.stored(id)).message).not.toBe('forged');
  });

  test('by an update of rows through TypeORM', async () => {
    const id = await services.put({});
    const update = services.database.write(({ manager }) =>
      manager.update(Message, { id }, { status: 'SENT' }),
    );
    await expect(update).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test.each([
    `direction = 'INCOMING'`,
    `status = 'RECEIVED'`,
    `status = 'SENT'`,
    `type = 'RUMOUR'`,
    'parent_id = 999999',
    'created_at = 0',
    'id = 999999',
    'schedule_id = 999999',
  ])('by SQL that would set %s', async assignment => {
    const id = await services.put({});
    const before = await services.stored(id);
    const update = services.database.write(({ query }) =>
      query(`update messages set ${assignment} where id = ?`, [id]),
    );
    await expect(update).rejects.toThrow(BROKEN_CONSTRAINT);
    expect(await services.stored(id)).toEqual(before);
  });

  test('a find by an id that is undefined throws, instead of giving the first message', async () => {
    await services.put({});
    const find = services.database.write(({ manager }) =>
      manager.findOneBy(Message, { id: undefined as unknown as number }),
    );
    await expect(find).rejects.toThrow(/undefined/i);
  });
});

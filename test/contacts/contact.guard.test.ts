import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Contact } from '../../src/contacts/contact.entity';
import { openServices, type Services } from '../support/services';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

async function saved(contact: object): Promise<Contact> {
  return services.database.write(({ manager }) =>
    manager.save(Object.assign(new Contact(), { id: randomUUID(), type: 'PHONE' }, contact)),
  );
}

/** Reads a contact through TypeORM alone, changes its fields as plain properties, and saves it. */
async function saveChanged(id: string, change: object): Promise<Contact> {
  return services.database.write(async ({ manager }) =>
    manager.save(Object.assign(await manager.findOneByOrFail(Contact, { id }), change)),
  );
}

describe('a plain TypeORM save of a contact', () => {
  test('makes the key of the address and what a search looks in', async () => {
    const { id, key } = await saved({ address: '+1 (555) 010-0101', name: 'Ada' });
    expect(key).toBe('+15550100101');
    const rows = await services.database.read<{ text: string }>(
      'select search_text as text from contacts where id = ?',
      [id],
    );
    expect(rows).toEqual([{ text: 'ada\u001f+1 (555) 010-0101' }]);
  });

  test('gives a changed address its key, and the change its time', async () => {
    const { id, createdAt } = await saved({ address: '+15550100102' });
    services.clock.advance(1_000);
    const { key, updatedAt } = await saveChanged(id, { address: '+1 555 010 0103' });
    expect([key, updatedAt.getTime() - createdAt.getTime()]).toEqual(['+15550100103', 1_000]);
  });

  test.each<[string, object, object]>([
    ['an unknown type', { type: 'PIGEON' }, { code: 'BAD_USER_INPUT' }],
    ['a blank name', { name: ' ' }, { code: 'BAD_USER_INPUT' }],
    ['a key of its own', { address: '+15550100104', key: 'x', mergedInto: 'y' }, { code: 'BAD_USER_INPUT' }],
    ['an address that somebody has', { address: '+15550100100' }, { code: 'CONFLICT' }],
    ['a merge', { mergedInto: 'somebody' }, { code: 'BAD_USER_INPUT' }],
  ])('is refused for %s, new or changed', async (_, wrong, refusal) => {
    const taken = await services.database.read('select 1 from contacts where "key" = ?', ['+15550100100']);
    if (taken.length === 0) await saved({ address: '+15550100100' });
    await expect(saved(wrong)).rejects.toMatchObject(refusal);
    const { id } = await saved({});
    await expect(saveChanged(id, wrong)).rejects.toMatchObject(refusal);
  });

  test.each([[undefined], [''], ['a\nb'], ['x'.repeat(65)]])('is refused for the id %j', async id => {
    await expect(saved({ id })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('is refused over a contact that is there, and for a change past its entity', async () => {
    const { id } = await saved({});
    await expect(
      services.database.write(({ manager }) => manager.insert(Contact, { id, type: 'OTHER' })),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(
      services.database.write(({ manager }) => manager.update(Contact, { id }, { name: 'x' })),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('never removes one', async () => {
    const contact = await saved({});
    await expect(services.database.write(({ manager }) => manager.remove(contact))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});

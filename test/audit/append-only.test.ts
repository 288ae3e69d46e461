import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EntityManager } from 'typeorm';
import { AuditEntry } from '../../src/audit/audit.entity';
import { BROKEN_CONSTRAINT, INSERT_OR_REPLACE } from '../support/engine-words';
import { CALLER, openServices, type Services } from '../support/services';

let services: Services;
let id: number;
beforeAll(async () => {
  services = await openServices();
  const { message } = await services.service.create(CALLER, { message: 'Boil water.', channels: ['SMS'] });
  id = message.id;
});
afterAll(() => services.close());

const entries = () => services.database.read('select * from audit_entries');

type Attempt = (manager: EntityManager, entry: AuditEntry) => Promise<unknown>;

const FORGED = {
  ...{ at: new Date(0), action: 'CREATED', actor: 'OPERATOR', tokenId: null, requestId: null },
  ...{ messageId: 1, version: 1, changes: [] },
} satisfies Partial<AuditEntry>;
const FORGED_SQL = `(id, at, action, actor, message_id, version, changes) values (1, 0, 'CREATED', 'OPERATOR', 1, 1, '[]')`;

const ATTEMPTS: readonly (readonly [string, Attempt])[] = [
  [
    'a save of a changed entity',
    (manager, entry) => manager.save(Object.assign(entry, { actor: 'OPERATOR' })),
  ],
  ['an update of rows', manager => manager.update(AuditEntry, { messageId: id }, { version: 9 })],
  ['a removal of the entity', (manager, entry) => manager.remove(entry)],
  ['a deletion of rows', manager => manager.delete(AuditEntry, { messageId: id })],
  ['clearing the table', manager => manager.clear(AuditEntry)],
  ['a new entity', manager => manager.save(manager.create(AuditEntry, FORGED))],
  ['an insert of rows', manager => manager.insert(AuditEntry, FORGED)],
  ['an upsert', manager => manager.upsert(AuditEntry, { id: 1, ...FORGED }, ['id'])],
  ['an update by SQL', manager => manager.query('update audit_entries set at = 0')],
  ['a deletion by SQL', manager => manager.query('delete from audit_entries')],
  ['a replacement by SQL', manager => manager.query(`${INSERT_OR_REPLACE} into audit_entries ${FORGED_SQL}`)],
  [
    'an upsert by SQL',
    manager => manager.query(`insert into audit_entries ${FORGED_SQL} on conflict (id) do update set at = 0`),
  ],
];

describe('an entry stays as it was written, even if somebody tries', () => {
  test.each(ATTEMPTS)('%s', async (_what, attempt) => {
    const before = await entries();
    const tried = services.database.write(async ({ manager }) =>
      attempt(manager, await manager.findOneByOrFail(AuditEntry, { messageId: id })),
    );
    await expect(tried).rejects.toThrow(/never (changes|deleted)|is not made by itself|duplicate key value/);
    expect(await entries()).toEqual(before);
    expect(before).toHaveLength(1);
  });
});

describe('an entry says who it was, in full:', () => {
  test.each([
    `(at, action, actor, message_id, version, changes) values (0, 'CREATED', 'TOKEN', 1, 1, '[]')`,
    `(at, action, actor, token_id, message_id, version, changes) values (0, 'CREATED', 'TOKEN', 1, 1, 1, '[]')`,
    `(at, action, actor, token_id, request_id, message_id, version, changes) values (0, 'CREATED', 'ADMIN', 1, 'r', 1, 1, '[]')`,
    `(at, action, actor, request_id, message_id, version, changes) values (0, 'CREATED', 'OPERATOR', 'r', 1, 1, '[]')`,
    `(at, action, actor, message_id, version, changes) values (0, 'CREATED', 'SOMEBODY', 1, 1, '[]')`,
    `(at, action, actor, message_id, version, changes) values (0, 'DELETED', 'OPERATOR', 1, 1, '[]')`,
  ])('not %s', async values => {
    const insert = services.database.write(({ query }) => query(`insert into audit_entries ${values}`));
    await expect(insert).rejects.toThrow(BROKEN_CONSTRAINT);
  });
});

test('ids are never used again, even if a transaction that took one failed', async () => {
  const lastId = async () =>
    (await services.database.read<{ id: number }>('select max(id) id from audit_entries'))[0]?.id ?? 0;
  const before = await lastId();
  const failing = services.database.write(async unit => {
    const attempts = await services.attempts.toChange(
      unit,
      [{ id: String(id), patch: { title: 'lost' } }],
      [],
    );
    await services.attempts.store(unit, CALLER, attempts);
    throw new Error('after all');
  });
  await expect(failing).rejects.toThrow('after all');
  expect(await lastId()).toBe(before);
  await services.service.update(CALLER, String(id), { title: 'kept' });
  expect(await lastId()).toBeGreaterThan(before);
});

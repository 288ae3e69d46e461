import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLER } from '../support/services';
import { AuditEntry } from '../../src/audit/audit.entity';
import { model } from '../../src/model';
import { openSqlite } from '../../src/platform/database/open-sqlite';
import { type Database } from '../../src/platform/database/database';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heliograph-upgrade-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As the release before data providers had it. */
const formerModel = {
  entities: model.entities.filter(entity => entity !== AuditEntry),
  migrations: model.migrations.filter(({ name }) => !name.startsWith('AuditProviders')),
};

test('a record from before data providers keeps its entries, its ids and its guards', async () => {
  const file = join(folder, 'store.sqlite');
  const former = await openSqlite({ file, model: formerModel, subscribers: [] });
  const { kind, tokenId, requestId } = CALLER;
  await former.write(async ({ query }) => {
    for (let id = 1; id <= 3_000; id += 1) {
      const values = [id, 'CHANGED', kind, tokenId, requestId, id % 7, id, '[]'];
      await query(
        `insert into audit_entries (at, action, actor, token_id, request_id, message_id, version, changes)
          values (?, ?, ?, ?, ?, ?, ?, ?)`,
        values,
      );
    }
    // An id that was given once, and whose entry was not committed.
    await query(`update sqlite_sequence set seq = 4000 where name = 'audit_entries'`);
  });
  const before = await definitionsAndRows(former);
  await former.close();

  const store = await openSqlite({ file, model, subscribers: [] });
  try {
    const after = await definitionsAndRows(store);
    expect(after.rows).toEqual(before.rows.map(row => ({ ...(row as object), provider_id: null })));
    expect(after.names).toEqual(before.names);
    expect(await store.read(`select seq from sqlite_sequence where name like 'audit_entries%'`)).toEqual([
      { seq: 4_000 },
    ]);
    for (const statement of ['update audit_entries set version = 1', 'delete from audit_entries'])
      await expect(store.write(({ query }) => query(statement))).rejects.toThrow(/never/);
    const mixed = `insert into audit_entries (at, action, actor, message_id, version, changes, provider_id)
      values (1, 'CREATED', ?, 1, 1, '[]', ?)`;
    await store.write(({ query }) => query(mixed, ['PROVIDER', 'ward']));
    await expect(store.write(({ query }) => query(mixed, ['PROVIDER', null]))).rejects.toThrow(/CHECK/);
    await expect(store.write(({ query }) => query(mixed, ['OPERATOR', 'ward']))).rejects.toThrow(/CHECK/);
  } finally {
    await store.close();
  }
});

async function definitionsAndRows(store: Database) {
  const rows = await store.read('select * from audit_entries order by id');
  const names = await store.read(
    `select name, type from sqlite_master where tbl_name = 'audit_entries' and name not like 'sqlite_%' order by name`,
  );
  return { rows, names };
}

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditEntry } from '../../src/audit/audit.entity';
import { Message } from '../../src/messages/message.entity';
import { MessageStore } from '../../src/messages/message.store';
import { model } from '../../src/model';
import { openSqlite } from '../../src/platform/database/open-sqlite';
import { completeSchedule } from '../../src/schedules/schedule.rules';
import { openGateway } from '../support/gateway';
import { incoming, outgoing } from '../support/store';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heliograph-upgrade-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As the release before the audit record had it. */
const formerModel = {
  entities: model.entities.filter(entity => entity !== AuditEntry),
  migrations: model.migrations.filter(({ name }) => !name.startsWith('Audit')),
};

test('a store from before the record keeps its messages, and records from then on', async () => {
  const file = join(folder, 'store.sqlite');
  const former = await openSqlite({ file, model: formerModel, subscribers: [] });
  const schedule = completeSchedule({ start: new Date('2026-03-02T09:00:00Z'), frequency: 'DAILY' });
  const states = [incoming({ version: 3 }), outgoing(), outgoing({ schedule })];
  await former.write(({ query }) =>
    new MessageStore(former).insert(
      query,
      states.map(state => Message.of(state)),
    ),
  );
  const before = await former.read('select * from messages order by id');
  expect(await former.read(`select 1 from sqlite_master where name = 'audit_entries'`)).toEqual([]);
  await former.close();

  const gateway = await openGateway({}, `sqlite:${file}`);
  try {
    expect(await gateway.database.read('select * from messages order by id')).toEqual(before);
    const history =
      '{ message(id: 1) { history { totalCount nodes { action version changes { field from to } } } } }';
    expect((await gateway.graphql(history)).data).toEqual({
      message: { history: { totalCount: 0, nodes: [] } },
    });
    await gateway.graphql('mutation { updateMessageStatus(id: 1, status: ARCHIVED) { message { id } } }');
    await gateway.graphql('mutation { updateMessage(id: 3, input: { repeats: false }) { message { id } } }');
    expect((await gateway.graphql(history)).data).toEqual({
      message: {
        history: {
          totalCount: 1,
          nodes: [
            {
              action: 'CHANGED',
              version: 4,
              changes: [{ field: 'status', from: 'RECEIVED', to: 'ARCHIVED' }],
            },
          ],
        },
      },
    });
    const log = '{ auditLog(filter: { messageId: 3 }) { nodes { changes { field from } } } }';
    expect((await gateway.graphql(log)).data).toMatchObject({
      auditLog: {
        nodes: [
          {
            changes: [
              { field: 'repeats', from: true },
              { field: 'schedule', from: { frequency: 'DAILY', timeZone: 'UTC' } },
            ],
          },
        ],
      },
    });
  } finally {
    await gateway.close();
  }
});

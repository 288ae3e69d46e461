import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../support/gateway';
import { within } from './store-in-trouble';
import { type Fault, writerFaults } from './writer-faults';

let gateway: Gateway;
const faults = writerFaults();
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(async () => {
  await gateway.close();
  faults.remove();
});

const INPUT = { message: 'Boil water.', channels: ['SMS', 'MAIL'], recipientIds: ['7', '8'] };
const SCHEDULE = { start: '2031-01-01T08:00:00Z', frequency: 'WEEKLY', byDay: ['MO'] };
const BAD_INPUT = { message: ' ', channels: ['SMS'] };

/** An operation on three messages that are PENDING; the key is another one for each run. */
interface Mutation {
  readonly name: string;
  readonly query: string;
  readonly variables: (ids: readonly string[], key: string) => object;
}

const CREATE = `mutation ($input: CreateMessageInput!, $key: String) {
  createMessage(input: $input, idempotencyKey: $key) { message { id schedule { rrule } } }
}`;
const UPDATE =
  'mutation ($id: ID!, $input: UpdateMessageInput!) { updateMessage(id: $id, input: $input) { message { id } } }';
const UPDATE_STATUS =
  'mutation ($id: ID!, $status: MessageStatus!) { updateMessageStatus(id: $id, status: $status) { message { id } } }';
const BATCH_CREATE = `mutation ($inputs: [CreateMessageInput!]!, $policy: BatchErrorPolicy!, $key: String) {
  batchCreateMessages(inputs: $inputs, errorPolicy: $policy, idempotencyKey: $key) { succeeded }
}`;
const BATCH_UPDATE = `mutation ($resources: [MessageBatchUpdate!]!, $policy: BatchErrorPolicy!, $key: String) {
  batchUpdateMessages(resources: $resources, errorPolicy: $policy, idempotencyKey: $key) { succeeded }
}`;
const BATCH_STATUS = `mutation ($ids: [ID!]!, $policy: BatchErrorPolicy!, $key: String) {
  batchUpdateMessageStatus(ids: $ids, status: SENT, errorPolicy: $policy, idempotencyKey: $key) { succeeded }
}`;

const single: readonly Mutation[] = [
  { name: 'createMessage', query: CREATE, variables: () => ({ input: INPUT }) },
  {
    name: 'createMessage with a key, a schedule and a parent',
    query: CREATE,
    variables: ([parentId], key) => ({ input: { ...INPUT, parentId, schedule: SCHEDULE }, key }),
  },
  {
    name: 'updateMessage',
    query: UPDATE,
    variables: ([id]) => ({ id, input: { message: 'Boil it well.', recipientIds: ['9'] } }),
  },
  {
    name: 'updateMessage with a schedule',
    query: UPDATE,
    variables: ([id]) => ({ id, input: { schedule: SCHEDULE } }),
  },
  { name: 'updateMessageStatus', query: UPDATE_STATUS, variables: ([id]) => ({ id, status: 'SENT' }) },
];

const batches: readonly Mutation[] = ['ATOMIC', 'PARTIAL'].flatMap(policy =>
  [false, true].flatMap(keyed => {
    const given = (key: string) => ({ policy, ...(keyed && { key }) });
    const manner = `${policy}${keyed ? ', with a key' : ''}`;
    const refused = policy === 'PARTIAL' ? [BAD_INPUT] : [];
    return [
      {
        name: `batchCreateMessages, ${manner}`,
        query: BATCH_CREATE,
        variables: (_: readonly string[], key: string) => ({
          inputs: [INPUT, ...refused, { ...INPUT, schedule: SCHEDULE }],
          ...given(key),
        }),
      },
      {
        name: `batchUpdateMessages, ${manner}`,
        query: BATCH_UPDATE,
        variables: (ids: readonly string[], key: string) => ({
          resources: [
            ...ids.map((id, index) => ({
              id,
              patch: index === 0 ? { schedule: SCHEDULE } : { title: 'Water' },
            })),
            ...(policy === 'PARTIAL' ? [{ id: '0', patch: { title: 'Nobody' } }] : []),
          ],
          ...given(key),
        }),
      },
      {
        name: `batchUpdateMessageStatus, ${manner}`,
        query: BATCH_STATUS,
        variables: (ids: readonly string[], key: string) => ({
          ids: [...ids, ...(policy === 'PARTIAL' ? ['0'] : [])],
          ...given(key),
        }),
      },
    ];
  }),
);

let runs = 0;
const prepared = async ({ query, variables }: Mutation) => {
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) ids.push(String(await gateway.put({})));
  const given = variables(ids, `run ${(runs += 1)}`);
  return () => gateway.graphql<Record<string, unknown>>(query, given);
};

/** Every row of every table, those of the search index included. */
const dump = async (): Promise<string> => {
  const { read } = gateway.database;
  const tables = await read<{ name: string }>(
    `select name from sqlite_master where type = 'table' order by name`,
  );
  const rows: unknown[] = [];
  for (const { name } of tables) rows.push(name, await read(`select * from "${name}"`));
  return JSON.stringify(rows);
};

const KINDS: readonly (Fault & { readonly title: string; readonly told: string })[] = [
  { title: 'SQLITE_IOERR', code: 'SQLITE_IOERR', told: 'DATABASE_UNAVAILABLE' },
  { title: 'SQLITE_FULL', code: 'SQLITE_FULL', told: 'STORAGE_FULL' },
  {
    title: 'SQLITE_FULL, where SQLite has rolled back by itself',
    code: 'SQLITE_FULL',
    instead: 'rollback',
    told: 'STORAGE_FULL',
  },
];

describe.each(KINDS)(
  'with $title at every statement in turn, from the first to the commit',
  ({ told, ...fault }) => {
    test.each([...single, ...batches])(
      '$name is refused, leaves the store as it was, and succeeds afterwards',
      async mutation => {
        const failed: string[] = [];
        for (;;) {
          const send = await prepared(mutation);
          const before = await dump();
          const hit = faults.failAt(failed.length + 1, fault);
          const answer = await send();
          faults.stop();
          if (hit() === null) {
            expect(answer.errors).toBeUndefined();
            break;
          }
          failed.push(hit() ?? '');
          expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([503, told]);
          expect(await dump()).toBe(before);
          const again = await send();
          expect(again.errors).toBeUndefined();
          expect(await dump()).not.toBe(before);
        }
        expect(failed[0]).toBe('begin immediate');
        expect(failed.at(-1)).toBe('commit');
        expect(failed.length).toBeGreaterThan(3);
      },
    );
  },
);

const countOf = async (name: string): Promise<number> => {
  const [row] = await gateway.database.read<{ count: number }>(`select count(*) as count from ${name}`);
  return row?.count ?? 0;
};

describe('a commit that SQLite has carried out and nevertheless reports as failed', () => {
  test('is told as a failure, stands whole, and is not repeated under its key', async () => {
    const variables = { inputs: [INPUT, INPUT], policy: 'ATOMIC', key: 'committed all the same' };
    const before = await countOf('messages');
    let n = 0;
    let hit: string | null;
    do {
      const send = () =>
        gateway.graphql(BATCH_CREATE, n === 0 ? variables : { ...variables, key: `count ${n}` });
      const happened = faults.failAt((n += 1), { code: 'SQLITE_IOERR' });
      await send();
      hit = happened();
    } while (hit !== 'commit');
    expect(await countOf('messages')).toBe(before);
    faults.failAt(n, { code: 'SQLITE_IOERR', afterwards: true });
    const { status, errors } = await gateway.graphql(BATCH_CREATE, variables);
    faults.stop();
    expect([status, errors?.[0]?.extensions.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(await countOf('messages')).toBe(before + 2);
    const again = await gateway.graphql<{ batchCreateMessages: { succeeded: number } }>(
      BATCH_CREATE,
      variables,
    );
    expect(again.data?.batchCreateMessages.succeeded).toBe(2);
    expect(await countOf('messages')).toBe(before + 2);
  });
});

describe('a transaction', () => {
  const insert = `insert into idempotency_keys (owner, key, operation, input_hash, outcome, created_at)
    values ('test', ?, '', '', '', 0)`;

  test('takes no statement after one that failed, even if somebody catches that and goes on', async () => {
    const before = await countOf('idempotency_keys');
    faults.failAt(3, { code: 'SQLITE_FULL', instead: 'rollback' });
    const write = gateway.database.write(async ({ query }) => {
      await query(insert, ['one']);
      await query(insert, ['two']).catch(() => undefined);
      await query(insert, ['three']).catch(() => undefined);
    });
    await expect(write).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    faults.stop();
    expect(await countOf('idempotency_keys')).toBe(before);
  });

  test('takes no statement after one that failed, even if they were sent together', async () => {
    const before = await countOf('idempotency_keys');
    faults.failAt(2, { code: 'SQLITE_FULL', instead: 'rollback' });
    const write = gateway.database.write(({ query }) =>
      Promise.all(['one', 'two', 'three'].map(key => query(insert, [key]))),
    );
    await expect(write).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    faults.stop();
    expect(await countOf('idempotency_keys')).toBe(before);
  });

  test('takes no statement after its end', async () => {
    const before = await countOf('idempotency_keys');
    const { query } = await gateway.database.write(async unit => {
      await unit.query('select 1');
      return unit;
    });
    await expect(query(insert, ['late'])).rejects.toThrow('over');
    expect(await countOf('idempotency_keys')).toBe(before);
  });

  test('is over even if its rollback fails: the next one is its own', async () => {
    const before = await countOf('idempotency_keys');
    const hit = faults.failAt(3, { code: 'SQLITE_IOERR' });
    const refused = new Error('no');
    const write = gateway.database.write(async ({ query }) => {
      await query(insert, ['one']);
      throw refused;
    });
    await expect(write).rejects.toBe(refused);
    expect(hit()).toBe('rollback');
    faults.stop();
    let attempts = 0;
    const written = await within(5_000, async () => {
      attempts += 1;
      return gateway.database
        .write(({ query }) => query(insert, [`next ${attempts}`]))
        .then(
          () => true,
          () => false,
        );
    });
    expect(written).toBe(true);
    expect(await countOf('idempotency_keys')).toBe(before + 1);
  });
});

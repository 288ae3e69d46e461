import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { actorOf } from '../../../src/audit/actor';
import { OwnWrites } from '../../../src/audit/own-writes';
import { type Scope } from '../../../src/auth/scope.kinds';
import { adminViewer, anonymousViewer, tokenViewer } from '../../../src/auth/viewer';
import { numbered } from '../../../src/platform/database/postgres/placeholders';
import { type SqlValue } from '../../../src/platform/database/query';
import { type Gateway, openGateway } from '../../support/gateway';
import { create, MINIMAL } from '../../support/mutations';
import { FORGETFUL, type PostgresServer, startPostgres } from '../../support/postgres-server';
import { forLenientRequest, type Replica, startReplica } from '../../support/replica';
import { asAnother, newDatabase, open } from './databases';

/** No test waits for that: while the replica stands still, it is a copy that may be read. */
const READ_LAG_MS = 60_000;

let server: PostgresServer;
let replica: Replica;
let url: string;
let here: Gateway;
let there: Gateway;
beforeAll(async () => {
  server = await startPostgres({ ...FORGETFUL, synchronous_commit: 'on' });
  replica = await startReplica(server);
  url = await newDatabase(server.url);
  await (await open(url)).close();
  await replica.catchUp();
  [here, there] = [await gateway(), await gateway()];
}, 60_000);
afterAll(async () => {
  for (const each of [here, there]) await each.close();
  for (const each of [replica, server]) await each.remove();
});
afterEach(async () => {
  await replica.resume();
  await replica.catchUp();
});

/** Opens a gateway that has come to read from the replica. */
async function gateway(settings: NodeJS.ProcessEnv = {}): Promise<Gateway> {
  const opened = await openGateway(
    {
      DATABASE_READ_URLS: replica.urlOf(url),
      DATABASE_READ_LAG_MS: String(READ_LAG_MS),
      ...settings,
    },
    url,
  );
  const isFollowing = (): Promise<readonly { following: boolean }[]> =>
    forLenientRequest(opened.database).read('select pg_is_in_recovery() as following');
  while ((await isFollowing())[0]?.following !== true) await setTimeout(20);
  return opened;
}

async function token(...scopes: readonly Scope[]): Promise<string> {
  const made = await here.tokens.create({ name: scopes.join(), scopes, expiresAt: null });
  return `Bearer ${made.token}`;
}

const WRITE = `mutation { createMessage(input: { message: "The dam holds.", channels: [SMS] }) {
  message { id parent { id } }
} }`;
const READ = 'query ($id: ID!) { message(id: $id) { text } }';

async function write(by: Gateway, authorization?: string): Promise<string> {
  const { data } = await by.graphql<{ createMessage: { message: { id: string } } }>(WRITE, {}, authorization);
  return data?.createMessage.message.id ?? '';
}

async function read(by: Gateway, id: string, authorization?: string): Promise<unknown> {
  return (await by.graphql<{ message: unknown }>(READ, { id }, authorization)).data?.message;
}

describe('with a replica that stands still', () => {
  test.each([
    ['a token', (): Promise<string | undefined> => token('messages:create', 'messages:read')],
    ['ADMIN_TOKEN', () => Promise.resolve(undefined)],
  ])('who writes with %s reads that at once through any gateway', async (_who, authorize) => {
    const authorization = await authorize();
    await replica.pause();
    const id = await write(here, authorization);
    for (const each of [here, there, here, there]) {
      expect(await read(each, id, authorization)).toEqual({ text: 'The dam holds.' });
    }
  });

  test('others may see the former state until it goes on', async () => {
    const [writer, reader] = [await token('messages:create', 'messages:read'), await token('messages:read')];
    await replica.catchUp();
    await replica.pause();
    const id = await write(here, writer);
    expect(await read(there, id, reader)).toBeNull();
    await replica.resume();
    await replica.catchUp();
    expect(await read(there, id, reader)).toEqual({ text: 'The dam holds.' });
  });

  test('who writes without a token reads that at once as well', async () => {
    const open = await gateway({ ANONYMOUS_SCOPES: 'messages:create,messages:read' });
    try {
      await replica.pause();
      const id = await write(here, '');
      expect(id).toBe('');
      const own = await write(open, '');
      expect(await read(open, own, '')).toEqual({ text: 'The dam holds.' });
    } finally {
      await open.close();
    }
  });

  test('a token is good, and revoked, from the next request on', async () => {
    await replica.pause();
    const made = await here.tokens.create({ name: 'short', scopes: ['messages:read'], expiresAt: null });
    const authorization = `Bearer ${made.token}`;
    expect((await there.graphql(READ, { id: '1' }, authorization)).status).toBe(200);
    await here.tokens.revoke(made.record.id);
    expect((await there.graphql(READ, { id: '1' }, authorization)).status).toBe(401);
  });

  test('what a mutation answers is the present state, with all that hangs on it', async () => {
    const parent = await create(here, MINIMAL);
    const writer = await token('messages:create', 'messages:read');
    await replica.pause();
    const sibling = await create(there, { message: 'Which bridge?', parentId: parent.message.id });
    const { data } = await there.graphql(
      `mutation ($id: ID!) { createMessage(input: { message: "All.", parentId: $id }) {
        message { parent { id replies { totalCount nodes { id parent { id } } } } }
      } }`,
      { id: parent.message.id },
      writer,
    );
    const { id } = parent.message;
    expect(data).toMatchObject({
      createMessage: {
        message: {
          parent: { id, replies: { totalCount: 2, nodes: [{ id: sibling.message.id, parent: { id } }, {}] } },
        },
      },
    });
  });
});

describe('whether somebody has written of late', () => {
  test.each([
    ['a token', tokenViewer(3, ['messages:create'])],
    ['ADMIN_TOKEN', adminViewer()],
    ['nobody known', anonymousViewer('203.0.113.9', ['messages:update'])],
  ])('is found by its index, for %s, and true only after the mark', async (_who, viewer) => {
    await asAnother(url, async client => {
      await client.query(
        `insert into audit_entries (at, action, actor, token_id, request_id, message_id, version, changes)
          select 1, 'CREATED', actor, case when actor = 'TOKEN' then 3 end,
            case when actor <> 'OPERATOR' then 'r' end, 1, 1, '[]'
            from generate_series(1, 5000) as turn, unnest(array['TOKEN', 'ADMIN', 'ANONYMOUS', 'OPERATOR']) as actor
            order by turn`,
      );
      await client.query('vacuum analyze audit_entries');
      const { rows } = await client.query<{ last: string }>(
        'select max(id) as last from audit_entries where actor = $1',
        [actorOf(viewer, '').kind],
      );
      const last = Number(rows[0]?.last);
      const asked: [sql: string, parameters: readonly SqlValue[]][] = [];
      const ownWrites = new OwnWrites({
        ...here.database,
        readFresh: (sql, parameters = []) => {
          asked.push([sql, parameters]);
          return here.database.readFresh(sql, parameters);
        },
      });
      expect(await ownWrites.areAfter(viewer, last - 2_000)).toBe(true);
      expect(await ownWrites.areAfter(viewer, last - 1)).toBe(true);
      expect(await ownWrites.areAfter(viewer, last)).toBe(false);
      const plans: string[] = [];
      for (const [sql, parameters] of asked) {
        plans.push(JSON.stringify((await client.query(`explain ${numbered(sql)}`, [...parameters])).rows));
      }
      expect(plans.filter(plan => plan.includes('Seq Scan'))).toEqual([]);
      expect(plans[0]).toContain('Index Only Scan using audit_entries_by_writer');
    });
  });

  test('is not even asked of those who cannot write', async () => {
    const before = here.statements();
    const readOnly = await token('messages:read');
    await here.graphql(READ, { id: '1' }, readOnly);
    // Whose the token is, and the message.
    expect(here.statements() - before).toBe(2);
    await here.graphql(READ, { id: '1' }, await token('messages:read', 'messages:update'));
    expect(here.statements() - before).toBe(5);
  });
});

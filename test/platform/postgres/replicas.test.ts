import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database } from '../../../src/platform/database/database';
import { openPostgres } from '../../../src/platform/database/postgres/open-postgres';
import { currentRun } from '../../support/postgres-databases';
import { FORGETFUL, type PostgresServer, startPostgres } from '../../support/postgres-server';
import { forLenientRequest, type Replica, startReplica } from '../../support/replica';
import { asAnother, newDatabase, open, postgresModel } from './databases';

/** Short enough for tests that wait until it is over; the servers are looked at every sixth of it. */
const MAX_LAG_MS = 900;

/** Any length of time after which something that did not happen would have. */
const PATIENCE_MS = 10_000;

let server: PostgresServer;
let replica: Replica;
let other: Replica;
let url: string;
beforeAll(async () => {
  server = await startPostgres({ ...FORGETFUL, synchronous_commit: 'on' });
  replica = await startReplica(server, { max_standby_streaming_delay: '0' });
  other = await startReplica(server);
}, 60_000);
afterAll(async () => {
  for (const each of [replica, other, server]) await each.remove();
});

let database: Database;
let news: [replica: string, why: string | null][];
beforeEach(async () => {
  news = [];
  url = await newDatabase(server.url);
  await (await open(url)).close();
  for (const each of [replica, other]) await each.catchUp();
});
afterEach(() => database.close());

/** Opens the store with these replicas, and waits until something is known of each. */
async function follow(...readUrls: readonly string[]): Promise<void> {
  database = await openPostgres({
    url,
    model: postgresModel,
    subscribers: [],
    replicas: {
      urls: readUrls,
      record: 'audit_entries',
      maxLagMs: MAX_LAG_MS,
      onChange: (...told) => news.push(told),
    },
  });
  await until(() => news.length >= readUrls.length);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error('It never came about.');
    await setTimeout(10);
  }
}

/** The port of the server that answers. */
async function portRead({ read }: Pick<Database, 'read'>): Promise<number | undefined> {
  const [row] = await read<{ port: number }>('select inet_server_port() as port');
  return row?.port;
}

/** The store for a request that allows it to lag. */
const lenient = (hasWrittenSince?: (mark: number) => boolean): Database =>
  forLenientRequest(database, hasWrittenSince);

const portOf = (address: string): number => Number(new URL(address).port);

describe('reads with a replica', () => {
  test('go to it where a request allows that, and nowhere else', async () => {
    await follow(replica.urlOf(url));
    expect(news).toEqual([[expect.stringContaining(new URL(url).pathname), null]]);
    expect(await portRead(database)).toBe(server.port);
    expect(await portRead(lenient())).toBe(portOf(replica.urlOf(url)));
    expect(await portRead({ read: lenient().readFresh })).toBe(server.port);
  });

  test('stay on one replica throughout a request, and spread over all from one to the next', async () => {
    const urls = [replica.urlOf(url), other.urlOf(url)];
    await follow(...urls);
    const requests = await Promise.all(
      Array.from({ length: 8 }, () => {
        const store = lenient();
        return Promise.all(Array.from({ length: 5 }, () => portRead(store)));
      }),
    );
    for (const ports of requests) expect(new Set(ports).size).toBe(1);
    expect(new Set(requests.flat())).toEqual(new Set(urls.map(portOf)));
  });

  test('ask once for each request whether its caller has written, and go to the server if so', async () => {
    await follow(replica.urlOf(url));
    const marks: number[] = [];
    const store = lenient(mark => marks.push(mark) > 0);
    const ports = await Promise.all([portRead(store), portRead(store), portRead(store)]);
    expect(ports).toEqual([server.port, server.port, server.port]);
    expect(marks).toEqual([0]);
  });

  test('go to the server once the request has begun to write', async () => {
    await follow(replica.urlOf(url));
    const store = lenient();
    const before = await portRead(store);
    await store.write(({ query }) => query('select 1'));
    expect([before, await portRead(store)]).toEqual([portOf(replica.urlOf(url)), server.port]);
  });

  test('are told a mark that no write in progress may still come below', async () => {
    await follow(replica.urlOf(url));
    let mark = -1;
    const looked = () =>
      portRead(
        lenient(given => {
          mark = given;
          return false;
        }),
      );
    await asAnother(url, async client => {
      await client.query('begin');
      const insert = `insert into audit_entries (at, action, actor, message_id, version, changes)
        values (1, 'CREATED', 'OPERATOR', 1, 1, '[]') returning id`;
      const held = Number((await client.query<{ id: string }>(insert)).rows[0]?.id);
      await asAnother(url, inner => inner.query(insert));
      await setTimeout(MAX_LAG_MS / 2);
      await looked();
      expect(mark).toBeLessThan(held);
      await client.query('commit');
      await until(async () => {
        await looked();
        return mark > held;
      });
    });
  });
});

describe('a replica', () => {
  test('that lags behind for too long is left alone until it has caught up; each is told once', async () => {
    await follow(replica.urlOf(url));
    await replica.pause();
    await database.write(({ query }) => query('create table later (id bigint)'));
    await until(() => news.length > 1);
    expect(await lenient().read('select * from later')).toEqual([]);
    await setTimeout(MAX_LAG_MS / 2);
    await replica.resume();
    await until(() => news.length > 2);
    expect(await portRead(lenient())).toBe(portOf(replica.urlOf(url)));
    expect(news.map(([, why]) => why)).toEqual([null, 'it lags behind', null]);
  });

  test('that goes away is replaced by the server without an error, and used again when it is back', async () => {
    await follow(replica.urlOf(url));
    let isOver = false;
    const load = Array.from({ length: 6 }, async () => {
      const ports = new Set<number | undefined>();
      while (!isOver) ports.add(await portRead(lenient()));
      return ports;
    });
    await setTimeout(200);
    await replica.stop();
    await until(() => news.length > 1);
    await replica.start();
    await until(() => news.length > 2);
    isOver = true;
    for (const ports of await Promise.all(load)) {
      expect(ports).toEqual(new Set([portOf(replica.urlOf(url)), server.port]));
    }
    expect(news.map(([, why]) => why?.replace(/ \(.*/, '') ?? null)).toEqual([
      null,
      'it cannot be looked at',
      null,
    ]);
    await until(async () => (await portRead(lenient())) === portOf(replica.urlOf(url)));
  });

  test('that has been started anew is not read before it was looked at again', async () => {
    await follow(replica.urlOf(url));
    await portRead(lenient());
    await replica.stop();
    await replica.start();
    const ports = new Set<number | undefined>();
    await until(async () => {
      ports.add(await portRead(lenient()));
      return ports.size === 2;
    });
    expect([...ports]).toEqual([server.port, portOf(replica.urlOf(url))]);
  });

  test('whose replay cancels a statement leaves it to the server', async () => {
    await asAnother(url, client => client.query('create table rows as select 1 as one'));
    await replica.catchUp();
    await follow(replica.urlOf(url));
    const read = lenient().read('select inet_server_port() as port from rows, pg_sleep(1)');
    await setTimeout(300);
    await asAnother(url, client => client.query('alter table rows add two integer'));
    expect(await read).toEqual([{ port: server.port }]);
    await asAnother(replica.urlOf(url), client =>
      until(async () => {
        const { rows } = await client.query(
          'select 1 from pg_stat_database_conflicts where datname = current_database() and confl_lock > 0',
        );
        return rows.length > 0;
      }),
    );
  });

  test('takes nothing from what a mistake in a statement is told', async () => {
    await follow(replica.urlOf(url));
    await expect(lenient().read('select nonsense')).rejects.toMatchObject({
      code: '42703',
    });
  });

  test.each([
    ['the server itself', () => url, 'it follows no other server'],
    [
      'a copy of another database',
      () => replica.urlOf(server.url),
      'it is no copy of the database that DATABASE_URL names',
    ],
    [
      'a database of another server',
      () => currentRun().url,
      'it is no copy of the database that DATABASE_URL names',
    ],
    [
      'nothing that can be reached',
      () => 'postgres://127.0.0.1:1/none',
      'it cannot be looked at (ECONNREFUSED)',
    ],
  ])('that is %s is left alone', async (_what, address, why) => {
    await follow(address());
    expect(news.map(([, told]) => told)).toEqual([why]);
    expect(await portRead(lenient())).toBe(server.port);
  });

  test('whose address leads now to one, now to another server is left alone', async () => {
    const ports = [replica.urlOf(url), other.urlOf(url)].map(portOf);
    let turn = 0;
    const balancer = createServer(socket => {
      const far = connect(ports[(turn += 1) % ports.length] ?? 0, '127.0.0.1');
      socket.on('error', () => far.destroy()).pipe(far);
      far.on('error', () => socket.destroy()).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(balancer, 'listening');
    await follow(
      Object.assign(new URL(url), { port: String((balancer.address() as AddressInfo).port) }).href,
    );
    await until(() => news.at(-1)?.[1] === 'several servers answer at its address; name each by itself');
    expect(await portRead(lenient())).toBe(server.port);
    balancer.close();
  });

  test('that has become a server of its own is left alone', async () => {
    await follow(other.urlOf(url));
    await other.promote();
    await until(() => news.length > 1);
    expect(news.at(-1)?.[1]).toBe('it follows no other server');
    expect(await portRead(lenient())).toBe(server.port);
  });
});

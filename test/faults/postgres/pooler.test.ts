import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { Deadline } from '../../../src/platform/deadline';
import { asAnother, killSessions, newDatabase } from '../../platform/postgres/databases';
import { type Gateway, openGateway } from '../../support/gateway';
import { create, MINIMAL, update } from '../../support/mutations';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../../support/pgbouncer';
import { currentRun } from '../../support/postgres-databases';
import { Load } from './load';
import { expectHonest, expectWhole, isGood, outline, shareOfGood } from './whole';

const GATEWAYS = 4;
/** Far fewer than the gateways would make: whatever waits or is left behind on a connection meets somebody else. */
const POOL_SIZE = 4;

const ANSWERS = 250;
const KILLS = 6;
const CHANGES = 60;

let pooler: PgBouncer;
/** Without the pooler. */
let databaseUrl: string;
const gateways: Gateway[] = [];

(hasPgBouncer ? describe : describe.skip)('Gateways behind a pooler in transaction mode', () => {
  beforeAll(async () => {
    pooler = await startPgBouncer(currentRun().url, POOL_SIZE);
    databaseUrl = await newDatabase();
    // All at once, on a database with nothing in it: each would migrate it.
    await Promise.all(
      Array.from({ length: GATEWAYS }, async () =>
        gateways.push(await openGateway({}, pooler.through(databaseUrl))),
      ),
    );
  }, 60_000);
  afterAll(async () => {
    await Promise.all(gateways.map(gateway => gateway.close()));
    await pooler.stop();
  });

  test('have made one store of it, and are ready', async () => {
    expect(gateways.filter(({ database }) => database.isNew)).toHaveLength(1);
    expect(await Promise.all(gateways.map(({ database }) => database.isReady()))).toEqual(
      gateways.map(() => true),
    );
  });

  test('read and write as without it, over as few connections as it makes', async () => {
    const load = new Load(gateways.map(({ url }) => url));
    let most = 0;
    for (let answers = 50; answers <= ANSWERS; answers += 50) {
      await load.until(answers);
      most = Math.max(most, await connectionsToServer());
    }
    await load.stop();
    expect(outline(load.answers.filter(answer => !isGood(answer)))).toEqual([]);
    await expectWhole(databaseUrl, load);
    expect(await load.repeatDone(load.pieces.slice(-10))).toEqual([]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(POOL_SIZE);
  }, 60_000);

  test('leave nothing of their own on its connections', async () => {
    const left = await stateOfConnections();
    expect(new Set(left.map(({ pid }) => pid)).size).toBe(POOL_SIZE);
    expect(left.map(({ state }) => state)).toEqual(left.map(() => null));
  });

  test('change one message at the same time, and no change is lost', async () => {
    const [first] = gateways;
    const id = first === undefined ? '' : (await create(first, MINIMAL)).message.id;
    const titles = Array.from({ length: CHANGES }, (_, index) => `No ${index}`);
    await Promise.all(
      titles.map((title, index) => update(gateways[index % GATEWAYS] as Gateway, id, { title })),
    );
    expect((await first?.stored(Number(id)))?.version).toBe(1 + CHANGES);
  });

  test('stop the very statement that takes too long, and no other', async () => {
    const bystanders = new Bystanders();
    const victims = Array.from({ length: 3 }, () => within(500, 'select pg_sleep(20)'));
    expect(await Promise.all(victims)).toEqual(victims.map(() => 'TIMEOUT'));
    expect(await bystanders.stop()).toEqual(['done']);
    expect(await running('select pg_sleep(20)')).toBe(0);
  });

  test('give up in time where all of its connections are taken, and go on when one is free', async () => {
    const taken = Array.from({ length: POOL_SIZE }, () => within(10_000, 'select pg_sleep(2.5)'));
    let busy = 0;
    const busyBefore = performance.now() + 2_000;
    while (busy < POOL_SIZE && performance.now() < busyBefore) busy = await running('select pg_sleep(2.5)');
    expect(busy).toBe(POOL_SIZE);
    expect(await within(300, 'select 1')).toBe('TIMEOUT');
    expect(await within(10_000, 'select 1')).toBe('done');
    expect(await Promise.all(taken)).toEqual(taken.map(() => 'done'));
  });

  test('lose nothing where the server ends its connections', async () => {
    const load = new Load(gateways.map(({ url }) => url));
    for (let count = 0; count < KILLS; count += 1) {
      await load.until(load.answers.length + 40);
      await killSessions(databaseUrl);
    }
    await load.until(load.answers.length + 40);
    await load.stop();
    expectHonest(load.answers);
    await expectWhole(databaseUrl, load);
    expect(shareOfGood(load.answers)).toBeGreaterThan(0.9);
  }, 60_000);
});

/** Those of the pooler, whoever is behind it. */
async function connectionsToServer(): Promise<number> {
  const servers = await pooler.ask<{ database: string }>('show servers');
  return servers.filter(({ database }) => databaseUrl.endsWith(`/${database}`)).length;
}

/** How many sessions of the server are busy with a statement. */
async function running(sql: string): Promise<number> {
  const { rowCount } = await asAnother(databaseUrl, client =>
    client.query(`select from pg_stat_activity where state = 'active' and query = $1`, [sql]),
  );
  return rowCount ?? 0;
}

/** What a session keeps that nobody resets; what the pooler itself sets for each client is not counted. */
const STATE = `select pg_backend_pid() as pid, nullif(concat_ws(', ',
  (select string_agg('prepared ' || statement, ', ') from pg_prepared_statements),
  (select string_agg('listens to ' || channel, ', ') from pg_listening_channels() as channel),
  (select string_agg('holds ' || objid, ', ') from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
  (select string_agg('has ' || relname, ', ') from pg_class where relnamespace = pg_my_temp_schema()),
  (select string_agg(name || ' = ' || setting, ', ') from pg_settings where source = 'session' and lower(name) not in
    ('application_name', 'client_encoding', 'datestyle', 'timezone', 'standard_conforming_strings'))
), '') as state`;

/** Of all connections of the pooler, each held by a transaction so that the next one is another. */
async function stateOfConnections(): Promise<
  readonly { readonly pid: number; readonly state: string | null }[]
> {
  const clients = Array.from(
    { length: POOL_SIZE },
    () => new Client({ connectionString: pooler.through(databaseUrl) }),
  );
  try {
    for (const client of clients) {
      await client.connect();
      await client.query('begin');
    }
    const results = await Promise.all(
      clients.map(client => client.query<{ pid: number; state: string | null }>(STATE)),
    );
    return results.flatMap(({ rows }) => rows);
  } finally {
    for (const client of clients) await client.end();
  }
}

let turn = 0;

/** A statement with so many milliseconds to its end, of the gateways in turn: 'done', or the code that it ends with. */
function within(leftMs: number, sql: string): Promise<string> {
  const gateway = gateways[(turn += 1) % GATEWAYS];
  const read = async (): Promise<string> => {
    await gateway?.database.within({ deadline: Deadline.in(leftMs) }).read(sql);
    return 'done';
  };
  return read().catch((error: unknown) => (error as { code?: string }).code ?? String(error));
}

/** Whoever runs short statements all the time, beside those that are stopped. */
class Bystanders {
  private isOver = false;
  private readonly told = new Set<string>();
  private readonly running = Promise.all(Array.from({ length: 3 }, () => this.repeat()));

  /** @returns what their statements came to. */
  async stop(): Promise<readonly string[]> {
    this.isOver = true;
    await this.running;
    return [...this.told];
  }

  private async repeat(): Promise<void> {
    while (!this.isOver) this.told.add(await within(10_000, 'select pg_sleep(0.02)'));
  }
}

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database } from '../../../src/platform/database/database';
import { withDeadline } from '../../../src/platform/deadline';
import { FORGETFUL, type PostgresServer, startPostgres } from '../../support/postgres-server';
import { asAnother, newDatabase, open } from './databases';

/** As long as a request may take. */
const REQUEST_MS = 10_000;

/** Within which a caller is told that the store is away, and after whose return everything goes on. */
const TOLD_WITHIN_MS = 2_000;
const BACK_WITHIN_MS = 5_000;

let server: PostgresServer;
let url: string;
beforeAll(async () => {
  // What a crash of the server takes with it is not under test here, only what it has acknowledged.
  server = await startPostgres({ ...FORGETFUL, synchronous_commit: 'on' });
  url = await newDatabase(server.url);
  await (await open(url)).close();
  await asAnother(url, client => client.query('create table entries (id bigint primary key, part integer)'));
}, 60_000);
afterAll(() => server.remove());

interface Told {
  readonly what: string;
  readonly tookMs: number;
  readonly atMs: number;
}

/** Writers and readers that go on whatever they are told. */
class Load {
  readonly acknowledged: number[] = [];
  readonly told: Told[] = [];
  private isOver = false;
  private readonly running: readonly Promise<void>[];

  constructor(
    private readonly database: Database,
    private next: number,
  ) {
    this.running = [
      ...Array.from({ length: 8 }, () => this.repeat(() => this.write())),
      ...Array.from({ length: 8 }, () => this.repeat(() => database.read('select count(*) from entries'))),
    ];
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  since(atMs: number): readonly Told[] {
    return this.told.filter(each => each.atMs - each.tookMs >= atMs);
  }

  /** Two rows or none. */
  private async write(): Promise<void> {
    const id = (this.next += 2);
    await this.database.write(async ({ query }) => {
      await query('insert into entries values (?, 1)', [id]);
      await query('insert into entries values (?, 2)', [id + 1]);
    });
    this.acknowledged.push(id);
  }

  private async repeat(work: () => Promise<unknown>): Promise<void> {
    while (!this.isOver) {
      const beganMs = performance.now();
      const what = await withDeadline(REQUEST_MS, work).then(
        () => 'done',
        (error: unknown) => (error as { code?: string }).code ?? String(error),
      );
      const atMs = performance.now();
      this.told.push({ what, tookMs: atMs - beganMs, atMs });
      await setTimeout(5);
    }
  }
}

async function expectWhole(database: Database, acknowledged: readonly number[]): Promise<void> {
  const rows = await database.read<{ id: number; part: number }>('select id, part from entries');
  const known = new Set(rows.map(({ id }) => id));
  expect(acknowledged.filter(id => !known.has(id) || !known.has(id + 1))).toEqual([]);
  expect(rows.filter(({ id, part }) => !known.has(part === 1 ? id + 1 : id - 1))).toEqual([]);
}

function codes(told: readonly Told[]): readonly string[] {
  return [...new Set(told.map(({ what }) => what))].sort();
}

function slowestMs(told: readonly Told[]): number {
  return Math.max(0, ...told.map(({ tookMs }) => tookMs));
}

describe('a PostgreSQL that goes away', () => {
  test('is told of at once, and used again when it is back; nothing acknowledged is lost or half there', async () => {
    const database = await open(url);
    const load = new Load(database, 1_000_000);
    try {
      await setTimeout(500);
      await server.crash();
      await setTimeout(1_500);
      expect(await database.isReady()).toBe(false);
      const awayMs = performance.now();
      await setTimeout(500);
      expect(codes(load.since(awayMs))).toEqual(['DATABASE_UNAVAILABLE']);
      await server.start();
      const backMs = performance.now();
      while (!(await database.isReady())) await setTimeout(20);
      expect(performance.now() - backMs).toBeLessThan(BACK_WITHIN_MS);
      const normalMs = performance.now();
      await setTimeout(500);
      expect(codes(load.since(normalMs))).toEqual(['done']);
      expect(codes(load.told)).toEqual(['DATABASE_UNAVAILABLE', 'done']);
      expect(slowestMs(load.told)).toBeLessThan(TOLD_WITHIN_MS);
    } finally {
      await load.stop();
    }
    await expectWhole(database, load.acknowledged);
    await database.close();
  }, 30_000);

  test('is told of within two seconds even if the network swallows everything without a word', async () => {
    const network = await Network.before(server.port);
    const through = new URL(url);
    through.port = String(network.port);
    const database = await open(through.href);
    const load = new Load(database, 2_000_000);
    try {
      await setTimeout(500);
      network.isSilent = true;
      await setTimeout(3_000);
      expect(await database.isReady()).toBe(false);
      network.isSilent = false;
      const backMs = performance.now();
      while (!(await database.isReady())) await setTimeout(20);
      expect(performance.now() - backMs).toBeLessThan(BACK_WITHIN_MS);
      const normalMs = performance.now();
      await setTimeout(500);
      expect(codes(load.since(normalMs))).toEqual(['done']);
      expect(codes(load.told)).toEqual(['DATABASE_UNAVAILABLE', 'done']);
      expect(slowestMs(load.told)).toBeLessThan(TOLD_WITHIN_MS + 200);
    } finally {
      await load.stop();
    }
    await expectWhole(database, load.acknowledged);
    await database.close();
    network.close();
  }, 30_000);

  test.each(['before', 'after'] as const)(
    'leaves no doubt where the connection is lost %s the commit has happened',
    async moment => {
      const network = await Network.before(server.port);
      const through = new URL(url);
      through.port = String(network.port);
      const database = await open(through.href);
      const id = moment === 'before' ? 3_000_000 : 3_000_002;
      let attempts = 0;
      await database.write(async ({ query }) => {
        attempts += 1;
        await query('insert into entries values (?, 1)', [id]);
        await query('insert into entries values (?, 2)', [id + 1]);
        if (attempts === 1) network.cutCommit(moment);
      });
      expect(attempts).toBe(moment === 'before' ? 2 : 1);
      await expectWhole(database, [id]);
      await database.close();
      network.close();
    },
  );
});

/** What lies between a gateway and its server. */
class Network {
  /** Takes everything and passes nothing on, as where a cable is pulled. */
  isSilent = false;
  private cut: 'before' | 'after' | null = null;
  private readonly sockets = new Set<Socket>();
  private readonly listener = createServer(socket => this.join(socket));

  private constructor(private readonly behind: number) {}

  static async before(port: number): Promise<Network> {
    const network = new Network(port);
    await new Promise<void>(resolve => network.listener.listen(0, '127.0.0.1', resolve));
    return network;
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Cuts the connection on which the next commit comes: before the server gets it, or before its answer is passed on. */
  cutCommit(moment: 'before' | 'after'): void {
    this.cut = moment;
  }

  close(): void {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket): void {
    const far = connect(this.behind, '127.0.0.1');
    let isCut = false;
    near.on('data', bytes => {
      if (this.isSilent) return;
      if (this.cut !== null && bytes.includes('commit')) {
        isCut = true;
        if (this.cut === 'before') near.destroy();
        else far.write(bytes);
        this.cut = null;
        return;
      }
      far.write(bytes);
    });
    far.on('data', bytes => {
      if (isCut) near.destroy();
      else if (!this.isSilent) near.write(bytes);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}

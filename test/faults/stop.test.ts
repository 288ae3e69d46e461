import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { placeOf } from '../../src/platform/database/place';
import { newPlace, openDatabaseAt } from '../support/engine';
import { startGatewayProcess } from '../support/process';

const ADMIN_TOKEN = 'a-token-for-tests-only';
const STOPS = 20;
const AT_A_TIME = 2;
const CLIENTS = 8;

const CREATE = 'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { id } } }';
const READ = '{ messages(first: 5) { nodes { id } } }';

/** What became of one request. */
interface Outcome {
  readonly path: string;
  /** The text of the message that it was to create. */
  readonly creates?: string;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly body: string;
  /** Whether the answer tells its client to leave. */
  readonly isFarewell: boolean;
  readonly failure?: string;
  /** Whether an earlier request had been answered on the same connection. */
  readonly wasKept: boolean;
}

/** Everything that was seen of one stop. */
interface Stop {
  readonly exitCode: number | string;
  readonly tookMs: number;
  readonly outcomes: readonly Outcome[];
  /** Texts of the messages in the store, once each. */
  readonly stored: readonly string[];
  /** What lies beside a store in a file; none where it is on a server. */
  readonly files: readonly string[];
}

describe('SIGTERM under load, twenty times:', () => {
  let stops: readonly Stop[];
  let outcomes: readonly Outcome[];
  let answered: readonly Outcome[];
  let failed: readonly Outcome[];
  beforeAll(async () => {
    stops = await stopOften();
    outcomes = stops.flatMap(stop => stop.outcomes);
    answered = outcomes.filter(({ failure }) => failure === undefined);
    failed = outcomes.filter(({ failure }) => failure !== undefined);
  }, 180_000);

  test('the process ends well, in time and with all of its store in one file', () => {
    expect(stops.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: STOPS }, () => 0));
    expect(Math.max(...stops.map(({ tookMs }) => tookMs))).toBeLessThan(10_000);
    expect(stops.flatMap(({ files }) => files).filter(name => /-(wal|shm)$/.test(name))).toEqual([]);
  });

  test('every answer is a good one, to the end', () => {
    const graphql = answered.filter(({ path }) => path === '/graphql');
    expect(graphql.length).toBeGreaterThan(STOPS * CLIENTS);
    expect(graphql.filter(({ status, body }) => status !== 200 || body.includes('"errors"'))).toEqual([]);
    expect(graphql.some(({ isFarewell }) => isFarewell)).toBe(true);
  });

  test('no connection that was answered once is cut: only new ones are refused, when nobody listens any more', () => {
    expect(failed.filter(({ wasKept }) => wasKept)).toEqual([]);
    const codes = new Set(failed.map(({ failure }) => failure));
    expect([...codes].filter(code => code !== 'ECONNREFUSED' && code !== 'ECONNRESET')).toEqual([]);
    // A client that was kept from connecting until the very moment is reset; that takes a busy machine.
    expect(failed.filter(({ failure }) => failure === 'ECONNRESET').length).toBeLessThan(STOPS / 2);
    for (const stop of stops) {
      const firstFailure = stop.outcomes.findIndex(({ failure }) => failure !== undefined);
      expect(stop.outcomes.slice(0, firstFailure).some(({ isFarewell }) => isFarewell)).toBe(true);
    }
  });

  test('what was acknowledged is in the store, and what was not answered is not', () => {
    for (const { stored, outcomes: seen } of stops) {
      const created = seen.filter(({ creates }) => creates !== undefined);
      const acknowledged = created.filter(({ status }) => status === 200).map(({ creates }) => creates);
      expect([...stored].sort()).toEqual([...acknowledged].sort());
    }
  });

  test('it is alive to the end, and not ready from the beginning of it', () => {
    const health = answered.filter(({ path }) => path === '/healthz');
    expect(health.filter(({ status }) => status !== 200)).toEqual([]);
    for (const stop of stops) {
      const ready = stop.outcomes.filter(({ path, failure }) => path === '/readyz' && failure === undefined);
      const closing = ready.slice(ready.findIndex(({ status }) => status === 503));
      expect(closing.length).toBeGreaterThan(0);
      for (const { status, body, isFarewell } of closing)
        expect([status, JSON.parse(body), isFarewell]).toEqual([503, { status: 'closing' }, true]);
    }
  });
});

async function stopOften(): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  const rounds = Array.from({ length: STOPS }, (_, round) => round);
  const lane = async (): Promise<void> => {
    for (let round = rounds.shift(); round !== undefined; round = rounds.shift())
      stops.push(await stopUnderLoad(round));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return stops;
}

async function stopUnderLoad(round: number): Promise<Stop> {
  const place = await newPlace();
  try {
    const { url, child, ended } = await startGatewayProcess({ DATABASE_URL: place.databaseUrl, ADMIN_TOKEN });
    const outcomes: Outcome[] = [];
    let toldAtMs = Infinity;
    // Each round is stopped at another point of its work.
    const stopAfter = 40 + round * 7;
    const note = (outcome: Outcome): void => {
      if (outcomes.push(outcome) !== stopAfter) return;
      toldAtMs = performance.now();
      child.kill('SIGTERM');
    };
    const clients = Array.from({ length: CLIENTS }, (_, index) => useUntilRefused(url, index, note));
    await Promise.all([
      ...clients,
      probeUntilRefused(url, '/healthz', note),
      probeUntilRefused(url, '/readyz', note),
    ]);
    const exitCode = await ended;
    const tookMs = performance.now() - toldAtMs;
    const { file } = placeOf(place.databaseUrl);
    const files = file === null ? [] : readdirSync(dirname(file));
    return { exitCode, tookMs, outcomes, stored: await textsIn(place.databaseUrl), files };
  } finally {
    await place.remove();
  }
}

/** Asks one thing after the other over a kept connection, and over another one when it is told to leave. */
async function useUntilRefused(url: string, index: number, note: (outcome: Outcome) => void): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let count = 0; ; count += 1) {
    const creates = index % 2 === 0 ? `No ${count} of ${index}` : undefined;
    const outcome = await ask(agent, url, creates);
    note(outcome);
    if (outcome.failure !== undefined) break;
  }
  agent.destroy();
}

async function probeUntilRefused(url: string, path: string, note: (outcome: Outcome) => void): Promise<void> {
  const agent = new Agent({ keepAlive: false });
  for (;;) {
    const outcome = await ask(agent, new URL(path, url).href);
    note(outcome);
    if (outcome.failure !== undefined) return;
  }
}

function ask(agent: Agent, url: string, creates?: string): Promise<Outcome> {
  const path = new URL(url).pathname;
  const body =
    creates === undefined
      ? { query: READ }
      : { query: CREATE, variables: { input: { message: creates, channels: ['SMS'] } } };
  return new Promise(resolve => {
    const sent = request(url, {
      agent,
      method: path === '/graphql' ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    const settle = (rest: Pick<Outcome, 'status' | 'body' | 'isFarewell' | 'failure'>): void =>
      resolve({ path, ...(creates !== undefined && { creates }), wasKept: sent.reusedSocket, ...rest });
    const fail = (error: NodeJS.ErrnoException): void =>
      settle({ status: 0, body: '', isFarewell: false, failure: error.code ?? error.message });
    sent.on('error', fail).on('response', answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('error', fail).on('end', () => {
        const isFarewell = answer.headers.connection === 'close';
        settle({ status: answer.statusCode ?? 0, body: text, isFarewell });
      });
    });
    sent.end(path === '/graphql' ? JSON.stringify(body) : undefined);
  });
}

async function textsIn(databaseUrl: string): Promise<readonly string[]> {
  const database = await openDatabaseAt(databaseUrl);
  const rows = await database.read<{ message: string }>('select message from messages');
  await database.close();
  return rows.map(({ message }) => message);
}

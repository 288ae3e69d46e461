import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FailureStore } from '../../src/providers/failures/failure.store';
import { Replay } from '../../src/providers/failures/replay';
import { Retention } from '../../src/providers/failures/retention';
import { ProviderTallies } from '../../src/providers/health/provider-tallies';
import { Intake } from '../../src/providers/intake/intake';
import { type ConfiguredProvider } from '../../src/providers/kind';
import { Seal, WrongKey } from '../../src/providers/raws/seal';
import { createLog } from '../../src/platform/observability/log';
import { type Gateway, openGateway } from '../support/gateway';
import { countOf, storedBy } from './contract/scene';
import { deliver, genericProviders } from './generic-client';

const KEY = Buffer.alloc(32, 3);
const PROVIDERS = genericProviders([{ id: 'ward' }, { id: 'desk' }]);
const LIST = `query ($filter: IntakeFailureFilter, $first: Int, $after: String) {
  intakeFailures(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    nodes { id providerId receivedAt lastAt times reason bytes encrypted resolvedAt }
  }
}`;

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway({ INTAKE_KEY: KEY.toString('hex') }, undefined, PROVIDERS);
});
afterEach(() => gateway.close());

describe('what could not be taken', () => {
  test('is kept with its reason, counted when it comes again, and never shown', async () => {
    const body = '{"from":"+15550100100","text":"a secret of theirs"';
    expect((await deliver(gateway, 'ward', body)).status).toBe(422);
    gateway.clock.advance(60_000);
    expect((await deliver(gateway, 'ward', body)).status).toBe(422);
    const { data } = await list({});
    expect(data?.intakeFailures.nodes).toEqual([
      {
        ...{ id: '1', providerId: 'ward', times: 2, bytes: body.length, encrypted: true, resolvedAt: null },
        ...{ receivedAt: '2026-03-01T12:00:00.000Z', lastAt: '2026-03-01T12:01:00.000Z' },
        reason: 'the body is no JSON object in UTF-8',
      },
    ]);
    const [row] = await gateway.database.read<{ request: string }>('select request from intake_failures');
    expect(Buffer.from(row?.request ?? '', 'base64').toString()).not.toContain('secret');
  });

  test('costs the others of its request nothing', async () => {
    const messages = [{ from: '+15550100100', text: 'Hi' }, { text: 'Who?' }, 7];
    const { status, body } = await deliver(gateway, 'ward', { messages });
    expect([status, body.results?.map(each => each['status'])]).toEqual([422, ['stored', 'kept', 'kept']]);
    expect((await list({})).data?.intakeFailures.nodes[0]).toMatchObject({
      reason: 'message 1: from: must be the address of whoever has sent it; message 2: must be a JSON object',
    });
  });

  test('that the store refuses for a reason of its own is kept alone, and all else of its request is stored', async () => {
    await refuseTexts('poison');
    const messages = ['one', 'two', 'poison', 'four', 'five'].map((text, id) => ({
      id,
      from: '+15550100100',
      text,
    }));
    const { body } = await deliver(gateway, 'ward', { messages });
    expect(body.results?.map(each => each['status'])).toEqual([
      'stored',
      'stored',
      'kept',
      'stored',
      'stored',
    ]);
    expect((await storedBy(gateway, 'ward')).map(({ message }) => message)).toEqual([
      'one',
      'two',
      'four',
      'five',
    ]);
    expect(await countOf(gateway, 'intake_failures')).toBe(1);
  });

  test('is listed page by page, newest first, by provider and by whether it waits', async () => {
    for (let count = 0; count < 5; count += 1)
      await deliver(gateway, count % 2 ? 'ward' : 'desk', `[${count}]`);
    const first = (await list({ first: 2 })).data?.intakeFailures;
    expect([first?.nodes.map(({ id }) => id), first?.totalCount]).toEqual([['5', '4'], 5]);
    const next = (await list({ first: 3, after: first?.pageInfo.endCursor })).data?.intakeFailures;
    expect(next?.nodes.map(({ id }) => id)).toEqual(['3', '2', '1']);
    expect(next?.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const idsOf = async (filter: object) =>
      (await list({ filter })).data?.intakeFailures.nodes.map(({ id }) => id);
    expect(await idsOf({ providerId: ['ward'] })).toEqual(['4', '2']);
    expect(await idsOf({ resolved: false })).toEqual(['5', '4', '3', '2', '1']);
    expect(await idsOf({ resolved: true })).toEqual([]);
    expect(
      (await list({ filter: { providerId: [] }, first: 0 })).errors?.[0]?.extensions['issues'],
    ).toHaveLength(2);
    expect((await list({ after: 'nonsense' })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('goes when its time is over, and not before', async () => {
    for (let count = 0; count < 450; count += 1)
      await gateway.database.write(unit => failures().keep(unit, failureOf(`${count}`, gateway.clock.now())));
    gateway.clock.advance(24 * 3_600_000);
    await deliver(gateway, 'ward', 'new');
    const retention = new Retention(failures(), gateway.clock, createLog('silent'), 1);
    retention.start();
    await retention.stop();
    expect(await countOf(gateway, 'intake_failures')).toBe(451);
    gateway.clock.advance(1);
    retention.start();
    await retention.stop();
    expect(await countOf(gateway, 'intake_failures')).toBe(1);
  });
});

describe('a replay', () => {
  test('stores what can be read now, once, however often it runs', async () => {
    await refuseTexts('poison');
    await deliver(gateway, 'ward', {
      messages: ['good', 'poison'].map((text, id) => ({ id, from: '+15550100100', text })),
    });
    expect(await replay(PROVIDERS)).toMatchObject({
      stored: 0,
      known: 1,
      reason: 'message 1: the store refuses it',
    });
    await takeTexts();
    expect(await replay(PROVIDERS)).toEqual({ id: 1, stored: 1, known: 1, reason: null });
    expect(await replay(PROVIDERS)).toEqual({ id: 1, stored: 0, known: 2, reason: null });
    expect((await storedBy(gateway, 'ward')).map(({ message }) => message)).toEqual(['good', 'poison']);
    expect((await list({})).data?.intakeFailures.nodes[0]).toMatchObject({
      resolvedAt: '2026-03-01T12:00:00.000Z',
    });
    expect(await failures().unresolved()).toEqual([]);
  });

  test('still fails what cannot be read, and what no provider of the file has brought', async () => {
    await deliver(gateway, 'ward', 'no JSON');
    expect(await replay(PROVIDERS)).toMatchObject({
      stored: 0,
      reason: 'the body is no JSON object in UTF-8',
    });
    expect(await replay([])).toMatchObject({ stored: 0, reason: expect.stringContaining('PROVIDERS_FILE') });
  });

  test('opens nothing without the key that it was kept under', async () => {
    await deliver(gateway, 'ward', 'no JSON');
    await expect(replay(PROVIDERS, new Seal(null))).rejects.toThrow(WrongKey);
    await expect(replay(PROVIDERS, new Seal(Buffer.alloc(32, 4)))).rejects.toThrow('another key');
  });
});

interface Listed {
  readonly intakeFailures: {
    readonly totalCount: number;
    readonly pageInfo: { readonly endCursor: string | null };
    readonly nodes: readonly { readonly id: string }[];
  };
}

function list(variables: object) {
  return gateway.graphql<Listed>(LIST, variables);
}

function failures(seal = new Seal(KEY)): FailureStore {
  return new FailureStore(gateway.database, seal);
}

function failureOf(text: string, at: Date) {
  const request = {
    method: 'POST',
    url: '',
    rest: [],
    headers: new Map<string, string[]>(),
    body: Buffer.from(text),
  };
  return { providerId: 'ward', request, secrets: [], reason: 'no reason', at };
}

/** Runs the first failure again. */
async function replay(providers: readonly ConfiguredProvider[], seal = new Seal(KEY)) {
  const { database, clock } = gateway;
  const intake = new Intake({
    database,
    seal,
    clock,
    log: createLog('silent'),
    tallies: new ProviderTallies(database),
  });
  const failure = await failures().findById(1);
  if (failure === undefined) throw new Error('There is no failure.');
  return new Replay({ database, failures: failures(seal), intake, providers, clock }).run(failure);
}

/** As a rule of the store's that only it knows: in the words of either engine. */
async function refuseTexts(text: string): Promise<void> {
  const statements =
    gateway.database.dialect.engine === 'sqlite'
      ? [
          `create trigger poison before insert on messages when new.message = '${text}' begin select raise(abort, 'no'); end`,
        ]
      : [
          `create function poison() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
          `create trigger poison before insert on messages for each row when (new.message = '${text}') execute function poison()`,
        ];
  await gateway.database.write(async ({ query }) => {
    for (const statement of statements) await query(statement);
  });
}

async function takeTexts(): Promise<void> {
  const on = gateway.database.dialect.engine === 'sqlite' ? '' : ' on messages';
  await gateway.database.write(({ query }) => query(`drop trigger poison${on}`));
}

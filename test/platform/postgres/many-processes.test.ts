import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../../support/gateway';
import { create, MINIMAL, type Payload } from '../../support/mutations';
import { incoming } from '../../support/store';
import { asAnother, newDatabase } from './databases';

/** They share nothing but the store, as processes behind a load balancer do. */
let gateways: readonly Gateway[];
let url: string;
beforeAll(async () => {
  url = await newDatabase();
  // All at once: one of them migrates.
  gateways = await Promise.all(Array.from({ length: 3 }, () => openGateway({}, url)));
}, 30_000);
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
});

type Answer = Awaited<ReturnType<Gateway['graphql']>>;

/** The same at once, so many times, over all gateways in turn. */
function everywhere<T>(times: number, work: (gateway: Gateway, index: number) => Promise<T>): Promise<T[]> {
  const each = Array.from({ length: times }, (_, index) => gateways[index % gateways.length]);
  return Promise.all(each.flatMap((gateway, index) => (gateway === undefined ? [] : [work(gateway, index)])));
}

/** What came of it: the code of the error, or `done`. */
function outcomeOf({ data, errors }: Answer): string {
  return errors?.[0]?.extensions.code ?? (data ? 'done' : 'nothing');
}

async function count(condition: string): Promise<number> {
  const { rows } = await asAnother(url, client =>
    client.query<{ count: number }>(`select count(*)::integer as count from messages where ${condition}`),
  );
  return rows[0]?.count ?? -1;
}

const CREATE = `mutation ($input: CreateMessageInput!, $key: String) {
  createMessage(input: $input, idempotencyKey: $key) { message { id message version } }
}`;
const UPDATE = `mutation ($id: ID!, $input: UpdateMessageInput!) {
  updateMessage(id: $id, input: $input) { message { id title version } }
}`;

describe('several gateways on one store', () => {
  test('write once what comes with one key, and answer alike all who repeat it', async () => {
    const send = (gateway: Gateway): Promise<Answer> =>
      gateway.graphql(CREATE, { input: { ...MINIMAL, title: 'keyed' }, key: 'one key' });
    const answers = await everywhere(12, send);
    // While the first is running, the others are told so; they repeat it, as clients do.
    expect(answers.map(outcomeOf).filter(code => !['done', 'CONFLICT'].includes(code))).toEqual([]);
    const done = answers.filter(answer => outcomeOf(answer) === 'done');
    expect(done.length).toBeGreaterThan(0);
    for (const gateway of gateways) done.push(await send(gateway));
    expect(new Set(done.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(await count(`title = 'keyed'`)).toBe(1);
  });

  test('remove keys that are forgotten, and wait for nobody who has one of them', async () => {
    await asAnother(url, async client => {
      await client.query(`insert into idempotency_keys
        select 'somebody', n::text, 'createMessage', '', '[]', 0 from generate_series(1, 3) as n`);
      await client.query('begin');
      await client.query(`select 1 from idempotency_keys where key = '2' for update`);
      const answers = await everywhere(6, (gateway, index) =>
        gateway.graphql(CREATE, { input: MINIMAL, key: `key ${index}` }),
      );
      expect(answers.map(outcomeOf)).toEqual(Array(6).fill('done'));
      const { rows } = await client.query(`select key from idempotency_keys where owner = 'somebody'`);
      expect(rows).toEqual([{ key: '2' }]);
    });
  });

  test('refuse a key that another gateway has seen with another input', async () => {
    const input = (title: string): object => ({ ...MINIMAL, title });
    await everywhere(1, gateway => gateway.graphql(CREATE, { input: input('first'), key: 'reused' }));
    for (const gateway of gateways) {
      const answer = await gateway.graphql(CREATE, { input: input('second'), key: 'reused' });
      expect(outcomeOf(answer)).toBe('IDEMPOTENCY_KEY_REUSED');
    }
    expect(await count(`title = 'second'`)).toBe(0);
  });

  test('let one of several changes to the same version through', async () => {
    const [{ message }] = (await everywhere(1, gateway => create(gateway, MINIMAL))) as [Payload];
    const answers = await everywhere(9, (gateway, index) =>
      gateway.graphql(UPDATE, {
        id: message.id,
        input: { title: `change ${index}`, expectedVersion: 1 },
      }),
    );
    expect(answers.map(outcomeOf).sort()).toEqual([...Array.from({ length: 8 }, () => 'CONFLICT'), 'done']);
    const [winner] = answers.filter(answer => outcomeOf(answer) === 'done');
    const read = await everywhere(3, gateway =>
      gateway.graphql('query ($id: ID!) { message(id: $id) { id title version } }', { id: message.id }),
    );
    const written = (winner?.data as { updateMessage: { message: unknown } }).updateMessage.message;
    expect(read.map(({ data }) => (data as { message: unknown }).message)).toEqual([
      written,
      written,
      written,
    ]);
  });

  test('lose no change that does not ask for a version', async () => {
    const [{ message }] = (await everywhere(1, gateway => create(gateway, MINIMAL))) as [Payload];
    const answers = await everywhere(30, (gateway, index) =>
      gateway.graphql(UPDATE, { id: message.id, input: { title: `change ${index}` } }),
    );
    expect(new Set(answers.map(outcomeOf))).toEqual(new Set(['done']));
    const versions = answers.map(
      ({ data }) =>
        (data as { updateMessage: { message: { version: number } } }).updateMessage.message.version,
    );
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 2));
  });

  test('keep one of a hundred copies of what a provider delivers', async () => {
    const delivered = incoming({ dataProviderId: 'sms', dataProviderMessageId: 'message-1' });
    const outcomes = await everywhere(100, gateway =>
      gateway.put(delivered).then(
        () => 'stored',
        (error: unknown) => (error as { code?: string }).code,
      ),
    );
    expect(outcomes.sort()).toEqual([...Array.from({ length: 99 }, () => '23505'), 'stored']);
    expect(await count(`data_provider_message_id = 'message-1'`)).toBe(1);
  });

  test('give ids in the order in which batches are answered, and none twice', async () => {
    const batch = `mutation ($inputs: [CreateMessageInput!]!) {
      batchCreateMessages(inputs: $inputs) { results { id } }
    }`;
    const inputs = Array.from({ length: 50 }, () => MINIMAL);
    const answers = await everywhere(9, gateway =>
      gateway.graphql<{ batchCreateMessages: { results: { id: string }[] } }>(batch, { inputs }),
    );
    const ids = answers.map(
      ({ data }) => data?.batchCreateMessages.results.map(({ id }) => Number(id)) ?? [],
    );
    for (const own of ids) expect(own).toEqual([...own].sort((a, b) => a - b));
    expect(new Set(ids.flat()).size).toBe(9 * 50);
  });

  test('end a token for each other from the next request on', async () => {
    const [one, two] = gateways;
    const made = await one?.tokens.create({ name: 'shared', scopes: ['messages:list'], expiresAt: null });
    const authorization = `Bearer ${made?.token ?? ''}`;
    const statuses = (): Promise<number[]> =>
      everywhere(
        6,
        async gateway => (await gateway.graphql('{ messages { totalCount } }', {}, authorization)).status,
      );
    expect(new Set(await statuses())).toEqual(new Set([200]));
    await two?.tokens.revoke(made?.record.id ?? 0);
    expect(new Set(await statuses())).toEqual(new Set([401]));
  });
});

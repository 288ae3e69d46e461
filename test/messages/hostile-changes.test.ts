import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../support/gateway';
import { create, MINIMAL, update } from '../support/mutations';

/** Changes that are refused must be refused plainly and soon, and cost nobody else anything. */
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const BATCH = `mutation ($resources: [MessageBatchUpdate!]!, $key: String) {
  batchUpdateMessages(resources: $resources, errorPolicy: PARTIAL, idempotencyKey: $key) {
    results { applied errors { code path message } }
  } }`;
interface Batch {
  batchUpdateMessages: { results: { applied: boolean; errors: { code: string; path: string[] }[] }[] };
}

describe('a schedule that is refused', () => {
  test('is never asked when it occurs, even if it would take minutes to say', async () => {
    const { message } = await create(gateway, MINIMAL);
    const schedule = {
      start: '0001-01-02T00:00:00Z',
      timeZone: 'Europe/Berlin',
      frequency: 'DAILY',
      endType: 'AFTER',
      count: 2_000_000_000,
    };
    const issues = [{ path: ['input', 'schedule', 'count'] }];
    // One that is asked takes a second or more; fifty would outlast the test.
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const error = await update(gateway, message.id, { schedule });
      expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', issues } });
    }
  });

  test('for its time zone is the caller’s mistake, not ours', async () => {
    const { message } = await create(gateway, MINIMAL);
    const schedule = { start: '2026-03-02T09:00:00Z', timeZone: 'No/Where', frequency: 'DAILY' };
    expect(await update(gateway, message.id, { schedule, status: 'SENT' })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', 'schedule', 'timeZone'] }] },
    });
  });

  test('keeps nobody else waiting, even if a batch holds twenty that take long to refuse', async () => {
    const barren = {
      start: '0001-01-02T00:00:00Z',
      timeZone: 'Europe/Berlin',
      frequency: 'DAILY',
      interval: 997,
      byMonth: [2],
      byMonthDay: [29],
      byDay: ['MO'],
    };
    const inputs = Array.from({ length: 20 }, () => ({ ...MINIMAL, schedule: barren }));
    const batch = gateway.graphql(
      'mutation ($inputs: [CreateMessageInput!]!) { batchCreateMessages(inputs: $inputs) { failed } }',
      { inputs },
    );
    let answered = 0;
    const batchIsDone = new AbortController();
    const others = (async () => {
      while (!batchIsDone.signal.aborted) {
        await gateway.graphql('{ messages { totalCount } }');
        answered += 1;
      }
    })();
    expect((await batch).data).toEqual({ batchCreateMessages: { failed: 20 } });
    batchIsDone.abort();
    await others;
    // One before the batch begins and one at its end are answered in any case.
    expect(answered).toBeGreaterThan(2);
  });
});

describe('a provider’s id of a message', () => {
  test('cannot come to be another’s by an update, and in a batch only that item is refused', async () => {
    const sent = { dataProviderMessageId: 'm', channels: ['SMS' as const] };
    const [first, second, third] = [
      await gateway.put({ ...sent, dataProviderId: 'p1' }),
      await gateway.put({ ...sent, dataProviderId: 'p2' }),
      await gateway.put({ ...sent, dataProviderId: 'p3' }),
    ];
    expect(await update(gateway, String(second), { dataProviderId: 'p1' })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', 'dataProviderId'] }] },
    });
    const resources = [
      { id: String(second), patch: { dataProviderId: 'p1' } },
      { id: String(third), patch: { dataProviderId: 'p9' } },
      { id: String(second === third ? 0 : first), patch: { dataProviderId: 'p9' } },
    ];
    const { data } = await gateway.graphql<Batch>(BATCH, { resources });
    expect(
      data?.batchUpdateMessages.results.map(({ applied, errors }) => [
        applied,
        errors.map(({ path }) => path.join('.')),
      ]),
    ).toEqual([
      [false, ['patch.dataProviderId']],
      [true, []],
      [false, ['patch.dataProviderId']],
    ]);
  });
});

describe('an answer', () => {
  test('names some of a hundred thousand problems, not all', async () => {
    const { message } = await create(gateway, MINIMAL);
    const patch = { recipientIds: Array.from({ length: 9_000 }, (_, index) => `${index}\u0000`) };
    const { data } = await gateway.graphql<Batch>(BATCH, { resources: [{ id: message.id, patch }] });
    expect(data?.batchUpdateMessages.results[0]?.errors).toHaveLength(20);
    const many = { recipientIds: Array.from({ length: 10_001 }, (_, index) => String(index)) };
    expect(await update(gateway, message.id, many)).toMatchObject({
      extensions: { issues: [{ path: ['input', 'recipientIds'] }] },
    });
  });

  test('given again under a key is the same, even for ids that only look like numbers', async () => {
    const id = await gateway.put({ direction: 'INCOMING', status: 'RECEIVED' });
    const query = `mutation ($ids: [ID!]!, $key: String) {
      batchUpdateMessageStatus(ids: $ids, status: ARCHIVED, errorPolicy: PARTIAL, idempotencyKey: $key) {
        results { id applied message { id } errors { code } } } }`;
    const variables = { ids: [String(id), `0${id}`, ` ${id}`], key: 'again' };
    const first = await gateway.graphql(query, variables);
    expect(await gateway.graphql(query, variables)).toEqual(first);
  });
});

test('a message shows the schedule that it had when it was read, even if another takes its place meanwhile', async () => {
  const daily = (interval: number) => ({ start: '2026-03-02T09:00:00Z', frequency: 'DAILY', interval });
  const { message } = await create(gateway, { ...MINIMAL, schedule: daily(1) });
  let writing = true;
  const torn: unknown[] = [];
  const readers = Array.from({ length: 4 }, async () => {
    while (writing) {
      const { data } = await gateway.graphql<{ message: { repeats: boolean; schedule: object | null } }>(
        'query ($id: ID!) { message(id: $id) { repeats schedule { interval } } }',
        { id: message.id },
      );
      if (data?.message.repeats === true && data.message.schedule === null) torn.push(data);
    }
  });
  for (let interval = 2; interval <= 60; interval += 1)
    await update(gateway, message.id, { schedule: daily(interval) });
  writing = false;
  await Promise.all(readers);
  expect(torn).toEqual([]);
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MESSAGE_CHANNELS, MESSAGE_STATUSES, MESSAGE_TYPES } from '../../src/messages/message.kinds';
import { type Gateway, openGateway } from '../support/gateway';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const text = fc.constantFrom('water', 'é', 'Z\r\nz', '<b>x</b>', '😀 "q" \\', ' padded ');
const id = fc.constantFrom('a', 'b', '007', '9007199254740993');
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const instant = fc.constantFrom(
  '2026-03-01T12:00:00Z',
  '2026-03-01T13:00:00.007+01:00',
  '2030-01-01T00:00:00Z',
);
const schedule = fc.record(
  {
    start: instant,
    frequency: fc.constantFrom('DAILY', 'WEEKLY'),
    byDay: fc.subarray(['SU', 'MO', 'FR']),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
  },
  { requiredKeys: ['start', 'frequency'] },
);

/** Patches of which some are refused, and some say what is true already. */
const patch = fc
  .record(
    {
      message: text,
      title: some(text),
      type: fc.constantFrom(...MESSAGE_TYPES),
      channels: fc.uniqueArray(fc.constantFrom(...MESSAGE_CHANNELS.slice(0, 3)), { minLength: 1 }),
      recipientIds: some(fc.array(id, { maxLength: 3 })),
      contactId: some(id),
      postId: some(id),
      dataFeedId: some(id),
      additionalData: some(
        fc.dictionary(fc.constantFrom('b', 'a', '1', '__proto__'), some(text), { maxKeys: 3 }),
      ),
      schedule: some(schedule),
      repeats: fc.constant(false),
      sendAt: some(instant),
      sentAt: some(instant),
      status: fc.constantFrom(...MESSAGE_STATUSES),
    },
    { requiredKeys: [] },
  )
  .chain(all => {
    const names = Object.keys(all) as (keyof typeof all)[];
    return fc
      .subarray(names, { maxLength: 3 })
      .map(chosen => Object.fromEntries(chosen.map(name => [name, all[name]])));
  });

/** Something done to some of three messages, of which the last is INCOMING. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('update' as const), which: fc.nat(2), patch }),
  fc.record({
    kind: fc.constant('status' as const),
    which: fc.nat(2),
    status: fc.constantFrom(...MESSAGE_STATUSES),
  }),
  fc.record({
    kind: fc.constant('batch' as const),
    patches: fc.tuple(patch, patch, patch),
    errorPolicy: fc.constantFrom('ATOMIC', 'PARTIAL'),
  }),
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Shown = Readonly<Record<string, unknown>>;

const RULE = 'start timeZone frequency interval endType count until byDay byMonth byMonthDay bySetPosition';
const FIELDS = `direction status type title message channels recipientIds parentId contactId postId dataFeedId
  dataProviderId dataProviderMessageId additionalData repeats schedule { ${RULE} } sendAt sentAt createdAt`;

interface Entry {
  readonly version: number;
  readonly changes: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
}

async function carryOut(ids: readonly number[], step: Step): Promise<void> {
  switch (step.kind) {
    case 'update':
      await gateway.graphql(
        'mutation ($id: ID!, $input: UpdateMessageInput!) { updateMessage(id: $id, input: $input) { ignoredFields } }',
        { id: ids[step.which], input: step.patch },
      );
      return;
    case 'status':
      await gateway.graphql(
        'mutation ($id: ID!, $status: MessageStatus!) { updateMessageStatus(id: $id, status: $status) { ignoredFields } }',
        { id: ids[step.which], status: step.status },
      );
      return;
    case 'batch':
      await gateway.graphql(
        `mutation ($resources: [MessageBatchUpdate!]!, $errorPolicy: BatchErrorPolicy!) {
          batchUpdateMessages(resources: $resources, errorPolicy: $errorPolicy) { failed }
        }`,
        {
          resources: step.patches.map((patch, i) => ({ id: ids[i], patch })),
          errorPolicy: step.errorPolicy,
        },
      );
  }
}

async function look(ids: readonly number[]): Promise<readonly (Shown & { readonly version: number })[]> {
  return list<Shown & { version: number }>(ids, `version ${FIELDS}`);
}

async function historiesOf(ids: readonly number[]): Promise<readonly (readonly Entry[])[]> {
  const nodes = await list<{ history: { nodes: Entry[] } }>(
    ids,
    'history(first: 100) { nodes { version changes { field from to } } }',
  );
  return nodes.map(({ history }) => history.nodes);
}

async function list<Node>(ids: readonly number[], selection: string): Promise<readonly Node[]> {
  const query = `query ($ids: [ID!]!) {
    messages(filter: { id: $ids }, orderBy: { field: ID, direction: ASC }, first: 3) { nodes { ${selection} } }
  }`;
  const { data, errors } = await gateway.graphql<{ messages: { nodes: Node[] } }>(query, { ids });
  if (!data) throw new Error(JSON.stringify(errors));
  return data.messages.nodes;
}

/** Equal to the last letter, so that the order of keys counts too. */
const asText = (shown: Shown) => JSON.stringify(shown);

test('every earlier state follows from the present one and the record, and what a change made is what the API showed', async () => {
  let changes = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async steps => {
      const incoming = { direction: 'INCOMING', status: 'RECEIVED', type: 'REPORT' } as const;
      const ids = [await gateway.put({}), await gateway.put({ title: 'T' }), await gateway.put(incoming)];
      const seen = ids.map(() => new Map<number, Shown>());
      const remember = async () => {
        for (const [i, { version, ...shown }] of (await look(ids)).entries()) {
          const before = seen[i]?.get(version);
          if (before !== undefined) expect(asText(shown)).toBe(asText(before));
          seen[i]?.set(version, shown);
        }
      };
      await remember();
      for (const each of steps) {
        gateway.clock.advance(1_500);
        await carryOut(ids, each);
        await remember();
      }
      for (const [i, history] of (await historiesOf(ids)).entries()) {
        const states = seen[i] ?? new Map<number, Shown>();
        expect(history.map(({ version }) => version)).toEqual([...states.keys()].slice(1).reverse());
        let state = states.get(states.size) ?? {};
        for (const { version, changes: fields } of history) {
          changes += 1;
          expect(asText(state)).toBe(asText(states.get(version) ?? {}));
          expect(fields).not.toEqual([]);
          for (const { field, from, to } of fields) {
            expect(JSON.stringify(to)).toBe(JSON.stringify(state[field]));
            expect(JSON.stringify(from)).not.toBe(JSON.stringify(to));
            state = { ...state, [field]: from };
          }
          expect(asText(state)).toBe(asText(states.get(version - 1) ?? {}));
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(changes).toBeGreaterThan(100);
}, 120_000);

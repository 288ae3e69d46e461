import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../support/gateway';

let gateway: Gateway;
beforeAll(async () => {
  // A busy machine must not be what refuses a write here.
  gateway = await openGateway({ EXECUTION_TIMEOUT_MS: '60000' });
});
afterAll(() => gateway.close());

const CREATE = 'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { id } } }';
const BATCH = `mutation ($inputs: [CreateMessageInput!]!) {
  batchCreateMessages(inputs: $inputs) { results { id } succeeded failed }
}`;
const BY_POST = `query ($postId: [ID!]) {
  messages(filter: { postId: $postId, direction: OUTGOING }, first: 500) { nodes { id } totalCount }
}`;

interface Page {
  readonly messages: { readonly nodes: readonly { readonly id: string }[]; readonly totalCount: number };
}

const list = async (postId: string): Promise<Page['messages']> => {
  const { data, errors } = await gateway.graphql<Page>(BY_POST, { postId });
  expect(errors).toBeUndefined();
  return (data as Page).messages;
};

describe('200 mutations at once, a fifth of them refused, with 50 readers', () => {
  test('what was acknowledged is there, and what was refused is not', async () => {
    const writes = Array.from({ length: 200 }, (_, index) =>
      gateway.graphql<{ createMessage: { message: { id: string } } }>(CREATE, {
        input: { message: index % 5 === 0 ? ' ' : `Message ${index}`, channels: ['SMS'], postId: 'singles' },
      }),
    );
    const reads = Array.from({ length: 50 }, () => list('singles'));
    const answers = await Promise.all(writes);
    await Promise.all(reads);

    const acknowledged = answers.flatMap(({ data }) => (data ? [data.createMessage.message.id] : []));
    const refused = answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? []);
    expect(refused).toEqual(Array(40).fill('BAD_USER_INPUT'));
    expect(new Set(acknowledged).size).toBe(160);
    const { nodes, totalCount } = await list('singles');
    expect(totalCount).toBe(160);
    expect(nodes.map(({ id }) => id).sort()).toEqual([...acknowledged].sort());
  });

  test('no reader sees half a batch', async () => {
    const size = 20;
    const inputs = Array.from({ length: size }, (_, index) => ({
      message: `No ${index}`,
      channels: ['SMS'],
      postId: 'batches',
    }));
    const broken = [...inputs.slice(1), { message: ' ', channels: ['SMS'], postId: 'batches' }];
    let writing = true;
    const seen: number[] = [];
    const readers = Array.from({ length: 50 }, async () => {
      while (writing) seen.push((await list('batches')).nodes.length);
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        gateway.graphql<{ batchCreateMessages: { succeeded: number } }>(BATCH, {
          inputs: index % 5 === 0 ? broken : inputs,
        }),
      ),
    );
    writing = false;
    await Promise.all(readers);

    const applied = answers.map(({ data }) => data?.batchCreateMessages.succeeded);
    expect(applied.filter(count => count === size)).toHaveLength(16);
    expect(applied.filter(count => count === 0)).toHaveLength(4);
    expect(seen.length).toBeGreaterThan(50);
    expect(seen.filter(count => count % size !== 0)).toEqual([]);
    expect((await list('batches')).totalCount).toBe(16 * size);
  }, 60_000);
});

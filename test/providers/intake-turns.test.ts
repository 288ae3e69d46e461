import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../support/gateway';
import { countOf } from './contract/scene';
import { type Delivered, deliver, genericProviders } from './generic-client';

const REQUESTS = 40;
const MESSAGES = 60;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({}, undefined, genericProviders([{ id: 'same' }, { id: 'apart' }]));
});
afterAll(() => gateway.close());

describe('requests that come at once, whose messages answer each other', () => {
  test('are all taken, even if each tells the same messages in an order of its own', async () => {
    const answers = await atOnce('same', request =>
      inOrderOf(request).map(index => messageOf('same', index, index % 17)),
    );
    expect(statusesOf(answers)).toEqual(new Map([[200, REQUESTS]]));
    expect(await countOf(gateway, 'messages')).toBe(MESSAGES);
  });

  test('are all taken, even if the same people have written them in an order of its own', async () => {
    const before = await countOf(gateway, 'messages');
    const answers = await atOnce('apart', request =>
      inOrderOf(request).map(index => messageOf(`r${request}-`, index, 100 + index)),
    );
    expect(statusesOf(answers)).toEqual(new Map([[200, REQUESTS]]));
    expect((await countOf(gateway, 'messages')) - before).toBe(REQUESTS * MESSAGES);
    for (const { body } of answers) {
      const ids = body.results?.map(({ id }) => Number(id)) ?? [];
      expect(ids).toEqual([...ids].sort((one, other) => one - other));
    }
  });
});

function atOnce(provider: string, messagesOf: (request: number) => readonly object[]): Promise<Delivered[]> {
  const requests = Array.from({ length: REQUESTS }, (_, request) => ({ messages: messagesOf(request) }));
  return Promise.all(requests.map(body => deliver(gateway, provider, body)));
}

/** All numbers below 60, by a step that shares no factor with it. */
function inOrderOf(request: number): readonly number[] {
  const steps = [1, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 49, 53, 59];
  const step = steps[request % steps.length] ?? 1;
  return Array.from({ length: MESSAGES }, (_, at) => (request + at * step) % MESSAGES);
}

/** Every one answers another, which makes many parts of a request. */
function messageOf(prefix: string, index: number, sender: number): object {
  return {
    id: `${prefix}${index}`,
    from: `+254700000${String(sender).padStart(3, '0')}`,
    text: 'The bridge is gone.',
    inReplyTo: [`${prefix}${(index + MESSAGES - 7) % MESSAGES}`],
  };
}

function statusesOf(answers: readonly Delivered[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

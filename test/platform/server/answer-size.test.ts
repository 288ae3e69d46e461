import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lengthAsJson } from '../../../src/platform/server/answer-size';
import { type Gateway, openGateway } from '../../support/gateway';

describe('the texts of an answer', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await openGateway({ QUERY_LIMITS: 'answerCharacters:1000' });
  });
  afterAll(() => gateway.close());

  test('may be as long as the limit in all, and no longer, even if they are one text under many names', async () => {
    const id = await gateway.put({ message: 'x'.repeat(450) });
    const two = await gateway.graphql(`{ message(id: ${id}) { message text } }`);
    const three = await gateway.graphql(`{ message(id: ${id}) { message text again: text } }`);
    expect(two).toMatchObject({ status: 200, data: { message: { text: 'x'.repeat(450) } } });
    expect(three).toEqual({
      status: 400,
      errors: [
        {
          message:
            'The limit `answerCharacters` allows 1000 characters of an answer; here are at least 1399. Ask for fewer messages, or fewer of their fields, at a time.',
          extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'answerCharacters', max: 1_000, actual: 1_399 },
        },
      ],
    });
  });

  test('that a mutation would answer with are refused as well, and it is said that it was carried out', async () => {
    const { status, errors } = await gateway.graphql(
      'mutation ($text: String!) { createMessage(input: { message: $text, channels: SMS }) { message { id message text label } } }',
      { text: 'y'.repeat(600) },
    );
    expect(status).toBe(200);
    expect(errors?.[0]?.message).toMatch(/The mutation itself has run: look up by id what it wrote\.$/);
    const { data } = await gateway.graphql<{ messages: { totalCount: number } }>(
      '{ messages(filter: { q: "yyy", direction: OUTGOING }) { totalCount } }',
    );
    expect(data?.messages.totalCount).toBe(1);
  });
});

test('What one request reads is limited too, even if it shows little of it', async () => {
  const gateway = await openGateway({ QUERY_LIMITS: 'readCharacters:2000' });
  for (const message of ['a', 'b', 'c']) await gateway.put({ message: message.repeat(900) });
  const all = '(filter: { direction: OUTGOING })';
  const one = await gateway.graphql(
    `{ messages(filter: { direction: OUTGOING }, first: 1) { nodes { label } } }`,
  );
  const three = await gateway.graphql(`{ messages${all} { nodes { label } } }`);
  const count = await gateway.graphql(`{ messages${all} { totalCount } }`);
  expect([one.errors, count.errors]).toEqual([undefined, undefined]);
  expect(three.errors?.[0]?.extensions).toMatchObject({
    code: 'QUERY_TOO_COMPLEX',
    limit: 'readCharacters',
    max: 2_000,
  });
  await gateway.close();
});

test('The length of a result is that of its JSON, and a comma for each list and object that is not empty', () => {
  const word = fc.stringMatching(/^[a-z]{0,9}$/);
  const { value } = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(word, tie('value')),
    ),
  }));
  fc.assert(
    fc.property(value, result => {
      const json = JSON.stringify(result);
      const filled = (json.match(/\[(?!\])|\{(?!\})/g) ?? []).length;
      expect(lengthAsJson(result, Infinity)).toBe(json.length + filled);
    }),
  );
});

test('An object that stands in a result many times is walked once', () => {
  const list = Array.from({ length: 100_000 }, () => 0);
  const many = Array.from({ length: 10_000 }, () => list);
  expect(lengthAsJson(many, Infinity)).toBe(10_000 * (100_000 * 5 + 2 + 1) + 2);
});

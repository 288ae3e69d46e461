import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { charactersIn } from '../../../src/platform/server/answer-size';
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
            'The texts of the answer are longer than 1,000 characters: ask for fewer messages, or fewer texts, at a time.',
          extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'answerCharacters', max: 1_000, actual: 1_350 },
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
    expect(errors?.[0]?.message).toMatch(/What was asked for has been written\.$/);
    const { data } = await gateway.graphql<{ messages: { totalCount: number } }>(
      '{ messages(filter: { q: "yyy", direction: OUTGOING }) { totalCount } }',
    );
    expect(data?.messages.totalCount).toBe(1);
  });
});

test('Every text of a result counts, however deep it lies, and nothing else', () => {
  const texts = (value: unknown): number =>
    typeof value === 'string'
      ? value.length
      : typeof value === 'object' && value !== null
        ? Object.values(value).reduce((sum: number, part) => sum + texts(part), 0)
        : 0;
  fc.assert(
    fc.property(fc.jsonValue(), result => {
      expect(charactersIn(result, Infinity)).toBe(texts(result));
    }),
  );
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SCOPES } from '../../src/auth/scope.kinds';
import { ask, posted, type WireAnswer } from '../hostile/wire';
import { type Gateway, openGateway } from '../support/gateway';

const RESPONSE = 'application/graphql-response+json; charset=utf-8';
const PLAIN = 'application/json; charset=utf-8';

let gateway: Gateway;
let authorization: string;
beforeAll(async () => {
  gateway = await openGateway();
  const { token } = await gateway.tokens.create({ name: 'test', scopes: SCOPES, expiresAt: null });
  authorization = `Bearer ${token}`;
});
afterAll(() => gateway.close());

const send = (query: string, accept?: string): Promise<WireAnswer> =>
  ask(
    gateway.url,
    posted({ query }, [
      ['authorization', authorization],
      ...(accept === undefined ? [] : [['accept', accept] as const]),
    ]),
  );

describe('The answer is in the type of highest weight that is served, with its charset:', () => {
  test.each<[accept: string | undefined, type: string]>([
    [undefined, PLAIN],
    ['', PLAIN],
    ['*/*', PLAIN],
    ['application/*', PLAIN],
    ['application/json', PLAIN],
    ['APPLICATION/JSON', PLAIN],
    ['application/json; charset=utf-8', PLAIN],
    ['application/graphql-response+json', RESPONSE],
    ['application/graphql-response+json; charset=UTF-8', RESPONSE],
    ['application/graphql-response+json, application/json;q=0.9', RESPONSE],
    ['application/json;q=0.9, application/graphql-response+json', RESPONSE],
    ['application/graphql-response+json;q=0.5, application/json', PLAIN],
    ['application/graphql-response+json;q=0, */*', PLAIN],
    ['application/json;q=0, */*', RESPONSE],
    ['text/html, application/xhtml+xml, */*;q=0.8', PLAIN],
    ['image/png, application/graphql-response+json;q=0.1', RESPONSE],
  ])('%j gets %s', async (accept, type) => {
    const answer = await send('{ __typename }', accept);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(JSON.parse(answer.text)).toEqual({ data: { __typename: 'Query' } });
  });
});

const WRITE = 'mutation { createMessage(input: { message: "x", channels: SMS }) { message { id } } }';
const written = async (): Promise<number> =>
  (await gateway.database.read<{ n: number }>('select count(*) n from messages'))[0]?.n ?? 0;

describe('A request that takes no type that is served ends with 406, and nothing of it is done:', () => {
  test.each([
    'image/png',
    'text/html',
    'text/*',
    'multipart/mixed',
    'text/event-stream',
    'application/jso',
    'json',
    'application/json;q=0',
    '*/*;q=0',
    'application/*, application/json;q=0, application/graphql-response+json;q=0',
    'application/json; charset=iso-8859-1',
    'application/json; profile=x',
  ])('%j', async accept => {
    const before = await written();
    const answer = await send(WRITE, accept);
    expect(answer.status).toBe(406);
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(await written()).toBe(before);
  });

  test('whatever the header says, a mutation is answered with what it did, or does nothing', async () => {
    const part = fc.constantFrom(
      ...[
        'application',
        'json',
        'graphql-response+json',
        '*',
        'text',
        '/',
        '/',
        ';',
        ';q=',
        '0',
        '1',
        '0.5',
        '.',
        ',',
      ],
      ...[' ', '"', '=', 'charset=utf-8', 'charset=x', 'q', '-1', 'NaN', '\\', 'application/json', '*/*'],
    );
    const header = fc.array(part, { maxLength: 12 }).map(parts => parts.join(''));
    await fc.assert(
      fc.asyncProperty(header, async accept => {
        const before = await written();
        const { status } = await send(WRITE, accept);
        expect([200, 400, 406]).toContain(status);
        expect((await written()) - before).toBe(status === 200 ? 1 : 0);
      }),
      { numRuns: 200 },
    );
  });
});

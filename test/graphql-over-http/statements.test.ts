import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Scope, SCOPES } from '../../src/auth/scope.kinds';
import { ask, gotten, type HeaderLines, posted, type WireAnswer, type WireRequest } from '../hostile/wire';
import { type Gateway, openGateway } from '../support/gateway';

let gateway: Gateway;
let authorization: string;
beforeAll(async () => {
  gateway = await openGateway();
  authorization = await bearer(...SCOPES);
});
afterAll(() => gateway.close());

async function bearer(...scopes: readonly Scope[]): Promise<string> {
  const { token } = await gateway.tokens.create({ name: 'test', scopes, expiresAt: null });
  return `Bearer ${token}`;
}

async function send(request: WireRequest, more: HeaderLines = []): Promise<WireAnswer> {
  const headers = [...(request.headers ?? []), ['authorization', authorization] as const, ...more];
  return ask(gateway.url, { ...request, headers });
}
const data = ({ text }: WireAnswer): unknown => (JSON.parse(text) as { data?: unknown }).data;
const codes = ({ text }: WireAnswer): unknown =>
  (JSON.parse(text) as { errors?: readonly { extensions: { code: string } }[] }).errors?.map(
    error => error.extensions.code,
  );

const TYPENAME = '{ __typename }';
const FOUND = { __typename: 'Query' };
const RESPONSE_TYPE = [['accept', 'application/graphql-response+json']] as const;

describe('The status of an answer as application/graphql-response+json', () => {
  test.each<[what: string, body: unknown, status: number, code: string]>([
    ['a body that is no JSON is 400', '{ "query', 400, 'BAD_REQUEST'],
    ['a request without a document is 400', { qeury: TYPENAME }, 400, 'BAD_REQUEST'],
    ['variables that are no map are 400', { query: TYPENAME, variables: [7] }, 400, 'BAD_REQUEST'],
    ['a document that cannot be read is 400', { query: '{' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['a document that is not valid is 400', { query: '{ nothing }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an operation that cannot be told from another is 400',
      { query: 'query A { __typename } query B { __typename }' },
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'variables that do not fit are 400',
      { query: 'query ($id: ID!) { message(id: $id) { id } }', variables: { id: null } },
      400,
      'BAD_USER_INPUT',
    ],
  ])('when no data came of it: %s', async (_, body, status, code) => {
    const answer = await send(posted(body), RESPONSE_TYPE);
    expect(answer.status).toBe(status);
    expect(codes(answer)).toEqual([code]);
    expect(JSON.parse(answer.text)).not.toHaveProperty('data');
  });

  test('is 401 for who is not known, 403 for who may not', async () => {
    const nobody = await ask(gateway.url, posted({ query: '{ messages { totalCount } }' }, RESPONSE_TYPE));
    expect([nobody.status, codes(nobody)]).toEqual([401, ['UNAUTHENTICATED']]);
    const headers = [...RESPONSE_TYPE, ['authorization', await bearer('messages:read')] as const];
    const somebody = await ask(gateway.url, posted({ query: '{ messages { totalCount } }' }, headers));
    expect([somebody.status, codes(somebody)]).toEqual([403, ['FORBIDDEN']]);
  });

  test.each([RESPONSE_TYPE, [['accept', 'application/json']]] as const)(
    'is 200 with data, even if fields failed beside it, and 200 with null where they failed alone: %j',
    async accept => {
      const refused = 'messages(first: 0) { totalCount }';
      const partly = await send(posted({ query: `{ message(id: "1") { id } __typename }` }), [accept]);
      expect([partly.status, data(partly)]).toEqual([200, { message: null, __typename: 'Query' }]);
      const wholly = await send(posted({ query: `{ __typename ${refused} }` }), [accept]);
      expect([wholly.status, data(wholly), codes(wholly)]).toEqual([200, null, ['BAD_USER_INPUT']]);
      const mutation = 'mutation { updateMessageStatus(id: "999", status: SENT) { ignoredFields } }';
      const unknown = await send(posted({ query: mutation }), [accept]);
      expect([unknown.status, data(unknown), codes(unknown)]).toEqual([200, null, ['NOT_FOUND']]);
    },
  );
});

describe('A request by POST', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON',
  ])('is read as UTF-8 when it is of the type %s', async type => {
    const body = JSON.stringify({ query: '{ __type(name: "Größe🏃") { name } __typename }' });
    const answer = await send({ body, headers: [['content-type', type]] });
    expect([answer.status, data(answer)]).toEqual([200, { __type: null, ...FOUND }]);
  });

  test.each([
    undefined,
    '',
    'text/plain',
    'application/graphql',
    'application/graphql-response+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('is refused with 415 when its type is %j', async type => {
    const headers = type === undefined ? [] : [['content-type', type] as const];
    const answer = await send({ body: JSON.stringify({ query: TYPENAME }), headers });
    expect([answer.status, codes(answer)]).toEqual([415, ['BAD_REQUEST']]);
  });

  test.each([
    { variables: null },
    { operationName: null },
    { extensions: null },
    { variables: null, operationName: null, extensions: null },
    { variables: {}, extensions: {} },
    { extensions: { some: 'value' } },
  ])('takes null for an optional parameter as if it were left out: %j', async parameters => {
    const answer = await send(posted({ query: TYPENAME, ...parameters }));
    expect([answer.status, data(answer)]).toEqual([200, FOUND]);
  });

  test('is not disturbed by properties that it does not know', async () => {
    const answer = await send(posted({ query: TYPENAME, id: 'abc', documentId: 1, persisted: [] }));
    expect([answer.status, data(answer)]).toEqual([200, FOUND]);
  });

  test('has its parameters in its body: those in the address do not count', async () => {
    const request = { ...posted({ query: TYPENAME }), target: '/graphql?query=%7Bnothing%7D&variables=x' };
    const answer = await send(request);
    expect([answer.status, data(answer)]).toEqual([200, FOUND]);
  });

  test.each([
    { query: { a: 1 } },
    { query: 0 },
    { query: [TYPENAME] },
    { query: TYPENAME, operationName: 1 },
    { query: TYPENAME, operationName: ['A'] },
    { query: TYPENAME, variables: '{}' },
    { query: TYPENAME, variables: [] },
    { query: TYPENAME, variables: false },
    { query: TYPENAME, extensions: 'x' },
    { query: TYPENAME, extensions: 0 },
  ])('is not well-formed with a parameter of another type: %j', async body => {
    const answer = await send(posted(body));
    expect([answer.status, codes(answer)]).toEqual([400, ['BAD_REQUEST']]);
  });
});

describe('A request by GET', () => {
  const document = `query=${encodeURIComponent(TYPENAME)}`;

  test.each([
    document,
    'query=query+A+%7B__typename%7D',
    `${document}&variables=%7B%22a%22:1%7D&extensions=%7B%22b%22:2%7D`,
    `query=query%20A%20%7B__typename%7D%20query%20B%7B__typename%7D&operationName=A`,
    'query=query%20null%20%7B__typename%7D&operationName=null',
  ])('has its parameters in the query part of the address: %s', async query => {
    const answer = await send(gotten(query));
    expect([answer.status, data(answer)]).toEqual([200, FOUND]);
  });

  test.each([
    ...['variables=', 'operationName=', 'extensions=', 'variables=&operationName=&extensions='],
    ...[
      'variables=null',
      'extensions=null',
      'variables=null&operationName=&extensions=null',
      'variables',
      '',
    ],
  ])('takes an empty parameter, and null in JSON, for none: %j', async tail => {
    const answer = await send(gotten(`${document}&${tail}`));
    expect([answer.status, data(answer)]).toEqual([200, FOUND]);
  });

  test('names the operation "null" by operationName=null', async () => {
    const answer = await send(gotten(`${document}&operationName=null`));
    expect([answer.status, codes(answer)]).toEqual([400, ['OPERATION_RESOLUTION_FAILURE']]);
  });

  test('hands variables over as JSON', async () => {
    const typed = encodeURIComponent('query ($name: String!) { __type(name: $name) { name } }');
    const answer = await send(gotten(`query=${typed}&variables=${encodeURIComponent('{"name":"Message"}')}`));
    expect(data(answer)).toEqual({ __type: { name: 'Message' } });
  });

  test.each([
    'variables=%7B',
    'variables=1',
    'variables=[1]',
    'variables=%22x%22',
    'extensions=x',
    'variables=%7B%7D&variables=%7B%7D',
    document,
  ])('is not well-formed with %s', async tail => {
    const answer = await send(gotten(`${document}&${tail}`));
    expect([answer.status, codes(answer)]).toEqual([400, ['BAD_REQUEST']]);
  });

  test('is refused with 405 where it names a mutation, with what is allowed, and nothing is written', async () => {
    const mutation = 'mutation M { createMessage(input: {message: "x", channels: SMS}) { message { id } } }';
    for (const query of [mutation, `query Q { __typename } ${mutation}`]) {
      const answer = await send(gotten(`query=${encodeURIComponent(query)}&operationName=M`));
      expect([answer.status, codes(answer), answer.headers.get('allow')]).toEqual([
        405,
        ['BAD_REQUEST'],
        'POST',
      ]);
    }
    expect(await gateway.database.read('select id from messages')).toEqual([]);
  });

  test('of a query is answered even if a mutation stands beside it', async () => {
    const both =
      'query Q { __typename } mutation M { updateMessageStatus(id: "1", status: SENT) { ignoredFields } }';
    const answer = await send(gotten(`query=${encodeURIComponent(both)}&operationName=Q`));
    expect([answer.status, data(answer)]).toEqual([200, FOUND]);
  });
});

describe('A request by another method', () => {
  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND'])(
    '%s is refused with 405, and with what is allowed',
    async method => {
      const answer = await send({ method, headers: [['content-type', 'application/json']] });
      expect([answer.status, codes(answer), answer.headers.get('allow')]).toEqual([
        405,
        ['BAD_REQUEST'],
        'GET, POST',
      ]);
    },
  );

  test('HEAD gets the same without a body', async () => {
    // `fetch`, because who reads the wire must know that no body follows.
    const answer = await fetch(gateway.url, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([405, 'GET, POST', '']);
  });
});

test('Queries and mutations have one address', async () => {
  const mutation = 'mutation { createMessage(input: {message: "x", channels: SMS}) { message { text } } }';
  expect(data(await send(posted({ query: mutation })))).toEqual({
    createMessage: { message: { text: 'x' } },
  });
});

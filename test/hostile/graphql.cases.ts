import { casesOf, type HostileCase, MARKER } from './hostile-case';
import { gotten, posted, type WireRequest } from './wire';

const BAD = [400, 'BAD_REQUEST'] as const;
const INPUT = [400, 'BAD_USER_INPUT'] as const;
/** Refused by a resolver: the request itself was in order. */
const REFUSED = [200, 'BAD_USER_INPUT'] as const;
const PARSE = [400, 'GRAPHQL_PARSE_FAILED'] as const;
const INVALID = [400, 'GRAPHQL_VALIDATION_FAILED'] as const;
const FINE = [200, null] as const;

const HELLO = '{ __typename }';
const MESSAGE = 'query ($id: ID!) { message(id: $id) { id } }';
const LIST = 'query ($filter: MessageFilter) { messages(filter: $filter) { totalCount } }';
const PAGE = 'query ($first: Int, $offset: Int) { messages(first: $first, offset: $offset) { totalCount } }';
const CREATE = 'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { ignoredFields } }';
const MOVE = 'mutation ($ids: [ID!]!) { batchUpdateMessageStatus(ids: $ids, status: SENT) { failed } }';

/** The value stands in the JSON as it is given here, which JSON.stringify could not write. */
const withText = (query: string, name: string, json: string): WireRequest =>
  posted(`{"query":${JSON.stringify(query)},"variables":{"${name}":${json}}}`);
const id = (json: string): WireRequest => withText(MESSAGE, 'id', json);
const page = (name: string, json: string): WireRequest => withText(PAGE, name, json);
const draft = (more: string): WireRequest =>
  withText(CREATE, 'input', `{"message":"x","channels":["SMS"],${more}}`);
const nested = (depth: number, inner = '1'): string => '['.repeat(depth) + inner + ']'.repeat(depth);
const objects = (depth: number, name: string): string =>
  `{"${name}":`.repeat(depth) + '1' + '}'.repeat(depth);
const named = (operationName: unknown): WireRequest => posted({ query: HELLO, operationName });
const extended = (extensions: unknown): WireRequest => posted({ query: HELLO, extensions });
const each = <T>(values: readonly T[], make: (value: T) => readonly [string, Case]): Record<string, Case> =>
  Object.fromEntries(values.map(make));

type Case = readonly [WireRequest, readonly [status: number, code: string | null]];

/** What is wrong with a request as JSON and as GraphQL. */
export function graphqlCases(authorization: string): readonly HostileCase[] {
  return casesOf(authorization, { ...bodies, ...texts, ...operations, ...prototypes, ...numbers, ...sizes });
}

const bodies: Record<string, Case> = {
  'a batch': [posted([{ query: HELLO }, { query: HELLO }]), BAD],
  'a batch of ten thousand': [
    posted(`[${Array.from({ length: 10_000 }, () => `{"query":"${MARKER}"}`).join()}]`),
    BAD,
  ],
  ...each(
    [
      '',
      ' ',
      '{',
      '{"query":',
      `{"query":"${MARKER}`,
      '{"query":"x"}}',
      `{query:"${MARKER}"}`,
      "{'query':'x'}",
    ],
    body => [`the body ${JSON.stringify(body)}`, [posted(body), BAD]],
  ),
  ...each(
    [
      'null',
      '0',
      'true',
      `"${MARKER}"`,
      '[]',
      '{}',
      'NaN',
      'undefined',
      '{"query":1e999}',
      '{"query":"\u0000"}',
    ],
    body => [`the body ${JSON.stringify(body)}`, [posted(body), BAD]],
  ),
  'a body of UTF-16': [posted(Buffer.from(`\ufeff{"query":"${HELLO}"}`, 'utf16le')), BAD],
  'a query that is given twice': [posted(`{"query":"{ ${MARKER} }","query":"${HELLO}"}`), FINE],
  'a persisted query': [
    extended({ persistedQuery: { version: 1, sha256Hash: MARKER } }),
    [400, 'PERSISTED_QUERY_NOT_SUPPORTED'],
  ],
  'a persisted query without a query': [
    posted({ extensions: { persistedQuery: { version: 1, sha256Hash: MARKER } } }),
    [400, 'PERSISTED_QUERY_NOT_SUPPORTED'],
  ],
  'a persisted query by GET': [
    gotten('extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22ab%22%7D%7D'),
    [400, 'PERSISTED_QUERY_NOT_SUPPORTED'],
  ],
  'a persisted query of another form': [
    extended({ persistedQuery: 5 }),
    [400, 'PERSISTED_QUERY_NOT_SUPPORTED'],
  ],
  ...each([0, true, MARKER, [], [MARKER]], value => [
    `extensions that are ${JSON.stringify(value)}`,
    [extended(value), BAD],
  ]),
  ...each([0, false, MARKER, [], [1]], value => [
    `variables that are ${JSON.stringify(value)}`,
    [posted({ query: HELLO, variables: value }), BAD],
  ]),
};

const texts: Record<string, Case> = {
  'a byte that is no UTF-8 in a message': [
    posted(
      Buffer.from(
        `{"query":"${CREATE}","variables":{"input":{"message":"caf\xe9 ${MARKER}","channels":"SMS"}}}`,
        'latin1',
      ),
    ),
    BAD,
  ],
  'half a character as bytes': [
    posted(Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])),
    BAD,
  ],
  'half a character in the document': [posted('{"query":"{ message(id: \\"\\ud800\\") { id } }"}'), PARSE],
  'half a character in an id': [id('"\\ud800"'), FINE],
  'half a character in a message': [
    withText(CREATE, 'input', `{"message":"${MARKER}\\ud800","channels":"SMS"}`),
    REFUSED,
  ],
  'U+0000 in an id': [id('"1\\u0000"'), FINE],
  'U+0000 in a message': [
    withText(CREATE, 'input', `{"message":"${MARKER}\\u0000","channels":"SMS"}`),
    REFUSED,
  ],
  'U+0000 in the document': [posted('{"query":"{ __typename }\\u0000"}'), PARSE],
  'U+0000 in a search': [withText(LIST, 'filter', '{"q":"a\\u0000b"}'), REFUSED],
  'half a character in a name': [withText(LIST, 'filter', '{"a\\ud800":1}'), INPUT],
  'a name that is cut within a character': [withText(LIST, 'filter', `{"${'a'.repeat(63)}😀":1}`), INPUT],
  'half a character in a search': [withText(LIST, 'filter', '{"q":"\\udfff"}'), REFUSED],
};

const operations: Record<string, Case> = {
  'an operation that is not there': [named(MARKER), [400, 'OPERATION_RESOLUTION_FAILURE']],
  'an operation of no name': [named(''), [400, 'OPERATION_RESOLUTION_FAILURE']],
  'an operation of 100 kB': [named(MARKER.repeat(17_000)), [400, 'OPERATION_RESOLUTION_FAILURE']],
  ...each([0, true, {}, [MARKER]], value => [
    `an operationName that is ${JSON.stringify(value)}`,
    [named(value), BAD],
  ]),
  ...each(['__proto__', 'constructor', 'toString'], name => [
    `the operation ${name}`,
    [named(name), [400, 'OPERATION_RESOLUTION_FAILURE']],
  ]),
  'two operations of one name': [posted({ query: 'query A { __typename } query A { __typename }' }), INVALID],
  'a subscription': [posted({ query: 'subscription { messages }' }), BAD],
  'no operation': [posted({ query: 'fragment F on Query { __typename }' }), INVALID],
  'a schema': [posted({ query: 'type Message { a: String }' }), INVALID],
  'deferred fields': [posted({ query: '{ ... @defer { __typename } }' }), INVALID],
  'a document that is not finished': [posted({ query: `{ message(id: "${MARKER}` }), PARSE],
  'a variable that is not given': [posted({ query: MESSAGE }), INPUT],
  'a variable that is not declared': [
    posted({ query: '{ message(id: $id) { id } }', variables: { id: 1 } }),
    INVALID,
  ],
  'variables that nobody asked for': [posted({ query: HELLO, variables: { [MARKER]: MARKER } }), FINE],
};

const prototypes: Record<string, Case> = {
  '__proto__ beside the query': [posted(`{"query":"${HELLO}","__proto__":{"${MARKER}":1}}`), BAD],
  '__proto__ in variables': [withText(HELLO, '__proto__', `{"${MARKER}":1}`), BAD],
  'a written __proto__ in variables': [withText(HELLO, '\\u005f_proto__', `{"${MARKER}":1}`), BAD],
  'a prototype by way of its constructor': [
    withText(HELLO, 'constructor', `{"prototype":{"${MARKER}":1}}`),
    BAD,
  ],
  ...each(['constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'], name => [
    `${name} in variables`,
    [withText(HELLO, name, '1'), FINE],
  ]),
  ...each(['constructor', 'toString', 'hasOwnProperty', '__defineGetter__'], name => [
    `${name} in an input`,
    [withText(LIST, 'filter', `{"${name}":"${MARKER}"}`), INPUT],
  ]),
  ...each(['__proto__', 'constructor', 'toString'], name => [
    `${name} in an input, as a literal`,
    [posted({ query: `{ messages(filter: { ${name}: "${MARKER}" }) { totalCount } }` }), INPUT],
  ]),
  ...each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'], name => [
    `the field ${name}`,
    [posted({ query: `{ ${name} }` }), INVALID],
  ]),
  ...each(['__proto__', 'constructor', 'toString'], name => [
    `the argument ${name}`,
    [posted({ query: `{ message(id: 1, ${name}: "${MARKER}") { id } }` }), INVALID],
  ]),
  ...each(['__proto__', 'constructor', 'toString'], name => [
    `the name ${name} for a field, a fragment and a variable`,
    [
      posted({
        query: `query ($${name}: ID) { ${name}: __typename ...${name} } fragment ${name} on Query { messages(filter: { id: [$${name}] }) { totalCount } }`,
      }),
      INVALID,
    ],
  ]),
  ...each(['__proto__', 'constructor', 'toString'], name => [
    `the variable ${name}, which is not given`,
    [posted({ query: `query ($${name}: ID!) { message(id: $${name}) { id } }` }), INPUT],
  ]),
  ...each(['__proto__', 'constructor', 'toString'], name => [
    `the alias ${name}`,
    [posted({ query: `{ ${name}: message(id: 1) { ${name}: id } }` }), FINE],
  ]),
  'constructor in additionalData': [
    draft('"additionalData":{"constructor":"x","toString":1,"prototype":{}}'),
    FINE,
  ],
  '__proto__ in additionalData': [draft(`"additionalData":{"__proto__":{"${MARKER}":1}}`), BAD],
};

const numbers: Record<string, Case> = {
  ...each(['9007199254740993', '1e21', '-0', '0', '-1', '1e0', '1e400', '-9007199254740993'], json => [
    `the id ${json}`,
    [id(json), json === '1e400' ? INPUT : FINE],
  ]),
  ...each(['1.5', 'true', '{}', '[1]', 'null'], json => [`the id ${json}`, [id(json), INPUT]]),
  ...each(
    ['9007199254740993', '2147483648', '-2147483649', '1e400', '1.5', '"1"', 'true', '[1]', '{}'],
    json => [`first: ${json}`, [page('first', json), INPUT]],
  ),
  ...each(['0', '-0', '-1', '501', '2147483647', '1e3'], json => [
    `first: ${json}`,
    [page('first', json), REFUSED],
  ]),
  'first: 1e1': [page('first', '1e1'), FINE],
  'offset: -0': [page('offset', '-0'), FINE],
  'offset: -1': [page('offset', '-1'), REFUSED],
  'offset: 2147483647': [page('offset', '2147483647'), FINE],
  ...each(['1e1', '1.0', '99999999999999999999', '"1"', 'ONE', '0x10'], text => [
    `first: ${text}, as a literal`,
    [posted({ query: `{ messages(first: ${text}) { totalCount } }` }), text === '0x10' ? PARSE : INPUT],
  ]),
  'huge numbers in additionalData': [
    draft('"additionalData":{"a":1e308,"b":-1e308,"c":123456789012345678901234567890}'),
    FINE,
  ],
  'infinity in additionalData': [draft('"additionalData":{"a":1e309}'), REFUSED],
  'a version beyond its type': [
    posted({
      query:
        'mutation { updateMessageStatus(id: 1, status: SENT, expectedVersion: 9007199254740993) { ignoredFields } }',
    }),
    INPUT,
  ],
};

const sizes: Record<string, Case> = {
  'ten thousand ids in a filter': [withText(LIST, 'filter', `{"id":[${'"1",'.repeat(9_999)}"1"]}`), REFUSED],
  'ten thousand ids to move': [withText(MOVE, 'ids', `[${'"1",'.repeat(9_999)}"1"]`), REFUSED],
  'a hundred thousand recipients': [
    draft(`"recipientIds":[${Array.from({ length: 100_000 }, (_, index) => index).join()}]`),
    REFUSED,
  ],
  'a hundred thousand values that do not fit': [
    withText(LIST, 'filter', `{"id":[${'{},'.repeat(99_999)}{}]}`),
    INPUT,
  ],
  'a hundred thousand unknown fields': [
    withText(LIST, 'filter', `{${Array.from({ length: 60_000 }, (_, index) => `"f${index}":1`).join()}}`),
    INPUT,
  ],
  'half a million lists in each other': [withText(LIST, 'filter', nested(490_000)), INPUT],
  'half a million lists as an id': [id(nested(490_000)), INPUT],
  'half a million lists that nobody asked for': [withText(HELLO, 'x', nested(490_000)), FINE],
  'a hundred thousand objects in each other': [withText(LIST, 'filter', objects(100_000, 'not')), INPUT],
  'filters fifty deep': [
    withText(LIST, 'filter', `${'{"not":'.repeat(50)}{"q":"${MARKER}"}${'}'.repeat(50)}`),
    REFUSED,
  ],
  'additionalData without a floor': [draft(`"additionalData":{"a":${nested(400_000)}}`), REFUSED],
  'extensions without a floor': [posted(`{"query":"${HELLO}","extensions":${objects(90_000, 'a')}}`), FINE],
  'a body without a floor': [posted(nested(499_000, '')), BAD],
  'an id of 900 kB': [id(`"${MARKER.repeat(150_000)}"`), FINE],
  'a search of 900 kB': [withText(LIST, 'filter', `{"q":"${MARKER.repeat(150_000)}"}`), REFUSED],
  'a document of 900 kB': [posted({ query: `{ __typename } #${MARKER.repeat(150_000)}` }), FINE],
  'a document of 900 kB of blanks': [posted({ query: HELLO + ' '.repeat(900_000) }), FINE],
  'a document of lists': [
    posted({ query: `{ messages(filter: { id: ${nested(5_000, '1')} }) { totalCount } }` }),
    PARSE,
  ],
  'a cursor of 900 kB': [
    posted({
      query: 'query ($a: String) { messages(after: $a) { totalCount } }',
      variables: { a: MARKER.repeat(150_000) },
    }),
    REFUSED,
  ],
};

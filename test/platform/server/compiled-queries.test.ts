import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { getNamedType, type GraphQLObjectType, isCompositeType, isLeafType } from 'graphql';
import { buildHeliographSchema } from '../../../src/schema';
import { type Gateway, openGateway } from '../../support/gateway';
import { incoming, outgoing } from '../../support/store';

const schema = buildHeliographSchema();
const ROOTS = [
  'messages',
  'messages(first: 2)',
  'messages(last: 2)',
  'messages(filter: $filter, first: $first)',
];
const VARIABLES = [
  {},
  { filter: null, first: null },
  { filter: { direction: ['OUTGOING'] }, first: 3 },
  { filter: { q: 'no such text' } },
  { filter: { direction: ['OUTGOING', 'INCOMING'], repeats: true } },
];

/** A selection of fields of a type, some of them under other names, some in a fragment. */
function selection(type: GraphQLObjectType, depth: number): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).filter(
    field => isLeafType(getNamedType(field.type)) || depth > 0,
  );
  const asked = fc.subarray(fields, { minLength: 1, maxLength: Math.min(6, fields.length) }).chain(some =>
    fc.tuple(
      ...some.map(field => {
        const below = getNamedType(field.type);
        const inside = isCompositeType(below)
          ? selection(below as GraphQLObjectType, depth - 1).map(text => ` { ${text} }`)
          : fc.constant('');
        return fc
          .tuple(fc.constantFrom('', 'other_'), inside, fc.boolean())
          .map(([alias, text, inFragment]) => {
            const written = `${alias === '' ? '' : `${alias}${field.name}: `}${field.name}${text}`;
            return inFragment ? `... on ${type.name} { ${written} }` : written;
          });
      }),
    ),
  );
  return fc
    .tuple(fc.constantFrom('', '__typename '), asked)
    .map(([typeName, texts]) => typeName + texts.join(' '));
}

const query = fc
  .tuple(fc.constantFrom(...ROOTS), selection(schema.getType('MessageConnection') as GraphQLObjectType, 3))
  .map(([root, fields]) =>
    root.includes('$')
      ? `query ($filter: MessageFilter, $first: Int) { ${root} { ${fields} } }`
      : `{ ${root} { ${fields} } }`,
  );

describe('A query that comes again and again', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await openGateway();
    const parent = await gateway.put(
      incoming({ message: '<p>Über den Pass\n\n😀</p>', title: 'Weg "frei"' }),
    );
    await gateway.put(incoming({ parentId: parent, additionalData: { a: [1, null, { b: 'ü' }] } }));
    await gateway.put(outgoing({ recipientIds: ['u1', 'u2'], contactId: 'c1' }));
    await gateway.graphql(
      `mutation { createMessage(input: { message: "Daily", channels: [SMS], schedule: {
        frequency: DAILY, start: "2030-01-01T08:00:00Z", timeZone: "UTC", endType: AFTER, count: 5
      } }) { message { id } } }`,
    );
  });
  afterAll(() => gateway.close());

  const ask = async (body: object): Promise<string> => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-token-for-tests-only' },
      body: JSON.stringify(body),
    });
    return `${response.status} ${await response.text()}`;
  };

  test('is answered the same way each time, to the byte', async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(query, fc.constantFrom(...VARIABLES), async (text, variables) => {
        const answers: string[] = [];
        for (let time = 0; time < 5; time += 1) answers.push(await ask({ query: text, variables }));
        expect(new Set(answers).size).toBe(1);
        if (answers[0]?.startsWith('200 {"data"') === true) answered += 1;
      }),
      { numRuns: 150, endOnFailure: true },
    );
    // Those that are refused, for their form or their size, are not run at all.
    expect(answered).toBeGreaterThan(75);
  }, 60_000);

  test.each([
    ['an error in a field', '{ messages(first: 501) { totalCount } ok: messages { totalCount } }', {}],
    ['an error below', '{ messages { nodes { history(first: 0) { totalCount } id } } }', {}],
    ['a variable that is left out', 'query ($first: Int = 2) { messages(first: $first) { totalCount } }', {}],
    [
      'a directive',
      'query ($yes: Boolean!) { messages { totalCount nodes @include(if: $yes) { id } } }',
      { yes: true },
    ],
    ['introspection', '{ __schema { queryType { name } } messages { totalCount } }', {}],
    ['a name that objects have', '{ messages { nodes { __proto__: id id } } }', {}],
    ['two operations', 'query A { messages { totalCount } } query B { messages { nodes { id } } }', {}],
  ])('with %s is too', async (_, text, variables) => {
    for (const operationName of text.startsWith('query A') ? ['A', 'B', 'A'] : [undefined]) {
      const answers: string[] = [];
      for (let time = 0; time < 5; time += 1) {
        const answer = await ask({ query: text, variables, operationName });
        answers.push(answer.replace(/"requestId":"[^"]+"/, ''));
      }
      expect(new Set(answers).size).toBe(1);
    }
  });

  test.each([
    [
      'that changes nothing',
      'updateMessageStatus(id: "1", status: RECEIVED) { ignoredFields message { id text } }',
    ],
    [
      'in a batch',
      'batchUpdateMessageStatus(ids: ["1", "999"], status: RECEIVED, errorPolicy: PARTIAL) { failed results { id errors { code path } message { version } } }',
    ],
    ['of no message', 'updateMessage(id: "999", input: { title: "a" }) { message { id } }'],
    ['that is not allowed', 'updateMessageStatus(id: "1", status: SENT) { message { id } }'],
    ['with wrong input', 'createMessage(input: { message: " ", channels: [] }) { message { id } }'],
    [
      'with an error below',
      'updateMessageStatus(id: "1", status: RECEIVED) { message { history(first: 0) { totalCount } } }',
    ],
    [
      'of two, of which the first fails',
      'a: updateMessage(id: "999", input: {}) { message { id } } b: updateMessageStatus(id: "1", status: RECEIVED) { message { id } }',
    ],
  ])('a write %s is too', async (_, field) => {
    const answers: string[] = [];
    for (let time = 0; time < 5; time += 1) {
      const answer = await ask({ query: `mutation { ${field} }` });
      answers.push(answer.replace(/"requestId":"[^"]+"/, ''));
    }
    expect(new Set(answers).size).toBe(1);
  });

  test('writes once, whatever goes wrong below what it has written', async () => {
    const count = '{ messages(filter: { direction: [OUTGOING, INCOMING] }) { totalCount } }';
    const before = JSON.parse((await ask({ query: count })).slice(4)) as Counted;
    const create = 'createMessage(input: { message: "Once", channels: [SMS] })';
    for (let time = 0; time < 5; time += 1) {
      const answer = await ask({
        query: `mutation { ${create} { message { history(first: 0) { totalCount } } } }`,
      });
      expect(answer).toMatch(/BAD_USER_INPUT/);
    }
    const after = JSON.parse((await ask({ query: count })).slice(4)) as Counted;
    expect(after.data.messages.totalCount).toBe(before.data.messages.totalCount + 5);
  });

  test('leaves out what stands behind a write that fails', async () => {
    const title = (name: string): string =>
      `updateMessage(id: "3", input: { title: "${name}" }) { message { id } }`;
    for (let time = 0; time < 5; time += 1) {
      await ask({
        query: `mutation { a: updateMessage(id: "999", input: {}) { message { id } } b: ${title('changed')} }`,
      });
    }
    expect(await ask({ query: '{ message(id: "3") { title } }' })).not.toMatch(/changed/);
  });
});

interface Counted {
  readonly data: { readonly messages: { readonly totalCount: number } };
}

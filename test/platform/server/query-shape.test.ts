import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { executeSync, getIntrospectionQuery, Kind, parse } from 'graphql';
import { UNLIMITED } from '../../../src/platform/allowance';
import { QUERY_LIMITS } from '../../../src/platform/query-limits';
import { QueryLimiter } from '../../../src/platform/server/query-limiter';
import { type Shape, ShapeMeter } from '../../../src/platform/server/query-shape';
import { sandboxExamples } from '../../../src/sandbox-examples';
import { buildHeliographSchema } from '../../../src/schema';
import { exampleNames, readExample } from '../../examples/examples';
import { testSchema } from './test-schema';

const meter = new ShapeMeter(testSchema);

const NO_SIZES = [0, -1, 501, 1e9, 1.5, '5', true, {}, [1]];

/** The shape of a document's first operation. */
function shapeOf(text: string, variables: object = {}): Shape {
  const document = parse(text);
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  return meter.measure(document, operation, { ...variables });
}

describe('An operation is measured', () => {
  test('as a whole, in each of the measures', () => {
    expect(shapeOf('{ hello }')).toEqual({
      operations: 1,
      depth: 1,
      introspectionDepth: 0,
      aliases: 0,
      directives: 0,
      selections: 1,
      mutationFields: 0,
      nodes: 0,
    });
  });

  test.each<[string, Partial<Shape>]>([
    ['{ thing { parent { name } } hello }', { depth: 3, selections: 4 }],
    ['{ thing { ... { ... on Named { name } } } }', { depth: 2, selections: 4 }],
    [
      '{ ...A } fragment A on Query { thing { ...B } } fragment B on Thing { name }',
      { depth: 2, selections: 4 },
    ],
    ['{ a: hello __typename b: __typename hello }', { aliases: 2, selections: 4 }],
    ['{ ...A ...A } fragment A on Query { a: hello b: hello }', { aliases: 4, selections: 6 }],
    ['{ ...A ...A @skip(if: true) } fragment A on Query { a: hello }', { aliases: 2, directives: 1 }],
    ['query ($a: Int @d) @d { hello @d ... @d { hello } }', { directives: 4 }],
    ['{ ...A @d ...A } fragment A on Query @d @d { hello @d }', { directives: 7 }],
    ['{ hello } query B { a: hello b: hello } mutation C { write }', { operations: 3, aliases: 0 }],
    ['{ hello } fragment Unused on Thing { a: name parent { parent { name } } }', { depth: 1, aliases: 0 }],
    ['mutation { write a: write ...A } fragment A on Mutation { write __typename }', { mutationFields: 4 }],
    ['{ hello hello hello }', { mutationFields: 0 }],
    ['{ __schema { types { fields { name } } } thing { name } }', { depth: 2, introspectionDepth: 4 }],
    ['{ __type(name: "A") { ...T } } fragment T on __Type { name }', { depth: 1, introspectionDepth: 2 }],
    ['{ thing { parent { __typename } } }', { depth: 3, introspectionDepth: 0 }],
  ])('%s', (query, expected) => {
    expect(shapeOf(query)).toMatchObject(expected);
  });

  test('even if its fragments are circular, or name what is not there', () => {
    const circle =
      '{ thing { ...A } } fragment A on Thing { parent { ...B } } fragment B on Thing { ...A name }';
    expect(shapeOf(circle)).toMatchObject({ depth: 3, nodes: 2 });
    expect(shapeOf('{ ...A none { none } ... on None { none } }')).toMatchObject({ depth: 2, nodes: 0 });
  });

  test('in whole numbers, even if they are astronomic', () => {
    const levels = 200;
    const laughs = Array.from(
      { length: levels },
      (_, level) => `fragment L${level} on Thing { ...L${level + 1} ...L${level + 1} }`,
    );
    const last = `fragment L${levels} on Thing { a: name @include(if: true) things { nodes { name } } }`;
    const most = Number.MAX_SAFE_INTEGER;
    const laughed = { depth: 4, aliases: most, directives: most, selections: most, nodes: most };
    expect(shapeOf(`{ thing { ...L0 } } ${laughs.join(' ')} ${last}`)).toMatchObject(laughed);
    const pages = `{ ${'things { nodes { '.repeat(150)} name ${'} }'.repeat(150)} }`;
    expect(shapeOf(pages)).toMatchObject({ depth: 301, nodes: most });
  });
});

describe('The nodes that an answer could hold', () => {
  test.each<[number, string]>([
    [0, '{ things { totalCount __typename } }'],
    [0, '{ things { ...A } } fragment A on ThingConnection { totalCount }'],
    [50, '{ things { nodes { name } } }'],
    [7, '{ things(first: 7) { nodes { name } } }'],
    [7, '{ things(last: 7) { edges { node { name } } } }'],
    [9, '{ things(first: 7, last: 9) { nodes { name } } }'],
    [7, '{ things(first: 7) { edges { cursor } } }'],
    [7, '{ things(first: 7) { pageInfo { hasNextPage } totalCount } }'],
    [14, '{ things(first: 7) { nodes { name } edges { node { name } } } }'],
    [14, '{ things(first: 7) { nodes { parent { name } } } }'],
    [10 * (1 + 20), '{ things(first: 10) { nodes { things(first: 20) { nodes { name } } } } }'],
    // A count of a page below others is a read for each of them.
    [10 * (1 + 1), '{ things(first: 10) { nodes { things(first: 20) { totalCount } } } }'],
    [6, '{ things(first: 3) { nodes { name } } a: things(first: 3) @skip(if: true) { nodes { name } } }'],
    [5, '{ smallPage { nodes { name } } }'],
    [50, '{ smallPage(first: null) { nodes { name } } }'],
    [2, '{ thing { parent { name } } }'],
    [
      3 * 5,
      '{ ...A ...A ...A } fragment A on Query { things(first: 5) { ...B } } fragment B on ThingConnection { nodes { name } }',
    ],
    [1, '{ listed(first: 10) }'],
    [1 + 1, '{ thing { dates } }'],
    [500 * (1 + 50), '{ things(first: 500) { nodes { dates(first: 500) } } }'],
    [1, '{ thing { tags } }'],
    [1, '{ __schema { types { fields { name } } } }'],
    [3, 'mutation { change(ids: [1, 2, 3]) { results { index } } }'],
    [3, 'mutation { change(ids: [1, 2, 3], notes: ["a"]) { results { thing { name } } } }'],
    [3, 'mutation { change(ids: 1, notes: ["a", "b", "c"]) { results { problems { code } } } }'],
    [3 * 2, 'mutation { change(ids: [1, 2, 3]) { results { thing { parent { name } } } } }'],
    [3 * (1 + 50), 'mutation { change(ids: [1, 2, 3]) { results { thing { things { nodes { name } } } } } }'],
    [
      1 + 2,
      'mutation { a: change(ids: 1) { ...P } b: change(ids: [1, 2]) { ...P } } fragment P on ChangePayload { results { index } }',
    ],
    [0, 'mutation { change(ids: [1, 2, 3]) { changed } }'],
  ])('are %i: %s', (nodes, query) => {
    expect(shapeOf(query).nodes).toBe(nodes);
  });

  test.each<[number, string]>([
    [10 * (1 + 99), '{ contacts(first: 10) { nodes { mergedContacts { id } } } }'],
    [
      10 * (1 + 99 * (1 + 50)),
      '{ contacts(first: 10) { nodes { mergedContacts { messages { nodes { id } } } } } }',
    ],
    [1 + 99, '{ contact(id: 1) { mergedContacts { id } } }'],
  ])('are %i, as many as contacts may be merged: %s', (nodes, query) => {
    const document = parse(query);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
    expect(new ShapeMeter(buildHeliographSchema()).measure(document, operation, {}).nodes).toBe(nodes);
  });

  const page = 'query ($size: Int = 9) { things(first: $size) { nodes { name } } }';
  const batch = 'mutation ($ids: [ID!]! = [1, 2]) { change(ids: $ids) { results { index } } }';
  test.each<[number, string, object]>([
    [20, page, { size: 20 }],
    [9, page, {}],
    [50, page, { size: null }],
    [50, page.replace(' = 9', ''), {}],
    ...NO_SIZES.map((size): [number, string, object] => [500, page, { size }]),
    [4, batch, { ids: ['1', '2', '3', '4'] }],
    [2, batch, {}],
    [1, batch, { ids: '7' }],
    [1, batch, { ids: null }],
  ])('are %i by variables: %s %j', (nodes, query, variables) => {
    expect(shapeOf(query, variables).nodes).toBe(nodes);
  });
});

describe('Whatever an operation looks like', () => {
  test('its fragments count as if their fields stood in their place', () => {
    fc.assert(
      fc.property(documents, ({ pieces, fragments }) => {
        expect(shapeOf(spread(pieces, fragments))).toEqual(shapeOf(inlined(pieces, fragments)));
      }),
    );
  });

  test('its answer never holds more entries of lists than its nodes', () => {
    fc.assert(
      fc.property(documents, ({ pieces, fragments }) => {
        const text = spread(pieces, fragments);
        const { data, errors } = executeSync({
          schema: testSchema,
          document: parse(text),
          rootValue: { thing },
        });
        expect(errors).toBeUndefined();
        expect(entriesIn(data)).toBeLessThanOrEqual(shapeOf(text).nodes);
      }),
    );
  });
});

describe('The default limits leave room', () => {
  const schema = buildHeliographSchema();
  const limiter = new QueryLimiter(schema, QUERY_LIMITS);
  const refusalOf = (text: string, variables: object, isAnonymous: boolean) => {
    const document = parse(text, { maxTokens: QUERY_LIMITS.tokens });
    const contextValue = { viewer: { key: 'a', isAnonymous }, requestId: '1', allowance: UNLIMITED };
    const request = { variables: { ...variables } };
    return document.definitions
      .filter(definition => definition.kind === Kind.OPERATION_DEFINITION)
      .map(operation => limiter.refusalOf({ document, request, contextValue }, operation))
      .find(refusal => refusal !== undefined);
  };

  test.each(exampleNames())('for the example %s, with a token and without', name => {
    const { operation, variables } = readExample(name);
    expect(refusalOf(operation, variables, false)).toBeUndefined();
    expect(refusalOf(operation, variables, true)).toBeUndefined();
  });

  test('for what stands ready in the Sandbox', () => {
    expect(refusalOf(sandboxExamples.document, sandboxExamples.variables, true)).toBeUndefined();
  });

  test.each([true, false])('for what tools ask of the schema, with every option %s', option => {
    const query = getIntrospectionQuery({
      descriptions: option,
      specifiedByUrl: option,
      directiveIsRepeatable: option,
      schemaDescription: option,
      inputValueDeprecation: option,
      oneOf: option,
    });
    expect(refusalOf(query, {}, true)).toBeUndefined();
  });
});

/** A selection on `Thing`. */
type Piece =
  | { readonly kind: 'leaf'; readonly text: string }
  | { readonly kind: 'field' | 'inline'; readonly text: string; readonly inside: readonly Piece[] }
  | { readonly kind: 'spread'; readonly to: number };

const { pieces } = fc.letrec<{ pieces: readonly Piece[]; piece: Piece }>(tie => ({
  pieces: fc.array(tie('piece'), { minLength: 1, maxLength: 3 }),
  piece: fc.oneof(
    { depthSize: 'small' },
    fc.record({
      kind: fc.constant('leaf' as const),
      text: fc.constantFrom('name', 'a: name', 'tags', 'name @skip(if: false)', '__typename'),
    }),
    fc.record({ kind: fc.constant('spread' as const), to: fc.nat() }),
    fc.record({
      kind: fc.constant('inline' as const),
      text: fc.constantFrom('...', '... on Thing', '... @include(if: true)'),
      inside: tie('pieces'),
    }),
    fc.record({
      kind: fc.constant('field' as const),
      text: fc.constantFrom(
        'parent',
        'b: parent',
        'things(first: 2) { nodes',
        'c: things(last: 3) { totalCount edges { node',
      ),
      inside: tie('pieces'),
    }),
  ),
}));
const documents = fc.record({ pieces, fragments: fc.array(pieces, { maxLength: 3 }) });

/** With fragments, each of which spreads only those after it. */
function spread(pieces: readonly Piece[], fragments: readonly (readonly Piece[])[]): string {
  const definitions = fragments.map(
    (content, index) =>
      `fragment F${index} on Thing { ${print(content, index + 1, fragments, to => `...F${to}`)} }`,
  );
  return `{ thing { ${print(pieces, 0, fragments, to => `...F${to}`)} } } ${definitions.join(' ')}`;
}

function inlined(pieces: readonly Piece[], fragments: readonly (readonly Piece[])[]): string {
  const inPlace = (to: number): string =>
    `... on Thing { ${print(fragments[to] ?? [], to + 1, fragments, inPlace)} }`;
  return `{ thing { ${print(pieces, 0, fragments, inPlace)} } }`;
}

function print(
  pieces: readonly Piece[],
  from: number,
  fragments: readonly unknown[],
  spreadOf: (to: number) => string,
): string {
  const texts = pieces.map(piece => {
    if (piece.kind === 'leaf') return piece.text;
    if (piece.kind === 'spread') {
      return from < fragments.length ? spreadOf(from + (piece.to % (fragments.length - from))) : 'name';
    }
    const closing = '}'.repeat(piece.text.split('{').length);
    return `${piece.text} { ${print(piece.inside, from, fragments, spreadOf)} ${closing}`;
  });
  return texts.join(' ');
}

/** A thing all of whose pages are full. */
const thing: object = {
  name: 'a',
  tags: ['a'],
  parent: () => thing,
  things: ({ first, last }: { readonly first?: number; readonly last?: number }) => {
    const nodes = Array.from({ length: first ?? last ?? 0 }, () => thing);
    return { nodes, edges: nodes.map(node => ({ node })), totalCount: 1 };
  },
};

function entriesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) && typeof value[0] === 'object' ? value.length : 0;
  return Object.values(value).reduce<number>((sum, part) => sum + entriesIn(part), own);
}

import { buildSchema, type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { badUserInput, Refusal } from '../../../src/platform/errors';
import { DateTime } from '../../../src/platform/graphql/scalars';
import { type TestContext } from './serve';

type Resolvers = Readonly<Record<string, GraphQLFieldResolver<unknown, TestContext>>>;

/** What went through the resolvers of mutations, for tests that want nothing to have run. */
export const written: string[] = [];

const query: Resolvers = {
  hello: () => 'hello',
  whoami: (_, __, { viewer }) => viewer.key,
  listed: () => [],
  refused: () => {
    throw new Refusal('NOT_FOUND', 'There is no such thing.', { allowed: ['A'], cause: new Error('inner') });
  },
  invalid: () => {
    throw badUserInput([{ path: ['input', 'title'], message: 'is too long' }]);
  },
  unavailable: () => {
    throw new Refusal('DATABASE_UNAVAILABLE', 'The store cannot be reached just now.', {
      cause: new Error('disk'),
    });
  },
  unavailableForSure: () => {
    throw new Refusal('DATABASE_UNAVAILABLE', 'The store cannot be reached just now.');
  },
  broken: () => {
    throw new Error('secret detail in /srv/app.ts');
  },
  many: () => Array.from({ length: 500 }, () => ({})),
};

const thing: Resolvers = {
  fails: () => {
    throw new Refusal('CONFLICT', 'x'.repeat(1_000));
  },
};

const mutation: Resolvers = {
  write: (_, __, { viewer }) => {
    written.push(viewer.key);
    return 'written';
  },
};

export const testSchema: GraphQLSchema = withResolvers(
  buildSchema(`
    scalar DateTime
    enum Status { PENDING SENT }
    input Inner { title: String! at: DateTime count: Int tags: [String!] inner: Inner }
    input Filter { status: [Status!] at: DateTime not: Filter depth: Int! = 1 }
    interface Named { name: String }
    type Thing implements Named {
      fails: String
      name: String
      tags: [String!]!
      dates(first: Int! = 10): [DateTime!]!
      parent: Thing
      things(first: Int, last: Int): ThingConnection!
    }
    type ThingConnection { edges: [ThingEdge!]! nodes: [Thing!]! pageInfo: PageInfo! totalCount: Int! }
    type ThingEdge { cursor: String! node: Thing! }
    type PageInfo { hasNextPage: Boolean! }
    type ChangePayload { results: [ChangeResult!]! changed: Int! }
    type ChangeResult { index: Int! thing: Thing problems: [Problem!]! }
    type Problem { code: String! }
    type Query {
      hello: String
      whoami: String!
      listed(filter: Filter, first: Int, page: Int! = 10): [String!]!
      refused: String
      invalid: String
      unavailable: String
      unavailableForSure: String!
      broken: String
      many: [Thing!]!
      thing: Thing
      things(first: Int, last: Int): ThingConnection!
      smallPage(first: Int = 5): ThingConnection!
    }
    type Mutation {
      write(input: Inner!, key: String): String!
      change(ids: [ID!]!, notes: [String!]): ChangePayload!
    }
    type Subscription { ticks: Int! }
  `),
);

function withResolvers(schema: GraphQLSchema): GraphQLSchema {
  attach(schema.getQueryType(), query);
  attach(schema.getMutationType(), mutation);
  attach(schema.getType('Thing') as GraphQLObjectType, thing);
  const { parseValue, parseLiteral, serialize } = DateTime;
  Object.assign(schema.getType('DateTime') ?? {}, { parseValue, parseLiteral, serialize });
  return schema;
}

function attach(type: GraphQLObjectType | null | undefined, resolvers: Resolvers): void {
  for (const [name, resolve] of Object.entries(resolvers))
    Object.assign(type?.getFields()[name] ?? {}, { resolve });
}

import { unauthenticated } from '../../src/platform/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GraphQLSchema } from 'graphql';
import {
  buildSchema,
  Field,
  FieldResolver,
  ID,
  InterfaceType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { accessControl, IsPublic, RequiresScope, undeclaredRootFields } from '../../src/auth/access';
import { type Scope } from '../../src/auth/scope.kinds';
import { anonymousViewer, tokenViewer } from '../../src/auth/viewer';
import { type Answer, serve, type TestServer } from '../platform/server/serve';

@InterfaceType()
abstract class Node {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  inner!: string;
}

@ObjectType({ implements: Node })
class Message extends Node {
  @RequiresScope('messages:update')
  @Field(() => String)
  override inner!: string;
}

const written: string[] = [];
const message = { id: '1', inner: 'x' };

@Resolver(() => Message)
class MessageResolver {
  @Query(() => Message)
  @RequiresScope('messages:read')
  message(): Message {
    return message;
  }

  @Query(() => Node)
  @IsPublic()
  node(): Node {
    return Object.assign(new Message(), message);
  }

  @Query(() => String)
  @IsPublic()
  version(): string {
    return '1';
  }

  @Query(() => String)
  forgotten(): string {
    return 'open?';
  }

  @Mutation(() => Message)
  @RequiresScope('messages:create')
  create(): Message {
    written.push('create');
    return message;
  }

  @FieldResolver(() => [Message])
  @RequiresScope('messages:read', 'messages:list')
  replies(): Message[] {
    return [message];
  }
}

let schema: GraphQLSchema;
let server: TestServer;
beforeAll(async () => {
  schema = await buildSchema({ resolvers: [MessageResolver], validate: false });
  server = await serve({
    schema,
    checks: [accessControl],
    // The token is the list of its own scopes.
    authenticate: (header, address) => {
      if (header === undefined) return Promise.resolve(anonymousViewer(address, ['messages:create']));
      if (header === 'Bearer wrong') return Promise.reject(unauthenticated());
      return Promise.resolve(tokenViewer(1, header.slice('Bearer '.length).split(',') as Scope[]));
    },
  });
});
afterAll(() => server.close());
beforeEach(() => {
  written.length = 0;
});

const ask = (query: string, scopes?: string): Promise<Answer> =>
  server.post({ query }, scopes === undefined ? {} : { authorization: `Bearer ${scopes}` });

type Row = readonly [query: string, scopes: string | undefined, outcome: string];

const rows: readonly Row[] = [
  ['{ version }', undefined, 'ok'],
  ['{ __typename __schema { queryType { name } } }', undefined, 'ok'],
  ['{ message { id } }', 'messages:read', 'ok'],
  ['{ message { id } }', 'messages:list', 'FORBIDDEN'],
  ['{ message { id } }', undefined, 'UNAUTHENTICATED'],
  ['{ message { id } }', 'wrong', 'UNAUTHENTICATED'],
  ['{ version message { id } }', undefined, 'UNAUTHENTICATED'],
  ['{ forgotten }', undefined, 'FORBIDDEN'],
  ['{ forgotten }', 'messages:read,messages:list,messages:create,messages:update', 'FORBIDDEN'],
  ['mutation { create { id } }', undefined, 'ok'],
  ['mutation { create { id } }', 'messages:read', 'FORBIDDEN'],
  ['mutation { create { replies { id } } }', 'messages:create,messages:list', 'ok'],
  ['mutation { create { replies { id } } }', 'messages:create,messages:read', 'ok'],
  ['mutation { create { replies { id } } }', 'messages:create', 'FORBIDDEN'],
  ['mutation { create { replies { id } } }', undefined, 'FORBIDDEN'],
  [
    'mutation { create { ...F } } fragment F on Message { ...G } fragment G on Message { replies { id } }',
    undefined,
    'FORBIDDEN',
  ],
  ['mutation { create { ... on Message { replies { id } } } }', undefined, 'FORBIDDEN'],
  ['mutation { create { id replies @skip(if: true) { id } } }', undefined, 'FORBIDDEN'],
  ['{ node { id } }', undefined, 'ok'],
  ['{ node { inner } }', undefined, 'FORBIDDEN'],
  ['{ node { inner } }', 'messages:update', 'ok'],
];

describe('Access is judged for the whole operation, before any of it runs:', () => {
  test.each(rows)('%s with %s is %s', async (query, scopes, outcome) => {
    const { status, body } = await ask(query, scopes);
    const codes = body.errors?.map(error => error.extensions.code) ?? ['ok'];
    expect(codes).toEqual([outcome]);
    expect(status).toBe({ ok: 200, UNAUTHENTICATED: 401, FORBIDDEN: 403 }[outcome]);
    if (outcome !== 'ok') expect(written).toEqual([]);
  });

  test('a refusal names the scopes that would do', async () => {
    const { body } = await ask('mutation { create { replies { id } } }');
    expect(body.errors?.[0]).toMatchObject({
      message: 'Message.replies needs the scope messages:list or messages:read.',
      extensions: { scopes: ['messages:list', 'messages:read'] },
    });
  });

  test('missing and wrong tokens are one answer', async () => {
    const missing = await ask('{ message { id } }');
    const wrong = await ask('{ message { id } }', 'wrong');
    expect(missing.text.trim()).toBe(wrong.text.trim());
  });

  test('another operation of the same document does not count', async () => {
    const answer = await server.post({
      query: 'query A { version } query B { message { id } }',
      operationName: 'A',
    });
    expect(answer.status).toBe(200);
  });
});

test('A root field without a scope is found, so that a check can name it', () => {
  expect(undeclaredRootFields(schema)).toEqual(['Query.forgotten']);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { undeclaredRootFields } from '../../src/auth/access';
import { type Scope, SCOPES } from '../../src/auth/scope.kinds';
import { buildHeliographSchema } from '../../src/schema';
import { makeContacts } from '../support/contacts';
import { type Gateway, openGateway } from '../support/gateway';

let gateway: Gateway;
let id: string;
beforeAll(async () => {
  gateway = await openGateway({ ANONYMOUS_SCOPES: 'messages:create' });
  await makeContacts(gateway.database, ['a', 'b', 'c', 'd']);
  const merge = 'mutation { mergeContacts(from: "c", into: "d") { contact { id } } }';
  expect((await gateway.graphql(merge)).errors).toBeUndefined();
  id = String(await gateway.put({ direction: 'INCOMING', status: 'RECEIVED' }));
});
afterAll(() => gateway.close());

const OPERATIONS: Record<string, { readonly query: () => string; readonly scope: Scope }> = {
  messages: { query: () => '{ messages { totalCount } }', scope: 'messages:list' },
  message: { query: () => `{ message(id: "${id}") { id } }`, scope: 'messages:read' },
  auditLog: { query: () => '{ auditLog { totalCount } }', scope: 'audit:read' },
  contact: { query: () => '{ contact(id: "a") { id } }', scope: 'contacts:read' },
  contacts: { query: () => '{ contacts { totalCount } }', scope: 'contacts:read' },
  dataProviders: { query: () => '{ dataProviders { id } }', scope: 'providers:read' },
  intakeFailures: { query: () => '{ intakeFailures { totalCount } }', scope: 'providers:read' },
  createContact: {
    query: () => 'mutation { createContact(input: { type: OTHER }) { contact { id } } }',
    scope: 'contacts:write',
  },
  updateContact: {
    query: () => 'mutation { updateContact(id: "a", input: {}) { contact { id } } }',
    scope: 'contacts:write',
  },
  mergeContacts: {
    query: () => 'mutation { mergeContacts(from: "a", into: "b") { contact { id } } }',
    scope: 'contacts:write',
  },
  unmergeContacts: {
    query: () => 'mutation { unmergeContacts(from: "c", into: "d") { contact { id } } }',
    scope: 'contacts:write',
  },
  createMessage: {
    query: () => 'mutation { createMessage(input: { message: "m", channels: SMS }) { message { id } } }',
    scope: 'messages:create',
  },
  batchCreateMessages: {
    query: () => 'mutation { batchCreateMessages(inputs: { message: "m", channels: SMS }) { succeeded } }',
    scope: 'messages:create',
  },
  updateMessage: {
    query: () => `mutation { updateMessage(id: "${id}", input: {}) { ignoredFields } }`,
    scope: 'messages:update',
  },
  updateMessageStatus: {
    query: () => `mutation { updateMessageStatus(id: "${id}", status: RECEIVED) { ignoredFields } }`,
    scope: 'messages:update',
  },
  batchUpdateMessages: {
    query: () => `mutation { batchUpdateMessages(resources: { id: "${id}", patch: {} }) { succeeded } }`,
    scope: 'messages:update',
  },
  batchUpdateMessageStatus: {
    query: () => `mutation { batchUpdateMessageStatus(ids: "${id}", status: RECEIVED) { succeeded } }`,
    scope: 'messages:update',
  },
};

async function bearer(...scopes: Scope[]): Promise<string> {
  const { token } = await gateway.tokens.create({ name: 'test', scopes, expiresAt: null });
  return `Bearer ${token}`;
}

test('every root field says which scope it needs, or that it is public', () => {
  const schema = buildHeliographSchema();
  expect(undeclaredRootFields(schema)).toEqual([]);
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap(type =>
    Object.keys(type?.getFields() ?? {}),
  );
  expect(fields.sort()).toEqual(Object.keys(OPERATIONS).sort());
});

describe.each(Object.entries(OPERATIONS))('%s', (_, { query, scope }) => {
  test.each(SCOPES)('with a token for %s alone', async given => {
    const { errors } = await gateway.graphql(query(), {}, await bearer(given));
    expect(errors?.[0]?.extensions.code).toBe(given === scope ? undefined : 'FORBIDDEN');
  });

  test('without a token', async () => {
    const { errors, status } = await gateway.graphql(query(), {}, '');
    expect(errors?.[0]?.extensions.code).toBe(scope === 'messages:create' ? undefined : 'UNAUTHENTICATED');
    expect(status).toBe(scope === 'messages:create' ? 200 : 401);
  });
});

describe('the way from a written message to others', () => {
  const write = (selection: string) =>
    `mutation { createMessage(input: { message: "m", channels: SMS }) { message { ${selection} } } }`;
  const count = async () =>
    (await gateway.database.read<{ n: number }>('select count(*) n from messages'))[0]?.n;

  test.each(['parent { id }', 'replies { totalCount }', 'history { totalCount }', 'contact { id }'])(
    '%s is FORBIDDEN to who may only create, and nothing is written',
    async selection => {
      const before = await count();
      for (const authorization of ['', await bearer('messages:create')]) {
        const { errors } = await gateway.graphql(write(selection), {}, authorization);
        expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      }
      expect(await count()).toBe(before);
    },
  );

  test.each(['messages:list', 'messages:read'] as const)('is open with %s beside', async scope => {
    const { errors } = await gateway.graphql(
      write('parent { id } replies { totalCount }'),
      {},
      await bearer('messages:create', scope),
    );
    expect(errors).toBeUndefined();
  });
});

describe('a contact', () => {
  const write = 'mutation { updateContact(id: "a", input: {}) { contact { SELECTION } } }';
  test.each([
    ['messages:read', '{ message(id: 1) { contact { id } } }', 'contacts:read'],
    ['messages:list', '{ messages { nodes { parent { contact { id } } } } }', 'contacts:read'],
    ['contacts:read', '{ contacts { nodes { messages { totalCount } } } }', 'messages:list'],
    ['contacts:read', '{ contact(id: "a") { messages { nodes { id } } } }', 'messages:read'],
    ['contacts:write', write.replace('SELECTION', 'mergedContacts { id }'), 'contacts:read'],
    ['contacts:write', write.replace('SELECTION', 'messages { totalCount }'), 'messages:list'],
  ] as const)('with %s alone is FORBIDDEN %s, and open with %s beside', async (scope, query, other) => {
    const { errors } = await gateway.graphql(query, {}, await bearer(scope));
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await gateway.graphql(query, {}, await bearer(scope, other))).errors).toBeUndefined();
  });
});

describe('the history of a message', () => {
  test.each([
    ['messages:read', '{ message(id: 1) { history { totalCount } } }'],
    ['messages:list', '{ messages { nodes { history { nodes { id } } } } }'],
    ['messages:list', '{ messages { nodes { parent { history { totalCount } } } } }'],
  ] as const)('is FORBIDDEN to %s alone, and open with audit:read beside: %s', async (scope, query) => {
    const { errors } = await gateway.graphql(query, {}, await bearer(scope));
    expect(errors).toMatchObject([
      {
        message: 'Message.history needs the scope audit:read.',
        extensions: { code: 'FORBIDDEN', scopes: ['audit:read'] },
      },
    ]);
    expect((await gateway.graphql(query, {}, await bearer(scope, 'audit:read'))).errors).toBeUndefined();
  });

  test('shows whole messages only to who may read messages', async () => {
    const query = '{ auditLog { nodes { message { id } } } }';
    const { errors } = await gateway.graphql(query, {}, await bearer('audit:read'));
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const both = await gateway.graphql(query, {}, await bearer('audit:read', 'messages:read'));
    expect(both.errors).toBeUndefined();
  });
});

test('a token that is revoked is refused from the next request on', async () => {
  const { token, record } = await gateway.tokens.create({
    name: 'test',
    scopes: ['messages:list'],
    expiresAt: null,
  });
  const ask = () => gateway.graphql('{ messages { totalCount } }', {}, `Bearer ${token}`);
  expect((await ask()).status).toBe(200);
  await gateway.tokens.revoke(record.id);
  expect(await ask()).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphQLObjectType, isLeafType, getNamedType } from 'graphql';
import { buildHeliographSchema } from '../../src/schema';
import { makeContacts } from '../support/contacts';
import { type Gateway, openGateway } from '../support/gateway';

const ORDERS = ['ID', 'CREATED_AT', 'UPDATED_AT', 'SEND_AT', 'SENT_AT', 'TITLE', 'TYPE', 'STATUS'];
const message = buildHeliographSchema().getType('Message') as GraphQLObjectType;

/** Every field of a message, with something to ask of what it holds. */
const FIELDS = Object.values(message.getFields()).map(({ name, type }) => {
  if (isLeafType(getNamedType(type))) return name;
  const below =
    { parent: '{ label }', schedule: '{ rule: frequency }', contact: '{ id }' }[name] ?? '{ totalCount }';
  return `${name} ${below}`;
});

describe('A list reads only the columns that are asked for, and each field', () => {
  let gateway: Gateway;
  let id: string;
  beforeAll(async () => {
    gateway = await openGateway();
    await makeContacts(gateway.database, ['c1']);
    const parentId = await gateway.put({ message: 'The parent' });
    const { data, errors } = await gateway.graphql<{ createMessage: { message: { id: string } } }>(
      `mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { id } } }`,
      {
        input: {
          ...{
            parentId,
            title: 'A title',
            message: '<p>The text</p>',
            type: 'ALERT',
            channels: ['SMS', 'MAIL'],
          },
          ...{ recipientIds: ['u1'], contactId: 'c1', postId: 'p1', dataFeedId: 'f1', dataProviderId: 'd1' },
          ...{
            additionalData: { a: 1 },
            schedule: { frequency: 'DAILY', start: '2030-01-01T08:00:00Z', timeZone: 'UTC' },
          },
        },
      },
    );
    expect(errors).toBeUndefined();
    id = data?.createMessage.message.id ?? '';
  });
  afterAll(() => gateway.close());

  test.each(FIELDS)('is the same there as by its id: %s', async field => {
    const { data, errors } = await gateway.graphql<{
      message: object;
      messages: { nodes: readonly object[] };
    }>(
      `query ($id: ID!) { message(id: $id) { ${field} } messages(filter: { id: [$id] }) { nodes { ${field} } } }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data?.messages.nodes).toEqual([data?.message]);
  });

  test.each(FIELDS)('is the same in the answer to a change of status: %s', async field => {
    const { data, errors } = await gateway.graphql<{
      one: { message: object };
      many: { results: readonly { message: object }[] };
    }>(
      `mutation ($id: ID!) {
        one: updateMessageStatus(id: $id, status: CANCELLED) { message { ${field} } }
        many: batchUpdateMessageStatus(ids: [$id], status: CANCELLED) { results { message { ${field} } } }
      }`,
      { id },
    );
    const stored = await gateway.graphql<{ message: object }>(
      `query ($id: ID!) { message(id: $id) { ${field} } }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data?.one.message).toEqual(stored.data?.message);
    expect(data?.many.results).toEqual([data?.one]);
  });

  test.each(ORDERS)('leaves the cursors of the order %s whole', async order => {
    const { data, errors } = await gateway.graphql<{ few: object; all: object }>(
      `query ($id: ID!) {
        few: messages(filter: { id: [$id] }, orderBy: { field: ${order} }) { edges { cursor node { version } } }
      }`,
      { id },
    );
    const whole = await gateway.graphql<{ few: object }>(
      `query ($id: ID!) {
        few: messages(filter: { id: [$id] }, orderBy: { field: ${order} }) {
          edges { cursor node { version ...all } }
        }
      } fragment all on Message { ${FIELDS.filter(field => !field.includes('{')).join(' ')} }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect((whole.data?.few as { edges: readonly { cursor: string }[] }).edges[0]?.cursor).toBe(
      (data?.few as { edges: readonly { cursor: string }[] }).edges[0]?.cursor,
    );
  });
});

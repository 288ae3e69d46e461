import { expect } from '@jest/globals';
import { type Gateway, type GraphqlError } from './gateway';

export interface Payload {
  readonly message: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly ignoredFields: readonly string[];
}

const FIELDS = `message {
  id version direction status type title message text label channels recipientIds parentId contactId postId dataFeedId
  dataProviderId dataProviderMessageId additionalData repeats sendAt sentAt createdAt updatedAt
  schedule { start timeZone frequency interval endType count until byDay byMonth byMonthDay bySetPosition rrule nextOccurrence }
} ignoredFields`;

/** The least that a message is created from. */
export const MINIMAL = { message: 'Boil water.', channels: ['SMS'] };

/** Creates a message, which must be accepted. */
export async function create(gateway: Gateway, input: object): Promise<Payload> {
  const query = `mutation ($input: CreateMessageInput!) { createMessage(input: $input) { ${FIELDS} } }`;
  const { data, errors } = await gateway.graphql<{ createMessage: Payload }>(query, { input });
  if (!data) throw new Error(JSON.stringify(errors));
  return data.createMessage;
}

/** Changes a message: what came of it, or the error. */
export async function update(gateway: Gateway, id: string, input: object): Promise<Payload | GraphqlError> {
  const query = `mutation ($id: ID!, $input: UpdateMessageInput!) { updateMessage(id: $id, input: $input) { ${FIELDS} } }`;
  const { data, errors } = await gateway.graphql<{ updateMessage: Payload }>(query, { id, input });
  return data?.updateMessage ?? (errors?.[0] as GraphqlError);
}

/** The one error of an operation that must be refused. */
export async function refusal(
  gateway: Gateway,
  query: string,
  variables: object,
): Promise<GraphqlError | undefined> {
  const { errors } = await gateway.graphql(query, variables);
  expect(errors).toHaveLength(1);
  return errors?.[0];
}

// Mercurius on fastify, with its jit: a schema with what the benchmark asks for and no more, loaders against N+1, and
// the floor's SQL below. It keeps no rules beside those of the tables.
import fastify from 'fastify';
import { GraphQLScalarType } from 'graphql';
import mercurius from 'mercurius';
import { cursorOf, type NewMessage, positionOf, repliesByParent, type Row } from './messages';
import { openMessages } from './open-messages';

const SCHEMA = `
  scalar DateTime
  enum MessageDirection { INCOMING OUTGOING }
  enum MessageStatus { PENDING SENT RECEIVED EXPIRED CANCELLED FAILED ARCHIVED }
  enum MessageType { REPORT REVISION COMMENT ALERT }
  enum MessageChannel { BROADCAST DATABASE DISCORD_PRIVATE DISCORD_PUBLIC MAIL SMS WHATSAPP TELEGRAM OTHER }
  type Message {
    id: ID!
    version: Int!
    direction: MessageDirection!
    status: MessageStatus!
    type: MessageType!
    title: String
    message: String!
    channels: [MessageChannel!]!
    contactId: ID
    dataProviderId: ID
    createdAt: DateTime!
    updatedAt: DateTime!
    parent: Message
    replies(first: Int! = 50): MessageConnection!
  }
  type MessageConnection { nodes: [Message!]! pageInfo: PageInfo! totalCount: Int! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! endCursor: String }
  type MessagePayload { message: Message! }
  type BatchMessageResult { index: Int! applied: Boolean! message: Message }
  type BatchMessagesPayload { results: [BatchMessageResult!]! succeeded: Int! }
  input MessageFilter { q: String }
  input CreateMessageInput {
    message: String!
    type: MessageType! = ALERT
    channels: [MessageChannel!]!
    recipientIds: [ID!]! = []
  }
  type Query {
    message(id: ID!): Message
    messages(filter: MessageFilter, first: Int, after: String, last: Int, offset: Int): MessageConnection!
  }
  type Mutation {
    createMessage(input: CreateMessageInput!): MessagePayload!
    updateMessageStatus(id: ID!, status: MessageStatus!): MessagePayload!
    batchUpdateMessageStatus(ids: [ID!]!, status: MessageStatus!): BatchMessagesPayload!
  }`;

interface PageArguments {
  readonly filter?: { readonly q?: string };
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly offset?: number;
}

interface Connection {
  readonly nodes: readonly Row[];
  readonly pageInfo: object;
}

const PAGE_SIZE = 50;

const [store = ''] = process.argv.slice(2);
const messages = openMessages(store);

const resolvers = {
  DateTime: new GraphQLScalarType<Date, string>({
    name: 'DateTime',
    serialize: value => new Date(value as number).toISOString(),
  }),
  Query: {
    message: async (_: unknown, { id }: { readonly id: string }) =>
      (await messages.byIds('linked', [Number(id)]))[0] ?? null,
    messages: (_: unknown, given: PageArguments) => connection(given),
  },
  Message: { channels: ({ channels }: Row) => JSON.parse(channels) as unknown },
  MessageConnection: { totalCount: () => messages.countInbox() },
  Mutation: {
    createMessage: async (_: unknown, { input }: { readonly input: NewMessage }) => {
      const id = await messages.create(input);
      return { message: (await messages.byIds('linked', [id]))[0] };
    },
    updateMessageStatus: async (
      _: unknown,
      { id, status }: { readonly id: string; readonly status: string },
    ) => {
      const [message] = await messages.setStatus([Number(id)], status);
      if (message === undefined) throw new Error('There is no such message.');
      return { message };
    },
    batchUpdateMessageStatus: async (
      _: unknown,
      { ids, status }: { readonly ids: readonly string[]; readonly status: string },
    ) => {
      const changed = await messages.setStatus(ids.map(Number), status);
      const byId = new Map(changed.map(message => [String(message.id), message]));
      const results = ids.map((id, index) => ({ index, applied: byId.has(id), message: byId.get(id) }));
      return { results, succeeded: changed.length };
    },
  },
};

const loaders = {
  Message: {
    parent: async (asked: readonly { readonly obj: Row }[]) => {
      const ids = asked.flatMap(({ obj }) => obj.parentId ?? []);
      const parents = ids.length === 0 ? [] : await messages.byIds('linked', ids);
      const byId = new Map(parents.map(parent => [parent.id, parent]));
      return asked.map(({ obj }) => byId.get(obj.parentId ?? 0) ?? null);
    },
    replies: async (asked: readonly { readonly obj: Row; readonly params: { readonly first: number } }[]) => {
      const most = Math.max(...asked.map(({ params }) => params.first));
      const ids = asked.map(({ obj }) => obj.id);
      const byParent = repliesByParent(await messages.replies('linked', ids, most + 1));
      return asked.map(({ obj, params }) => connectionOf(byParent.get(obj.id) ?? [], params.first));
    },
  },
};

async function connection({ filter, first, last, after, offset }: PageArguments): Promise<Connection> {
  const size = first ?? last ?? PAGE_SIZE;
  const limit = size + 1;
  if (filter?.q !== undefined) return connectionOf(await messages.search('linked', filter.q, limit), size);
  if (last === undefined) {
    return connectionOf(await messages.page('linked', { limit, after: positionOf(after), offset }), size);
  }
  const rows = await messages.page('linked', { limit, fromEnd: true });
  return { nodes: rows.slice(-last), pageInfo: { hasNextPage: false, hasPreviousPage: rows.length > last } };
}

function connectionOf(rows: readonly Row[], size: number): Connection {
  const nodes = rows.slice(0, size);
  const end = nodes.at(-1);
  const endCursor = end === undefined ? null : cursorOf(end);
  return { nodes, pageInfo: { hasNextPage: rows.length > size, hasPreviousPage: false, endCursor } };
}

async function main(): Promise<void> {
  const app = fastify();
  await app.register(mercurius, { schema: SCHEMA, resolvers, loaders, jit: 1 });
  console.log(`Mercurius listens on ${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

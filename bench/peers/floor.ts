// The floor that everything else stands on: node:http, the driver, SQL written for exactly these requests, and
// JSON.stringify. It knows operations by name, checks nothing, and keeps no rules; it is here to be compared with.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { cursorOf, type NewMessage, positionOf, repliesByParent, type Row } from './messages';
import { openMessages } from './open-messages';

interface Variables {
  readonly id: string;
  readonly ids: readonly string[];
  readonly first: number;
  readonly after: string;
  readonly last: number;
  readonly offset: number;
  readonly replies: number;
  readonly q: string;
  readonly status: string;
  readonly input: NewMessage;
}

const [store = ''] = process.argv.slice(2);
const messages = openMessages(store);

const OPERATIONS: Readonly<Record<string, (variables: Variables) => Promise<unknown>>> = {
  Inbox: async ({ first, after }) => {
    const rows = await messages.page('listed', { limit: first + 1, after: positionOf(after) });
    return { messages: page(rows, first) };
  },
  Last: async ({ last }) => {
    const rows = await messages.page('listed', { limit: last + 1, fromEnd: true });
    const nodes = rows.slice(-last).map(shown);
    return { messages: { nodes, pageInfo: { hasPreviousPage: rows.length > last } } };
  },
  Cursor: async ({ offset }) => {
    const [row] = await messages.page('threaded', { limit: 1, offset });
    return { messages: { pageInfo: { endCursor: row === undefined ? null : cursorOf(row) } } };
  },
  ById: async ({ id }) => ({ message: (await messages.byIds('listed', [Number(id)])).map(shown)[0] ?? null }),
  Search: async ({ q, first }) => ({ messages: page(await messages.search('listed', q, first + 1), first) }),
  Count: async () => ({ messages: { totalCount: await messages.countInbox() } }),
  Threads: async ({ first, replies }) => ({ messages: { nodes: await threads(first, replies) } }),
  Create: async ({ input }) => {
    const id = String(await messages.create(input));
    const { type, message, channels } = input;
    return { createMessage: { message: { id, version: 1, status: 'PENDING', type, message, channels } } };
  },
  UpdateStatus: async ({ id, status }) => {
    const [row] = await messages.setStatus([Number(id)], status);
    return { updateMessageStatus: { message: { ...row, id } } };
  },
  BatchStatus: async ({ ids, status }) => {
    const rows = await messages.setStatus(ids.map(Number), status);
    const byId = new Map(rows.map(row => [row.id, row]));
    const results = ids.map((id, index) => ({
      index,
      applied: true,
      message: { ...byId.get(Number(id)), id },
    }));
    return { batchUpdateMessageStatus: { succeeded: rows.length, results } };
  },
};

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.writeHead(500).end(JSON.stringify({ errors: [{ message: String(error) }] }));
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`The floor listens on http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { operationName, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
    readonly operationName: string;
    readonly variables: Variables;
  };
  const text = JSON.stringify({ data: await OPERATIONS[operationName]?.(variables) });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function page(rows: readonly Row[], size: number): object {
  return { nodes: rows.slice(0, size).map(shown), pageInfo: { hasNextPage: rows.length > size } };
}

function shown(row: Row): object {
  return {
    ...row,
    id: String(row.id),
    channels: JSON.parse(row.channels) as unknown,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

/** Heads, then their parents and their replies: three statements, however many heads. */
async function threads(first: number, replies: number): Promise<readonly object[]> {
  const heads = await messages.page('threaded', { limit: first });
  const [parents, answers] = await Promise.all([
    messages.byIds('threaded', [...new Set(heads.flatMap(({ parentId }) => parentId ?? []))]),
    messages.replies(
      'threaded',
      heads.map(({ id }) => id),
      replies,
    ),
  ]);
  const parentOf = new Map(parents.map(({ id, message }) => [id, { id: String(id), message }]));
  const answersTo = repliesByParent(answers);
  return heads.map(({ id, message, parentId }) => ({
    id: String(id),
    message,
    parent: parentId === null ? null : parentOf.get(parentId),
    replies: { nodes: (answersTo.get(id) ?? []).map(answered) },
  }));
}

function answered({ id, direction, message, createdAt }: Row): object {
  return { id: String(id), direction, message, createdAt: new Date(createdAt).toISOString() };
}

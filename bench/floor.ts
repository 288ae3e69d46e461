// The floor that everything else stands on: node:http, the driver, SQL written for exactly these requests, and
// JSON.stringify. It knows operations by name, checks nothing, and keeps no rules; it is here to be compared with.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Database, OPEN_READWRITE, type Statement } from 'sqlite3';

interface Variables {
  readonly id: string;
  readonly first: number;
  readonly q: string;
  readonly status: string;
  readonly input: NewMessage;
}

interface NewMessage {
  readonly message: string;
  readonly type: string;
  readonly channels: readonly string[];
  readonly recipientIds: readonly string[];
}

interface Row {
  readonly id: number;
  readonly channels: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type Value = string | number | null;

const COLUMNS = `id, version, direction, status, type, title, message, channels, contact_id as contactId,
  data_provider_id as dataProviderId, created_at as createdAt, updated_at as updatedAt`;

const INBOX = `select ${COLUMNS} from messages indexed by messages_inbox_by_created
  where direction = 'INCOMING' and status <> 'ARCHIVED' order by created_at desc, id desc limit ?`;
const BY_ID = `select ${COLUMNS} from messages where id = ?`;
const SEARCH = `select ${COLUMNS} from messages
  where id in (select rowid from messages_search where messages_search match ?)
    and +direction = 'INCOMING' and +status <> 'ARCHIVED' order by created_at desc, id desc limit ?`;
const CREATE = `insert into messages (version, direction, status, type, message, channels, recipient_ids, created_at,
  updated_at, search_text) values (1, 'OUTGOING', 'PENDING', ?, ?, ?, ?, ?, ?, ?) returning id`;
const UPDATE_STATUS = `update messages set status = ?, version = version + 1, updated_at = ? where id = ?
  returning id, version, status`;

const [storeFile = ''] = process.argv.slice(2);
/** As many connections as the gateway has, each with its statements prepared once. */
const readers = [connect(), connect()];
const writer = connect();
let turn = 0;

const OPERATIONS: Readonly<Record<string, (variables: Variables) => Promise<unknown>>> = {
  Inbox: async ({ first }) => ({ messages: page(await readAll(INBOX, [first + 1]), first) }),
  ById: async ({ id }) => ({ message: (await readAll(BY_ID, [id])).map(shown)[0] ?? null }),
  Search: async ({ q, first }) => ({ messages: page(await readAll(SEARCH, [`"${q}"`, first + 1]), first) }),
  Create: async ({ input: { message, type, channels, recipientIds } }) => {
    const now = Date.now();
    const lists = [JSON.stringify(channels), JSON.stringify(recipientIds)];
    const values = [type, message, ...lists, now, now, `\u001f${message.toLowerCase()}`];
    const [row] = await writer<{ id: number }>(CREATE, values);
    const created = { id: String(row?.id), version: 1, status: 'PENDING', type, message, channels };
    return { createMessage: { message: created } };
  },
  UpdateStatus: async ({ id, status }) => {
    const [row] = await writer<Row>(UPDATE_STATUS, [status, Date.now(), id]);
    return { updateMessageStatus: { message: { ...row, id } } };
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

function readAll(sql: string, values: readonly Value[]): Promise<Row[]> {
  turn = (turn + 1) % readers.length;
  return readers[turn]?.<Row>(sql, values) ?? Promise.resolve([]);
}

/** One connection, as a function that runs a statement on it. */
function connect(): <R>(sql: string, values: readonly Value[]) => Promise<R[]> {
  const database = new Database(storeFile, OPEN_READWRITE);
  database.exec('pragma synchronous = full');
  database.configure('busyTimeout', 5_000);
  const statements = new Map<string, Statement>();
  return <R>(sql: string, values: readonly Value[]) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return new Promise<R[]>((resolve, reject) => {
      statement.all<R>([...values], (error, rows) => (error === null ? resolve(rows) : reject(error)));
    });
  };
}

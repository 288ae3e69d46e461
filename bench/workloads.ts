import { RARE_WORD } from './phrases';
import { type PeerName } from './peers';
import { type SampleStore } from './sample-store';

export const WORKLOAD_NAMES = ['inbox', 'by-id', 'search', 'create', 'status', 'batch'] as const;
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

/** One kind of work, as every peer gets it. */
export interface Workload {
  readonly name: WorkloadName;
  readonly title: string;
  readonly peers: readonly PeerName[];
  /** What nobody's answer may differ in; nothing for writes, whose answers hold new ids and times. */
  readonly isRead: boolean;
  /** The bodies that each connection sends, one after the other and over again. */
  readonly bodies: readonly (readonly string[])[];
}

export const CONNECTIONS = 16;

const PAGE_SIZE = 50;
const BATCH_SIZE = 500;
const IDS_PER_CONNECTION = 64;
const STATUS_IDS_PER_CONNECTION = 8;

/** Twelve fields, as a client's list shows them. */
const FIELDS = `id version direction status type title message channels contactId dataProviderId createdAt updatedAt`;

const INBOX = `query Inbox($first: Int!) {
  messages(first: $first) { nodes { ${FIELDS} } pageInfo { hasNextPage } }
}`;
const BY_ID = `query ById($id: ID!) { message(id: $id) { ${FIELDS} } }`;
const SEARCH = `query Search($q: String!, $first: Int!) {
  messages(filter: { q: $q }, first: $first) { nodes { ${FIELDS} } pageInfo { hasNextPage } }
}`;
const CREATE = `mutation Create($input: CreateMessageInput!) {
  createMessage(input: $input) { message { id version status type message channels } }
}`;
const UPDATE_STATUS = `mutation UpdateStatus($id: ID!, $status: MessageStatus!) {
  updateMessageStatus(id: $id, status: $status) { message { id version status } }
}`;
const BATCH_STATUS = `mutation BatchStatus($ids: [ID!]!, $status: MessageStatus!) {
  batchUpdateMessageStatus(ids: $ids, status: $status) {
    succeeded
    results { index applied message { id version status } }
  }
}`;

/** The workloads over a store; those that read come first, while all peers still hold the same messages. */
export function workloadsOver(store: SampleStore): readonly Workload[] {
  const spread = (connection: number, index: number): number =>
    1 + (((connection * IDS_PER_CONNECTION + index) * 7_919) % store.messages);
  const statusIds = store.receivedIds.slice(0, CONNECTIONS * STATUS_IDS_PER_CONNECTION);
  const batchIds = store.receivedIds.slice(statusIds.length);
  return [
    read('inbox', `inbox page, ${PAGE_SIZE} messages`, () => [body('Inbox', INBOX, { first: PAGE_SIZE })]),
    read('by-id', 'one message by id', connection =>
      counting(IDS_PER_CONNECTION).map(index =>
        body('ById', BY_ID, { id: String(spread(connection, index)) }),
      ),
    ),
    read('search', 'search with some 20 hits', () => [
      body('Search', SEARCH, { q: RARE_WORD.toLowerCase(), first: PAGE_SIZE }),
    ]),
    write('create', 'createMessage', ALL_PEERS, () => [body('Create', CREATE, { input: NEW_MESSAGE })]),
    write('status', 'updateMessageStatus', ALL_PEERS, connection =>
      share(statusIds, connection, STATUS_IDS_PER_CONNECTION).flatMap(id =>
        BACK_AND_FORTH.map(status => body('UpdateStatus', UPDATE_STATUS, { id, status })),
      ),
    ),
    // To write 500 messages by hand is one statement: the bare peer would measure nothing that a client could ask for.
    write('batch', `batchUpdateMessageStatus of ${BATCH_SIZE}`, ['heliograph', 'stock'], connection =>
      BACK_AND_FORTH.map(status =>
        body('BatchStatus', BATCH_STATUS, { ids: share(batchIds, connection, BATCH_SIZE), status }),
      ),
    ),
  ];
}

const ALL_PEERS: readonly PeerName[] = ['heliograph', 'floor', 'stock'];
const BACK_AND_FORTH = ['ARCHIVED', 'RECEIVED'] as const;

const NEW_MESSAGE = {
  message:
    'The road over the pass is open again, one lane at a time. Please drive slowly, people work there.',
  type: 'ALERT',
  channels: ['SMS'],
  recipientIds: ['user-17', 'user-23'],
};

type Bodies = (connection: number) => readonly string[];

function read(name: WorkloadName, title: string, bodiesOf: Bodies): Workload {
  return { name, title, peers: ALL_PEERS, isRead: true, bodies: counting(CONNECTIONS).map(bodiesOf) };
}

function write(name: WorkloadName, title: string, peers: readonly PeerName[], bodiesOf: Bodies): Workload {
  return { name, title, peers, isRead: false, bodies: counting(CONNECTIONS).map(bodiesOf) };
}

/** The operation's name stands in the body, as every GraphQL client sends it. */
function body(operationName: string, query: string, variables: object): string {
  return JSON.stringify({ operationName, query, variables });
}

/** No two connections write the same message: who comes second would have nothing to change. */
function share(ids: readonly number[], connection: number, size: number): readonly string[] {
  return ids.slice(connection * size, (connection + 1) * size).map(String);
}

function counting(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

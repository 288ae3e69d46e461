import { DOCUMENTS, type Operation, POSTGRAPHILE_DOCUMENTS } from './documents';
import { type PeerName } from './peers';
import { ABSENT_WORD, LONE_WORD, RARE_WORD } from './phrases';
import { type SampleStore } from './sample-store';

export const WORKLOAD_NAMES = [
  ...(['inbox', 'deep', 'last', 'by-id', 'search', 'search-one', 'search-none', 'count', 'threads'] as const),
  ...(['create', 'status', 'batch'] as const),
];
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

/** One kind of work, as every peer gets it. */
export interface Workload {
  readonly name: WorkloadName;
  readonly title: string;
  /** What nobody's answer may differ in; nothing for writes, whose answers hold new ids and times. */
  readonly isRead: boolean;
  /** The bodies that each connection sends, one after the other and over again. */
  bodiesFor(asked: Asked): Bodies;
}

export type Bodies = readonly (readonly string[])[];

/** Whom the questions are for. */
export interface Asked {
  readonly name: PeerName;
  /** Of the message before a page deep down, as this peer writes it. */
  readonly deepCursor: string;
}

export const CONNECTIONS = 16;

export const PAGE_SIZE = 50;
const BATCH_SIZE = 500;
const THREADS = { first: 20, replies: 5 };
const IDS_PER_CONNECTION = 64;
const STATUS_IDS_PER_CONNECTION = 8;
const DEEPEST = 10_000;

/** How many messages of the inbox lie before the page deep down. */
export function deepOffset({ inbox }: SampleStore): number {
  return Math.min(DEEPEST, Math.floor(inbox / 2));
}

/** Asks a peer where the page deep down begins. */
export function cursorQuestion(store: SampleStore, name: PeerName): string {
  return body(name, 'Cursor', { offset: deepOffset(store) - 1 });
}

/** The workloads over a store; those that read come first, while all peers still hold the same messages. */
export function workloadsOver(store: SampleStore): readonly Workload[] {
  const deep = deepOffset(store).toLocaleString('en-US');
  return [
    read('inbox', `inbox page, ${PAGE_SIZE} messages`, 'Inbox', () => ({ first: PAGE_SIZE })),
    read('deep', `the same, ${deep} deep, by cursor`, 'Inbox', ({ deepCursor }) => ({
      ...{ first: PAGE_SIZE, after: deepCursor },
    })),
    read('last', `last page, ${PAGE_SIZE} messages`, 'Last', () => ({ last: PAGE_SIZE })),
    {
      ...{ name: 'by-id', title: 'one message by id', isRead: true },
      bodiesFor: ({ name }) =>
        eachConnection(connection => spreadIds(connection, store).map(id => body(name, 'ById', { id }))),
    },
    search('search', 'search, some 20 hits', RARE_WORD),
    search('search-one', 'search, one hit', LONE_WORD),
    search('search-none', 'search, no hit', ABSENT_WORD),
    read('count', '`totalCount` of the inbox', 'Count', () => ({})),
    read('threads', `${THREADS.first} threads: parent, ${THREADS.replies} replies`, 'Threads', () => THREADS),
    ...writesOver(store),
  ];
}

function writesOver({ receivedIds }: SampleStore): readonly Workload[] {
  const statusIds = receivedIds.slice(0, CONNECTIONS * STATUS_IDS_PER_CONNECTION);
  const batchIds = receivedIds.slice(statusIds.length);
  return [
    {
      ...{ name: 'create', title: 'createMessage', isRead: false },
      bodiesFor: ({ name }) => eachConnection(() => [body(name, 'Create', { input: NEW_MESSAGE })]),
    },
    {
      ...{ name: 'status', title: 'updateMessageStatus', isRead: false },
      bodiesFor: ({ name }) =>
        eachConnection(connection =>
          share(statusIds, connection, STATUS_IDS_PER_CONNECTION).flatMap(id =>
            BACK_AND_FORTH.map(status => body(name, 'UpdateStatus', { id, status })),
          ),
        ),
    },
    {
      ...{ name: 'batch', title: `batchUpdateMessageStatus of ${BATCH_SIZE}`, isRead: false },
      bodiesFor: ({ name }) =>
        eachConnection(connection => {
          const ids = share(batchIds, connection, BATCH_SIZE);
          return BACK_AND_FORTH.map(status => body(name, 'BatchStatus', { ids, status }));
        }),
    },
  ];
}

const BACK_AND_FORTH = ['ARCHIVED', 'RECEIVED'] as const;

const NEW_MESSAGE = {
  message:
    'The road over the pass is open again, one lane at a time. Please drive slowly, people work there.',
  type: 'ALERT',
  channels: ['SMS'],
  recipientIds: ['user-17', 'user-23'],
};

/** One question, which all connections ask alike. */
function read(
  name: WorkloadName,
  title: string,
  operation: Operation,
  variables: (asked: Asked) => object,
): Workload {
  return {
    ...{ name, title, isRead: true },
    bodiesFor: asked => eachConnection(() => [body(asked.name, operation, variables(asked))]),
  };
}

function search(name: WorkloadName, title: string, word: string): Workload {
  return read(name, title, 'Search', () => ({ q: word.toLowerCase(), first: PAGE_SIZE }));
}

/** The operation's name stands in the body, as every GraphQL client sends it. */
export function body(peer: PeerName, operationName: Operation, variables: object): string {
  const documents = peer === 'postgraphile' ? POSTGRAPHILE_DOCUMENTS : DOCUMENTS;
  return JSON.stringify({ operationName, query: documents[operationName], variables });
}

function spreadIds(connection: number, { messages }: SampleStore): readonly string[] {
  return counting(IDS_PER_CONNECTION).map(index =>
    String(1 + (((connection * IDS_PER_CONNECTION + index) * 7_919) % messages)),
  );
}

/** No two connections write the same message: who comes second would have nothing to change. */
function share(ids: readonly number[], connection: number, size: number): readonly string[] {
  return ids.slice(connection * size, (connection + 1) * size).map(String);
}

function eachConnection(bodiesOf: (connection: number) => readonly string[]): Bodies {
  return counting(CONNECTIONS).map(bodiesOf);
}

function counting(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

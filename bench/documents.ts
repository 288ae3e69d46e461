/** What the workloads send, by operation. */
export type Operation =
  | 'Inbox'
  | 'Last'
  | 'Cursor'
  | 'ById'
  | 'Search'
  | 'Count'
  | 'Threads'
  | 'Create'
  | 'UpdateStatus'
  | 'BatchStatus';

/** Twelve fields, as a client's list shows them. */
const FIELDS =
  'id version direction status type title message channels contactId dataProviderId createdAt updatedAt';

/** In the names of the gateway's schema, which all peers but one have. */
export const DOCUMENTS: Readonly<Record<Operation, string>> = {
  Inbox: `query Inbox($first: Int!, $after: String) {
    messages(first: $first, after: $after) { nodes { ${FIELDS} } pageInfo { hasNextPage } }
  }`,
  Last: `query Last($last: Int!) {
    messages(last: $last) { nodes { ${FIELDS} } pageInfo { hasPreviousPage } }
  }`,
  Cursor: `query Cursor($offset: Int!) {
    messages(first: 1, offset: $offset) { pageInfo { endCursor } }
  }`,
  ById: `query ById($id: ID!) { message(id: $id) { ${FIELDS} } }`,
  Search: `query Search($q: String!, $first: Int!) {
    messages(filter: { q: $q }, first: $first) { nodes { ${FIELDS} } pageInfo { hasNextPage } }
  }`,
  Count: 'query Count { messages(first: 1) { totalCount } }',
  Threads: `query Threads($first: Int!, $replies: Int!) {
    messages(first: $first) {
      nodes { id message parent { id message } replies(first: $replies) { nodes { id direction message createdAt } } }
    }
  }`,
  Create: `mutation Create($input: CreateMessageInput!) {
    createMessage(input: $input) { message { id version status type message channels } }
  }`,
  UpdateStatus: `mutation UpdateStatus($id: ID!, $status: MessageStatus!) {
    updateMessageStatus(id: $id, status: $status) { message { id version status } }
  }`,
  BatchStatus: `mutation BatchStatus($ids: [ID!]!, $status: MessageStatus!) {
    batchUpdateMessageStatus(ids: $ids, status: $status) {
      succeeded
      results { index applied message { id version status } }
    }
  }`,
};

const THEIR_FIELDS = FIELDS.replace('id', 'id: rowId');
const NEWEST_FIRST = 'orderBy: [CREATED_AT_DESC, ROW_ID_DESC]';
const OLDEST_FIRST = 'orderBy: [CREATED_AT_ASC, ROW_ID_ASC]';

/**
 * The same in PostGraphile's names, with ours as aliases: the inbox is a view, `rowId` is our `id`, the search and the
 * mutations are functions. A batch answers with its messages alone.
 */
export const POSTGRAPHILE_DOCUMENTS: Readonly<Record<Operation, string>> = {
  Inbox: `query Inbox($first: Int!, $after: Cursor) {
    messages: allInboxes(first: $first, after: $after, ${NEWEST_FIRST}) {
      nodes { ${THEIR_FIELDS} } pageInfo { hasNextPage }
    }
  }`,
  Last: `query Last($last: Int!) {
    messages: allInboxes(last: $last, ${NEWEST_FIRST}) { nodes { ${THEIR_FIELDS} } pageInfo { hasPreviousPage } }
  }`,
  Cursor: `query Cursor($offset: Int!) {
    messages: allInboxes(first: 1, offset: $offset, ${NEWEST_FIRST}) { pageInfo { endCursor } }
  }`,
  ById: `query ById($id: BigInt!) { message: messageByRowId(rowId: $id) { ${THEIR_FIELDS} } }`,
  Search: `query Search($q: String!, $first: Int!) {
    messages: searchInbox(q: $q, first: $first) { nodes { ${THEIR_FIELDS} } pageInfo { hasNextPage } }
  }`,
  Count: 'query Count { messages: allInboxes(first: 1) { totalCount } }',
  Threads: `query Threads($first: Int!, $replies: Int!) {
    messages: allInboxes(first: $first, ${NEWEST_FIRST}) {
      nodes {
        id: rowId message parent { id: rowId message }
        replies(first: $replies, ${OLDEST_FIRST}) { nodes { id: rowId direction message createdAt } }
      }
    }
  }`,
  Create: `mutation Create($input: CreateMessageInput!) {
    createMessage(input: $input) { message: result { id: rowId version status type message channels } }
  }`,
  UpdateStatus: `mutation UpdateStatus($id: BigInt!, $status: String!) {
    updateMessageStatus(input: { id: $id, status: $status }) { message: result { id: rowId version status } }
  }`,
  BatchStatus: `mutation BatchStatus($ids: [BigInt!]!, $status: String!) {
    batchUpdateMessageStatus(input: { ids: $ids, status: $status }) { results: result { id: rowId version status } }
  }`,
};

/** What stands ready in the Sandbox: the operations that a newcomer tries first, with variables for all of them. */
export const sandboxExamples = {
  document: `# The inbox: what has come in and is not archived, newest first.
query Inbox {
  messages(first: 10) {
    nodes { id label status channels contactId createdAt }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}

# The next page: give the endCursor of the last one as $after.
query NextPage($after: String) {
  messages(first: 10, after: $after) {
    nodes { id label createdAt }
    pageInfo { hasNextPage endCursor }
  }
}

# Search in both directions, with the thread around each hit.
query Search($q: String!) {
  messages(filter: { q: $q, direction: [INCOMING, OUTGOING] }, first: 10) {
    nodes { id direction label parent { id label } replies(first: 3) { totalCount nodes { id label } } }
    totalCount
  }
}

# One message, whole.
query OneMessage($id: ID!) {
  message(id: $id) {
    id version direction status type title text channels recipientIds contactId dataProviderId
    additionalData sendAt sentAt createdAt updatedAt
    schedule { rrule nextOccurrence occurrences(first: 3) }
  }
}

# What was done to one message, newest first: by whom, and from what to what.
query History($id: ID!) {
  message(id: $id) {
    id label version
    history(first: 10) {
      nodes { at action actor tokenId requestId version changes { field from to } }
    }
  }
}

# Announce something to everyone. The key makes it safe to press twice.
mutation Announce($announcement: CreateMessageInput!, $key: String) {
  createMessage(input: $announcement, idempotencyKey: $key) {
    message { id status label channels sendAt }
  }
}

# Reply: channels, contact and provider are taken from the message replied to.
mutation Reply($id: ID!, $text: String!) {
  createMessage(input: { parentId: $id, message: $text }) {
    message { id channels contactId parent { id label } }
  }
}

# Put a message away. Where that is not allowed, the error lists what is.
mutation Archive($id: ID!) {
  updateMessageStatus(id: $id, status: ARCHIVED) {
    message { id status version }
  }
}
`,
  variables: {
    after: null,
    q: 'water',
    id: '1',
    text: 'Thank you, we are on our way.',
    announcement: {
      title: 'Water',
      message: 'The water point at the school is open again.',
      channels: ['SMS', 'MAIL'],
    },
    key: 'announcement-1',
  },
} as const;

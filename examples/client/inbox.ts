// Walks the whole inbox, page by page, and replies to the newest message:
//
//   HELIOGRAPH_URL=http://127.0.0.1:4000/graphql HELIOGRAPH_TOKEN=hg_… npx tsx examples/client/inbox.ts
//
// The token needs the scopes messages:list and messages:create.
import { type Client, createClient, HeliographError } from './client';
import { NextPageDocument, type NextPageQuery, ReplyDocument } from './generated';

type InboxMessage = NextPageQuery['messages']['nodes'][number];

async function main(): Promise<void> {
  const client = createClient({
    url: process.env['HELIOGRAPH_URL'] ?? 'http://127.0.0.1:4000/graphql',
    token: process.env['HELIOGRAPH_TOKEN'] ?? '',
  });
  let newest: InboxMessage | undefined;
  for await (const message of walkInbox(client)) {
    newest ??= message;
    print(`${message.createdAt}  ${message.channels.join('+')}  ${message.label}`);
  }
  print(newest === undefined ? 'The inbox is empty.' : await reply(client, newest));
}

/** Every message of the inbox, newest first. What arrives meanwhile is not among them, and moves none of them. */
async function* walkInbox(client: Client): AsyncGenerator<InboxMessage> {
  let after: string | null = null;
  do {
    const { messages }: NextPageQuery = await client.request(NextPageDocument, { first: 100, after });
    yield* messages.nodes;
    after = messages.pageInfo.hasNextPage ? messages.pageInfo.endCursor : null;
  } while (after !== null);
}

async function reply(client: Client, { id, label }: InboxMessage): Promise<string> {
  const { createMessage } = await client.request(ReplyDocument, {
    parentId: id,
    message: 'Thank you for your message. Somebody reads it right now.',
    // Running this twice replies once: within 24 hours the key gives the first reply again.
    idempotencyKey: `first-reply-to-${id}`,
  });
  const { id: replyId, channels, status } = createMessage.message;
  return `Replied to "${label}" by ${channels.join(' and ')}: message ${replyId} is ${status}.`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  if (!(error instanceof HeliographError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
});

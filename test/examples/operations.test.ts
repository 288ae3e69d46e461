import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import {
  type AnnounceMutation,
  type AuditLogQuery,
  type ArchiveFiftyMutation,
  type CancelMutation,
  type ContactQuery,
  type EditWithVersionMutation,
  type FilterNestedQuery,
  type ImportedQuery,
  type ListInboxQuery,
  type NextPageQuery,
  type ReplyMutation,
  type ReplyToSmsMutation,
  type SearchQuery,
  type ThreadQuery,
  type WeeklyScheduleMutation,
} from '../../examples/client/generated';
import { OPERATOR } from '../../src/audit/actor';
import { type DemoLine, demoMessages } from '../../src/demo/demo-messages';
import { importMessages } from '../../src/messages/transfer/message.import';
import { FakeClock } from '../support/clock';
import { type Gateway, type GraphqlAnswer } from '../support/gateway';
import { exampleNames, FOLDER, openDemoGateway, readExample, tokenWith } from './examples';

const LINES = demoMessages(new FakeClock().now());
const INBOX = LINES.filter(line => line.direction === 'INCOMING' && line.status !== 'ARCHIVED');

let gateway: Gateway;

beforeEach(async () => {
  gateway = await openDemoGateway();
});

afterEach(() => gateway.close());

/** An example with what must hold of its answer, beyond its being free of errors. */
interface Story {
  readonly name: string;
  readonly promise: string;
  readonly tell: () => Promise<void>;
}

const STORIES: readonly Story[] = [
  story<ContactQuery>('contact', 'shows who wrote, and what was said in either direction', ({ contact }) => {
    const said = LINES.filter(({ contactId }) => contactId === 'contact-2');
    expect(contact).toMatchObject({ id: 'contact-2', mergedContacts: [] });
    expect(contact?.messages.totalCount).toBe(said.length);
    expect(idsOf(contact?.messages.nodes ?? [])).toEqual(idsOf(said).reverse().slice(0, 5));
  }),
  story<ListInboxQuery>('list-inbox', 'lists what came in, newest first', ({ messages }) => {
    expect(idsOf(messages.nodes)).toEqual(idsOf(INBOX).reverse().slice(0, 20));
    expect(messages).toMatchObject({ totalCount: INBOX.length, pageInfo: { hasNextPage: true } });
  }),
  story<NextPageQuery>(
    'next-page',
    'shows each message once, even if others arrive',
    async ({ messages }, run) => {
      const walked = idsOf(messages.nodes);
      let { hasNextPage, endCursor } = messages.pageInfo;
      while (hasNextPage) {
        await gateway.put({ direction: 'INCOMING', status: 'RECEIVED', type: 'REPORT' });
        const page = (await run({ after: endCursor })).data?.messages;
        walked.push(...idsOf(page?.nodes ?? []));
        ({ hasNextPage, endCursor } = page?.pageInfo ?? { hasNextPage: false, endCursor: null });
      }
      expect(walked).toEqual(idsOf(INBOX).reverse());
    },
  ),
  story<SearchQuery>('search', 'finds the word in either direction, whatever its case', ({ messages }) => {
    const hits = LINES.filter(
      line => line.status !== 'ARCHIVED' && /water/i.test(`${line.title ?? ''}\n${line.message}`),
    );
    expect(messages.totalCount).toBe(hits.length);
    expect(idsOf(messages.nodes)).toEqual(idsOf(hits).reverse().slice(0, 20));
    expect(new Set(messages.nodes.map(node => node.direction)).size).toBe(2);
  }),
  story<ReplyMutation>('reply', 'goes to who wrote, by the way they wrote', ({ createMessage }) => {
    const { type, channels, contactId, dataProviderId } = line('277');
    expect(createMessage.message).toMatchObject({
      ...{ type, channels, contactId, dataProviderId },
      parentId: '277',
      status: 'PENDING',
    });
  }),
  story<ReplyToSmsMutation>('reply-to-sms', 'goes back by SMS, once', async ({ createMessage }, run) => {
    const { message, channels, dataProviderId, dataFeedId } = line('271');
    expect(createMessage.message).toMatchObject({
      ...{ channels, dataProviderId, dataFeedId },
      status: 'PENDING',
      parent: { text: message },
    });
    expect((await run()).data).toEqual({ createMessage });
  }),
  story<AnnounceMutation>(
    'announce',
    'is one message for everyone, even if sent twice',
    async (data, run) => {
      expect(data.createMessage.message).toMatchObject({
        recipientIds: [],
        contactId: null,
        status: 'PENDING',
      });
      expect(await run()).toEqual({ status: 200, data });
      expect(await run({ input: { message: 'Closed again.', channels: ['SMS'] } })).toMatchObject({
        errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }],
      });
    },
  ),
  story<WeeklyScheduleMutation>(
    'weekly-schedule',
    'comes round at noon in Berlin, also in summer',
    async data => {
      const { id, schedule, ...message } = data.createMessage.message;
      expect(message).toEqual({ status: 'PENDING', repeats: true, sendAt: null });
      expect(schedule).toMatchObject({ nextOccurrence: '2026-03-02T11:00:00.000Z', lastOccurrence: null });
      expect(schedule?.occurrences).toEqual([
        ...['2026-03-02T11:00:00.000Z', '2026-03-05T11:00:00.000Z'],
        ...['2026-03-09T11:00:00.000Z', '2026-03-12T11:00:00.000Z'],
      ]);
      const summer = `{ message(id: "${id}") { schedule { occurrences(first: 1, from: "2026-06-01T00:00:00Z") } } }`;
      expect(await gateway.graphql(summer)).toMatchObject({
        data: { message: { schedule: { occurrences: ['2026-06-01T10:00:00.000Z'] } } },
      });
    },
  ),
  story<CancelMutation>(
    'cancel',
    'cancels what waits, and says where what was sent may go',
    async (data, run) => {
      expect(data.updateMessageStatus.message).toMatchObject({ id: '264', status: 'CANCELLED', version: 2 });
      expect(await run({ id: '278' })).toMatchObject({
        errors: [{ extensions: { code: 'INVALID_STATUS_TRANSITION', allowed: ['ARCHIVED'] } }],
      });
    },
  ),
  story<ArchiveFiftyMutation>(
    'archive-fifty',
    'archives what it can, and says what it could not',
    async data => {
      const { succeeded, failed, results } = data.batchUpdateMessageStatus;
      expect({ succeeded, failed }).toEqual({ succeeded: 49, failed: 1 });
      expect(results.map(({ index }) => index)).toEqual(Array.from({ length: 50 }, (_, index) => index));
      for (const { id, applied, message, errors } of results.slice(0, 49)) {
        expect({ applied, status: message?.status, errors }).toEqual({
          applied: true,
          status: 'ARCHIVED',
          errors: [],
        });
        expect(await gateway.stored(Number(id))).toMatchObject({ status: 'ARCHIVED' });
      }
      expect(results[49]).toMatchObject({ applied: false, message: null, errors: [{ code: 'NOT_FOUND' }] });
    },
  ),
  story<AuditLogQuery>('audit-log', 'shows who did what, newest first', async (before, run) => {
    expect(before.auditLog.nodes).toMatchObject(
      Array(20).fill({ action: 'IMPORTED', actor: 'OPERATOR', requestId: null, changes: [] }),
    );
    const desk = await gateway.tokens.create({ name: 'desk', scopes: ['messages:update'], expiresAt: null });
    const cancel = 'mutation { updateMessageStatus(id: 264, status: CANCELLED) { message { id } } }';
    await gateway.graphql(cancel, {}, `Bearer ${desk.token}`);
    const { data } = await run({ filter: { tokenId: desk.record.id } });
    expect(data?.auditLog.nodes).toMatchObject([
      {
        ...{
          action: 'CHANGED',
          actor: 'TOKEN',
          tokenId: String(desk.record.id),
          messageId: '264',
          version: 2,
        },
        changes: [{ field: 'status', from: 'PENDING', to: 'CANCELLED' }],
        message: { status: 'CANCELLED' },
      },
    ]);
  }),
  story<ImportedQuery>('import', 'shows what the import brought, once', async (before, run) => {
    expect(await importFile()).toMatchObject({ added: 3, refused: 0 });
    expect(await importFile()).toMatchObject({ added: 0, skipped: 3, refused: 0 });
    const after = (await run()).data?.messages;
    expect(after?.totalCount).toBe(before.messages.totalCount + 2);
    expect(after?.nodes).toContainEqual(
      expect.objectContaining({
        dataProviderMessageId: 'radio-log-amari-2',
        additionalData: { gauge: 'port-amari', levelCm: 118, trend: 'steady' },
      }),
    );
  }),
  story<FilterNestedQuery>('filter-nested', 'lists what its variables say in words', ({ messages }) => {
    const wanted = LINES.filter(
      ({ direction, status, sendAt, channels }) =>
        direction === 'OUTGOING' &&
        (status === 'FAILED' || status === 'EXPIRED' || (status === 'PENDING' && sendAt !== null)) &&
        !channels.some(channel => channel === 'BROADCAST' || channel === 'TELEGRAM'),
    );
    expect(idsOf(messages.nodes).sort()).toEqual(idsOf(wanted).sort());
    const due = messages.nodes.map(({ sendAt }) => sendAt ?? 'never');
    expect(due).toEqual([...due].sort());
  }),
  story<ThreadQuery>('thread', 'shows what is answered and the answers to the answers', ({ message }) => {
    expect(message).toMatchObject({
      parent: { id: '8' },
      replies: { totalCount: 1, nodes: [{ id: '13', replies: { nodes: [{ id: '14' }] } }] },
    });
  }),
  story<EditWithVersionMutation>(
    'edit-with-version',
    'refuses the second who saw the same',
    async (data, run) => {
      expect(data.updateMessage).toMatchObject({
        message: { id: '280', version: 2, title: 'About the boot' },
        ignoredFields: [],
      });
      expect((await run()).errors).toMatchObject([
        {
          message: 'The message has moved on: it is at version 2. Read it again, then decide.',
          extensions: { code: 'CONFLICT' },
        },
      ]);
    },
  ),
];

describe('each example, with no more scopes than its comment names', () => {
  test.each(STORIES)('$name $promise', ({ tell }) => tell());

  test('is told here', () => {
    expect([...exampleNames()].sort()).toEqual(STORIES.map(({ name }) => name).sort());
  });
});

/** Runs an example again, with some of its variables changed. */
type Run<Data> = (changed?: object) => Promise<GraphqlAnswer<Data>>;

function story<Data>(
  name: string,
  promise: string,
  check: (data: Data, run: Run<Data>) => void | Promise<void>,
): Story {
  const { operation, variables, scopes } = readExample(name);
  return {
    ...{ name, promise },
    tell: async () => {
      const authorization = `Bearer ${await tokenWith(gateway, scopes)}`;
      const run: Run<Data> = changed =>
        gateway.graphql(operation, { ...variables, ...changed }, authorization);
      const { data, ...rest } = await run();
      expect(rest).toEqual({ status: 200 });
      await check(data as Data, run);
    },
  };
}

function idsOf(messages: readonly { readonly id: string }[]): string[] {
  return messages.map(({ id }) => id);
}

function line(id: string): DemoLine {
  const found = LINES.find(candidate => candidate.id === id);
  if (found === undefined) throw new Error(`The demo has no message ${id}.`);
  return found;
}

function importFile(): Promise<unknown> {
  return importMessages(createReadStream(join(FOLDER, 'import.ndjson')), {
    database: gateway.database,
    clock: gateway.clock,
    by: OPERATOR,
    listener: { refused: () => undefined, progress: () => undefined },
  });
}

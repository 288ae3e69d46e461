import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, Client } from './client';

/** How many there are of each kind of user. */
const CREATORS = 3;
const BATCHERS = 3;
const MOVERS = 3;
const BATCH_MOVERS = 2;
const READERS = 4;

const BATCH_SIZE = 10;

/** What a user needs to think, in milliseconds: users who do not would measure how busy they keep the machine. */
const THINKING_MS = 30;

const CREATE = `mutation ($input: CreateMessageInput!, $key: String) {
  createMessage(input: $input, idempotencyKey: $key) { message { id } }
}`;
const CREATE_MANY = `mutation ($inputs: [CreateMessageInput!]!, $key: String) {
  batchCreateMessages(inputs: $inputs, idempotencyKey: $key) { results { id } }
}`;
const MOVE = `mutation ($id: ID!, $status: MessageStatus!) {
  updateMessageStatus(id: $id, status: $status) { message { status version } }
}`;
const MOVE_MANY = `mutation ($ids: [ID!]!, $status: MessageStatus!, $key: String) {
  batchUpdateMessageStatus(ids: $ids, status: $status, idempotencyKey: $key) {
    results { message { status version } }
  }
}`;
const LIST = `query ($postId: ID!) {
  messages(filter: { postId: [$postId], direction: OUTGOING }, orderBy: { field: ID, direction: ASC }) {
    nodes { id }
  }
}`;

/** What was written in one call, under a key and a postId that are the same text. */
export interface Piece {
  readonly postId: string;
  readonly size: number;
  /** Of its messages, as they were answered; null until then. */
  ids: readonly string[] | null;
}

/** A message whose status one user alone changes, back and forth. */
export interface Moved {
  readonly id: string;
  readonly changes: number;
}

interface Shown {
  readonly message: { readonly status: string; readonly version: number };
}

/**
 * Users of one or several gateways who create messages, one by one and in batches, move them between two statuses, and
 * read what they wrote. A write is repeated until it is done, under the same key where it has one.
 */
export class Load {
  readonly answers: Answer[] = [];
  /** Good answers that are not true. */
  readonly untrue: string[] = [];
  readonly pieces: Piece[] = [];
  readonly moved: Moved[] = [];
  /** Of the calls that have written something. */
  readonly keys: string[] = [];
  private isOver = false;
  private readonly users: readonly Promise<void>[];

  constructor(private readonly gateways: readonly string[]) {
    const kinds: readonly (readonly [number, (client: Client) => Promise<void>])[] = [
      [CREATORS, client => this.repeat(() => this.create(client, 1))],
      [BATCHERS, client => this.repeat(() => this.create(client, BATCH_SIZE))],
      [MOVERS, client => this.move(client)],
      [BATCH_MOVERS, client => this.moveMany(client)],
      [READERS, client => this.repeat(() => this.read(client))],
    ];
    this.users = kinds
      .flatMap(([count, use]) => Array.from({ length: count }, () => use))
      .map((use, index) => use(new Client(gateways, index, answer => this.answers.push(answer))));
  }

  /** Waits until every user has done what it was about. */
  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.users);
  }

  /** Waits until so many answers are there. */
  async until(count: number): Promise<void> {
    while (this.answers.length < count) await delay(THINKING_MS);
  }

  /** Answers to what was asked from then on. */
  since(atMs: number): readonly Answer[] {
    return this.answers.filter(({ beganMs }) => beganMs >= atMs);
  }

  /** Repeats a call that is done, of each gateway in turn: what they answer that is not what was answered then. */
  async repeatDone(pieces: readonly Piece[]): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const [index, piece] of pieces.entries()) {
      const client = new Client(this.gateways, index, () => undefined);
      const ids = await askToCreate(client, piece);
      if (String(ids) !== String(piece.ids)) wrong.push(`${piece.postId}: ${String(ids)}`);
    }
    return wrong;
  }

  private async repeat(work: () => Promise<unknown>): Promise<void> {
    while (!this.isOver) {
      await work();
      await delay(THINKING_MS);
    }
  }

  private async create(client: Client, size: number): Promise<Piece & { readonly ids: readonly string[] }> {
    const piece: Piece = { postId: randomUUID(), size, ids: null };
    this.pieces.push(piece);
    const ids = await askToCreate(client, piece);
    piece.ids = ids;
    this.keys.push(piece.postId);
    if (new Set(ids).size !== size) this.untrue.push(`created ${String(ids)}`);
    return { ...piece, ids };
  }

  private async move(client: Client): Promise<void> {
    const { ids } = await this.create(client, 1);
    const [id = ''] = ids;
    let changes = 0;
    await this.repeat(async () => {
      const status = statusAfter((changes += 1));
      const { updateMessageStatus } = await client.insist<{ updateMessageStatus: Shown }>(MOVE, {
        id,
        status,
      });
      this.expectMoved([updateMessageStatus], status, changes);
    });
    this.moved.push({ id, changes });
  }

  private async moveMany(client: Client): Promise<void> {
    const { ids } = await this.create(client, BATCH_SIZE);
    let changes = 0;
    await this.repeat(async () => {
      const status = statusAfter((changes += 1));
      const key = randomUUID();
      const { batchUpdateMessageStatus } = await client.insist<{
        batchUpdateMessageStatus: { readonly results: readonly Shown[] };
      }>(MOVE_MANY, { ids, status, key });
      this.keys.push(key);
      this.expectMoved(batchUpdateMessageStatus.results, status, changes);
    });
    this.moved.push(...ids.map(id => ({ id, changes })));
  }

  private async read(client: Client): Promise<void> {
    const piece = this.pieces[Math.floor(Math.random() * this.pieces.length)];
    if (piece === undefined) return;
    const expected = piece.ids;
    const { data } = await client.ask(LIST, { postId: piece.postId });
    if (data === null) return;
    const ids = (data as { messages: { nodes: readonly { id: string }[] } }).messages.nodes.map(
      ({ id }) => id,
    );
    const isTrue =
      expected === null ? ids.length === 0 || ids.length === piece.size : String(ids) === String(expected);
    if (!isTrue) this.untrue.push(`${piece.postId}: read ${String(ids)}, written ${String(expected)}`);
  }

  private expectMoved(shown: readonly Shown[], status: string, changes: number): void {
    for (const { message } of shown) {
      if (message.status === status && message.version === 1 + changes) continue;
      this.untrue.push(`${JSON.stringify(message)} after ${changes} changes, to ${status} at last`);
    }
  }
}

function statusAfter(changes: number): string {
  return changes % 2 === 1 ? 'CANCELLED' : 'PENDING';
}

async function askToCreate(client: Client, { postId, size }: Piece): Promise<readonly string[]> {
  const inputs = Array.from({ length: size }, (_, index) => ({
    message: `No ${index}`,
    channels: ['SMS'],
    postId,
  }));
  if (size === 1) {
    const { createMessage } = await client.insist<{ createMessage: { message: { id: string } } }>(CREATE, {
      input: inputs[0],
      key: postId,
    });
    return [createMessage.message.id];
  }
  const { batchCreateMessages } = await client.insist<{
    batchCreateMessages: { results: readonly { id: string }[] };
  }>(CREATE_MANY, { inputs, key: postId });
  return batchCreateMessages.results.map(({ id }) => id);
}

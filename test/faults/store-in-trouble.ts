import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Gateway, openGateway } from '../support/gateway';

const ADMIN_TOKEN = 'a-token-for-tests-only';

const CREATE =
  'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { id message } } }';
const LIST = '{ messages(filter: { direction: OUTGOING }, first: 500) { nodes { message } totalCount } }';

/** What one operation came to, as a client sees it. */
export interface Outcome {
  readonly status: number;
  /** Seconds, where the answer names some. */
  readonly retryAfter: string | null;
  /** Null where there is no error. */
  readonly code: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
}

export const UNAVAILABLE = { status: 503, retryAfter: '5', code: 'DATABASE_UNAVAILABLE' };
export const FULL = { status: 503, retryAfter: '60', code: 'STORAGE_FULL' };
export const FINE = { status: 200, retryAfter: null, code: null };

/** A gateway as a client meets it whose store is in trouble. */
export class Client {
  constructor(private readonly url: string) {}

  async send(query: string, variables: object = {}): Promise<Outcome> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as {
      readonly data?: Readonly<Record<string, unknown>> | null;
      readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
    };
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      code: errors?.[0]?.extensions.code ?? null,
      data: data ?? null,
    };
  }

  create(message: string): Promise<Outcome> {
    return this.send(CREATE, { input: { message, channels: ['SMS'] } });
  }

  list(): Promise<Outcome> {
    return this.send(LIST);
  }

  /** The texts of all messages, which must be readable. */
  async texts(): Promise<readonly string[]> {
    const outcome = await this.list();
    if (outcome.data === null) throw new Error(JSON.stringify(outcome));
    const { nodes } = outcome.data['messages'] as { nodes: readonly { message: string }[] };
    return nodes.map(({ message }) => message).sort();
  }

  async readiness(): Promise<number> {
    return (await fetch(new URL('/readyz', this.url))).status;
  }
}

/** A gateway in this process, over a store in a folder of its own inside `above`. */
export interface StoreInTrouble {
  readonly gateway: Gateway;
  readonly client: Client;
  readonly above: string;
  readonly folder: string;
  readonly file: string;
  close(): Promise<void>;
}

export async function openStoreInTrouble(): Promise<StoreInTrouble> {
  const above = mkdtempSync(join(tmpdir(), 'heliograph-trouble-'));
  const former = process.env['TMPDIR'];
  process.env['TMPDIR'] = above;
  try {
    const gateway = await openGateway({ ADMIN_TOKEN });
    const [main] = await gateway.database.read<{ file: string }>('pragma database_list');
    if (main === undefined) throw new Error('SQLite does not say where the store is.');
    return {
      ...{ gateway, client: new Client(gateway.url), above, folder: dirname(main.file), file: main.file },
      close: async () => {
        await gateway.close();
        rmSync(above, { recursive: true, force: true });
      },
    };
  } finally {
    if (former === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = former;
  }
}

/** Waits until `attempt` comes to what is expected, for at most so many milliseconds. */
export async function within(ms: number, attempt: () => Promise<boolean>): Promise<boolean> {
  const endMs = performance.now() + ms;
  while (!(await attempt())) {
    if (performance.now() > endMs) return false;
    await delay(50);
  }
  return true;
}

export async function integrityOf({ gateway }: StoreInTrouble): Promise<unknown> {
  const [row] = await gateway.database.read<{ integrity_check: string }>('pragma integrity_check');
  await gateway.database.write(({ query }) =>
    query(`insert into messages_search (messages_search) values ('integrity-check')`),
  );
  return row?.integrity_check;
}

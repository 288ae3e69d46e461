import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openApp } from '../../src/app';
import { SCOPES } from '../../src/auth/scope.kinds';
import { readConfig } from '../../src/platform/config';
import { type Database } from '../../src/platform/database/database';
import { placeOf } from '../../src/platform/database/place';
import { createLog } from '../../src/platform/observability/log';

export const ADMIN_TOKEN = 'a-token-for-tests-only';

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
  readonly database: Database;
  readonly client: Client;
  readonly above: string;
  readonly folder: string;
  readonly file: string;
  /** Stops the gateway. What is in `above` stays. */
  stop(): Promise<void>;
  /** Stops the gateway, unless that is done, and removes `above`. */
  close(): Promise<void>;
}

export async function openStoreInTrouble(): Promise<StoreInTrouble> {
  const above = mkdtempSync(join(tmpdir(), 'heliograph-trouble-'));
  const folder = join(above, 'data');
  const file = join(folder, 'store.sqlite');
  const config = readConfig({ PORT: '0', ADMIN_TOKEN, RATE_LIMIT: 'off' }, SCOPES);
  const app = await openApp({ config, place: placeOf(`sqlite:${file}`), log: createLog('silent') });
  const client = new Client(`${await app.listen()}/graphql`);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= app.close());
  return {
    ...{ database: app.database, client, above, folder, file, stop },
    close: async () => {
      await stop();
      rmSync(above, { recursive: true, force: true });
    },
  };
}

/** Runs a program of the system. @returns whether it is there and has succeeded. */
export function succeeds(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args).status === 0;
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

export async function integrityOf({ database }: StoreInTrouble): Promise<unknown> {
  const [row] = await database.read<{ integrity_check: string }>('pragma integrity_check');
  await database.write(({ query }) =>
    query(`insert into messages_search (messages_search) values ('integrity-check')`),
  );
  return row?.integrity_check;
}

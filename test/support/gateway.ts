import { openApp } from '../../src/app';
import { SCOPES } from '../../src/auth/scope.kinds';
import { type TokenService } from '../../src/auth/token.service';
import { MessageStore } from '../../src/messages/message.store';
import { readConfig } from '../../src/platform/config';
import { type Database } from '../../src/platform/database/database';
import { placeOf } from '../../src/platform/database/place';
import { type ConfiguredProvider } from '../../src/providers/kind';
import { createLog } from '../../src/platform/observability/log';
import { FakeClock } from './clock';
import { newPlace } from './engine';
import { directAccess, type DirectAccess } from './services';
import { countStatements } from './watch';

const ADMIN_TOKEN = 'a-token-for-tests-only';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly [name: string]: unknown };
}

export interface GraphqlAnswer<Data> {
  readonly status: number;
  readonly data?: Data | null;
  readonly errors?: readonly GraphqlError[];
}

/** The whole gateway over a store of its own, reached by HTTP as its users reach it. */
export interface Gateway extends DirectAccess {
  readonly clock: FakeClock;
  readonly url: string;
  readonly database: Database;
  readonly tokens: TokenService;
  /** Sends an operation, with every scope unless another Authorization is given ('' for none). */
  graphql<Data>(query: string, variables?: object, authorization?: string): Promise<GraphqlAnswer<Data>>;
  /** How many statements have read the store so far. */
  statements(): number;
  /** How many statements its transactions have held so far, besides their begins and their ends. */
  written(): number;
  close(): Promise<void>;
}

/**
 * @param settings environment variables beside those that make the gateway private to its test.
 * @param databaseUrl of a store that is there already; without it, a new one.
 * @param providers as a providers file would set them up.
 */
export async function openGateway(
  settings: NodeJS.ProcessEnv = {},
  databaseUrl?: string,
  providers: readonly ConfiguredProvider[] = [],
): Promise<Gateway> {
  const place = databaseUrl === undefined ? await newPlace() : undefined;
  const clock = new FakeClock();
  const config = readConfig(
    {
      ...{ PORT: '0', ADMIN_TOKEN, RATE_LIMIT: 'off', DATABASE_URL: databaseUrl ?? place?.databaseUrl },
      ...settings,
    },
    SCOPES,
  );
  const app = await openApp({
    ...{ config, clock, providers },
    place: placeOf(config.databaseUrl),
    log: createLog('silent'),
  });
  const counts = countStatements(app.database);
  const url = `${await app.listen()}/graphql`;
  return {
    ...directAccess(app.database, new MessageStore(app.database), clock),
    ...{ clock, url, database: app.database, tokens: app.tokens },
    statements: () => counts.read,
    written: () => counts.written,
    graphql: async (query, variables = {}, authorization = `Bearer ${ADMIN_TOKEN}`) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization === '' ? {} : { authorization }) },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as object) };
    },
    close: async () => {
      await app.close();
      await place?.remove();
    },
  };
}

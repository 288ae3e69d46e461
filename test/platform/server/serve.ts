import { unauthenticated } from '../../../src/platform/errors';
import { pino } from 'pino';
import { anonymousViewer, tokenViewer, type Viewer } from '../../../src/auth/viewer';
import { type EdgeContext, type ServerOptions } from '../../../src/platform/server/edge';
import { QUERY_LIMITS } from '../../../src/platform/query-limits';
import { createServer, type HttpServer } from '../../../src/platform/server/http';
import { testSchema } from './test-schema';

export interface TestContext extends EdgeContext {
  readonly viewer: Viewer;
}

export interface TestServer extends HttpServer {
  readonly url: string;
  readonly log: readonly Record<string, unknown>[];
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>;
  fetch(path: string, init?: RequestInit): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: AnswerBody;
}

export interface AnswerBody {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly AnswerError[];
}

export interface AnswerError {
  readonly message: string;
  readonly locations?: unknown;
  readonly path?: unknown;
  readonly extensions: Record<string, unknown> & { readonly code: string };
}

/** A real server on a free port; whoever starts it closes it. `good-token` is the one token that it knows. */
export async function serve(
  options: Partial<ServerOptions<Viewer, TestContext>> = {},
  host = '127.0.0.1',
): Promise<TestServer> {
  const log: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) };
  const server = await createServer<Viewer, TestContext>({
    schema: testSchema,
    log: pino({ level: 'debug' }, stream),
    authenticate: (header, address) =>
      header === undefined
        ? Promise.resolve(anonymousViewer(address, ['messages:list']))
        : header === 'Bearer good-token'
          ? Promise.resolve(tokenViewer(1, ['messages:list', 'messages:create']))
          : Promise.reject(unauthenticated()),
    contextFor: (viewer, { requestId }, allowance) => ({ viewer, requestId, allowance }),
    isReady: () => Promise.resolve(true),
    explorer: true,
    examples: { document: '# Say hello.\nquery Hello { hello }', variables: {} },
    corsOrigins: [],
    trustedProxies: [],
    rateLimitPerMinute: null,
    wrongTokensPerMinute: 20,
    maxRunning: 200,
    maxWaiting: 400,
    executionTimeoutMs: 10_000,
    maxBodyBytes: 1_000_000,
    queryLimits: QUERY_LIMITS,
    ...options,
  });
  const { url } = await server.listen({ host, port: 0 });
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    const body = text.startsWith('{') ? (JSON.parse(text) as AnswerBody) : {};
    return { status: response.status, headers: response.headers, text, body };
  };
  return {
    ...server,
    url,
    log,
    fetch: ask,
    post: (body, headers = {}) =>
      ask('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

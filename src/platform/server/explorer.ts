import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type GraphQLSchema, printSchema } from 'graphql';
import { randomBytes } from 'node:crypto';
import { explorerPage } from './explorer-page';

/** What stands ready when the page opens. */
export interface ReadyExamples {
  /** Named operations with comments; the first is the one that is shown first. */
  readonly document: string;
  /** The variables of all of them together. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The script that draws the Sandbox; `v2` is what Apollo Server 5 itself embeds. */
const SANDBOX_SCRIPT =
  'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';
const SANDBOX_FRAME = 'https://sandbox.embed.apollographql.com';
const SANDBOX_ICONS = 'https://embeddable-explorer.cdn.apollographql.com';

const SCHEMA_PATH = '/schema.graphql';

/** Whether a browser asks for something to look at, and not for the answer of a query. */
export function wantsPage({ method, headers, query }: FastifyRequest): boolean {
  const isQuery = typeof query === 'object' && query !== null && 'query' in query;
  return method === 'GET' && !isQuery && (headers.accept ?? '').includes('text/html');
}

/** Sends the Sandbox page. It is the same for everybody: a token that opens it stays in the browser. */
export function sendPage(reply: FastifyReply, { document, variables }: ReadyExamples): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${SANDBOX_SCRIPT}`,
    `style-src 'nonce-${nonce}'`,
    `img-src 'self' data: ${SANDBOX_ICONS}`,
    // The script sends the requests that are composed in the frame.
    "connect-src 'self'",
    `frame-src ${SANDBOX_FRAME}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return reply
    .header('content-security-policy', policy.join('; '))
    .type('text/html; charset=utf-8')
    .send(explorerPage({ document, variables, nonce, script: SANDBOX_SCRIPT, schemaPath: SCHEMA_PATH }));
}

/** What the page links to: the schema as text, for readers and for code generators. */
export function explorerRoutes(app: FastifyInstance, { schema }: { readonly schema: GraphQLSchema }): void {
  const text = printSchema(schema);
  app.get(SCHEMA_PATH, (_, reply) => reply.type('text/plain; charset=utf-8').send(text));
}

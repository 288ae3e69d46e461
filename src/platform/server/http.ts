import { type ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import helmet from '@fastify/helmet';
import { fastify, type FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import { type AddressInfo } from 'node:net';
import { type Logger } from 'pino';
import { admit } from './admission';
import { startApollo } from './apollo';
import { type Caller, type EdgeContext, type RequestInfo, type ServerOptions } from './edge';
import { explorerRoutes, sendPage, wantsPage } from './explorer';
import { logFailures } from './format-error';
import { healthRoutes } from './health';
import { answerError, answerSocket, asHttpRefusal } from './http-answer';
import { Lifetime } from './lifetime';
import { GRAPHQL_PATH, guard, withoutEmptyParameters } from './request-guard';

const CONTEXT = 'graphqlContext';

/** Answers are data: a browser that is made to show one runs, loads and frames nothing. */
const NO_CONTENT = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

/** Bytes: 500 items of a batch at about 1.9 kB. */
const MAX_BODY_BYTES = 1_000_000;
const MAX_HEADER_BYTES = 16_000;

/** Milliseconds that a client may take; whoever is slower holds a socket on purpose. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than any request may take: this one ends sockets whose client stopped reading its answer. */
const SILENCE_TIMEOUT_MS = 60_000;
/** How often Node looks for what is too slow; its own 30 s would make 40 out of 10. */
const TIMEOUT_CHECK_MS = 2_000;

/** Seconds for which a browser may remember what CORS allows. */
const PREFLIGHT_MAX_AGE_S = 600;

export interface HttpServer {
  /** @returns the address to reach it by. Port 0 takes any free one. */
  listen(place: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>;
  /**
   * Stops serving: for 300 ms every answer tells its client to leave, then no connection is accepted, and what is
   * running may finish; 20 s later whatever is left is cut. A second call awaits the same end.
   */
  close(): Promise<void>;
}

/** The HTTP edge: everything between the socket and the resolvers. */
export async function createServer<V extends Caller, C extends EdgeContext>(
  options: ServerOptions<V, C>,
): Promise<HttpServer> {
  const apollo = await startApollo(options);
  const app = listener(options.trustedProxies);
  const lifetime = new Lifetime(app, () => apollo.stop());
  answerErrors(app, options.log);
  headAnswers(app, lifetime);
  await app.register(helmet, {
    hsts: false,
    contentSecurityPolicy: { useDefaults: false, directives: NO_CONTENT },
  });
  if (options.corsOrigins.length > 0) await app.register(cors, corsFor(options.corsOrigins));
  app.addHook('onRequest', guard);
  healthRoutes(app, { isReady: options.isReady, isClosing: () => lifetime.isClosing });
  await graphqlRoute(app, apollo, options);
  if (options.explorer) explorerRoutes(app, options);
  return {
    async listen({ host, port }) {
      await app.listen({ host, port });
      return { url: urlOf(host, app.server.address()) };
    },
    close: () => lifetime.close(),
  };
}

function listener(trustedProxies: readonly string[]): FastifyInstance {
  return fastify({
    // The log is written here, by hooks: fastify's own lines hold addresses and whole URLs.
    logger: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENCE_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Node would answer a missing Host by itself, in a shape of its own.
      requireHostHeader: false,
    },
    return503OnClosing: false,
    rewriteUrl: ({ url = '/' }) => withoutEmptyParameters(url),
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerSocket,
  });
}

function answerErrors(app: FastifyInstance, log: Logger): void {
  // What is not JSON is refused by its type, not read as text and then refused for its content.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, request, reply) => {
    if (asHttpRefusal(error) === undefined) logFailures(log, [error], request.id);
    return answerError(error, request, reply);
  });
  app.addHook('onResponse', ({ id, method, routeOptions }, { statusCode, elapsedTime }, done) => {
    const level = statusCode >= 500 ? 'warn' : 'debug';
    const durationMs = Math.round(elapsedTime);
    log[level]({ requestId: id, method, path: routeOptions.url, status: statusCode, durationMs }, 'answered');
    done();
  });
}

function headAnswers(app: FastifyInstance, lifetime: Lifetime): void {
  app.addHook('onSend', (request, reply, _, done) => {
    reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    if (lifetime.isClosing) reply.header('connection', 'close');
    done();
  });
}

async function graphqlRoute<V extends Caller, C extends EdgeContext>(
  app: FastifyInstance,
  apollo: ApolloServer<C>,
  options: ServerOptions<V, C>,
): Promise<void> {
  const admission = await admit<V>(app, options);
  app.decorateRequest(CONTEXT, null);
  const answer = fastifyApolloHandler(apollo, {
    context: request => Promise.resolve(request.getDecorator<C>(CONTEXT)),
  });
  app.route({
    method: ['GET', 'POST'],
    url: GRAPHQL_PATH,
    exposeHeadRoute: false,
    config: { rateLimit: admission.rateLimit },
    onRequest: [admission.authenticate],
    // Made here and not by Apollo, so that what goes wrong is answered under the request's id.
    preHandler: async request => {
      const info: RequestInfo = { requestId: request.id, address: request.ip };
      request.setDecorator(CONTEXT, await options.contextFor(admission.viewerOf(request), info));
    },
    handler(request, reply) {
      if (options.explorer && wantsPage(request)) return sendPage(reply, options.examples);
      return answer.call(app, request, reply);
    },
  });
}

function corsFor(origins: readonly string[]): FastifyCorsOptions {
  return {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: PREFLIGHT_MAX_AGE_S,
    strictPreflight: false,
  };
}

/** An address that works in a browser on this machine: "every address" is none. */
function urlOf(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

import cors, { type FastifyCorsOptions } from '@fastify/cors';
import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { type ServerResponse } from 'node:http';
import { lookup } from 'node:dns/promises';
import { type AddressInfo } from 'node:net';
import { type Logger } from 'pino';
import { startApollo } from './apollo';
import { limitConnections, limitPipelines } from './connection-limits';
import { type DeliveryPatience } from './delivery';
import { type Caller, type EdgeContext, type ServerOptions } from './edge';
import { explorerRoutes } from './explorer';
import { logFailures } from './format-error';
import { OVERLOADED } from './gate';
import { graphqlRoute } from './graphql-route';
import { healthRoutes } from './health';
import { answerError, answerSocket, asHttpRefusal, HttpRefusal, refuse } from './http-answer';
import { readJsonBodies } from './json-body';
import { Lifetime } from './lifetime';
import { rawRoutes } from './raw-route';
import { RefusalPace } from './refusal-pace';
import { guard, withoutEmptyParameters } from './request-guard';
import { requestRoom } from './request-room';
import { securityHeaders } from './security-headers';
import { Tally } from './tally';

const MAX_HEADER_BYTES = 16_000;

/** Milliseconds that a client may take. */
export interface Patience extends DeliveryPatience {
  readonly headersMs: number;
  /** Headers and body. */
  readonly requestMs: number;
  /** With neither side sending anything; longer than any request runs. */
  readonly silenceMs: number;
  /** Between two requests of a connection. */
  readonly idleMs: number;
  /** How often Node looks for what is too slow. */
  readonly checkEveryMs: number;
}

/** Whoever is slower holds a socket on purpose. */
const PATIENCE: Patience = {
  headersMs: 10_000,
  requestMs: 30_000,
  slowAfterMs: 2_000,
  cutAfterMs: 60_000,
  silenceMs: 60_000,
  // Longer than the 60 s after which common proxies drop a connection: who closes first resets no request.
  idleMs: 72_000,
  // Node's own 30 s would make 40 out of 10.
  checkEveryMs: 2_000,
};

/** Seconds for which a browser may remember what CORS allows. */
const PREFLIGHT_MAX_AGE_S = 600;

export interface HttpServer {
  /** @returns the address to reach it by. Port 0 takes any free one. */
  listen(place: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>;
  /**
   * Stops serving: for 300 ms every answer tells its client to leave; for 200 ms none is sent, and then no connection is
   * accepted; 200 ms later those that ask nothing are closed, and what is running may finish; 20 s later whatever is
   * left is cut. A second call awaits the same end.
   */
  close(): Promise<void>;
}

/** The HTTP edge: everything between the socket and the resolvers. */
export async function createServer<V extends Caller, C extends EdgeContext>(
  options: ServerOptions<V, C>,
  patience = PATIENCE,
): Promise<HttpServer> {
  const apollo = await startApollo(options);
  const app = listener(options, patience);
  limitConnections(app.server, options.log);
  limitPipelines(app.server);
  overrule(app);
  const lifetime = new Lifetime(app, () => apollo.stop());
  readJsonBodies(app);
  answerErrors(app, options.log);
  headAnswers(app, lifetime);
  const headers = securityHeaders();
  // A moment later, so that what Node's parser cannot read is told by it, before our checks look at what it has read.
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(headers);
    await Promise.resolve();
  });
  const room = requestRoom(options, patience);
  if (options.corsOrigins.length > 0) await app.register(cors, corsFor(options.corsOrigins));
  app.addHook('onRequest', guard);
  healthRoutes(app, { isReady: options.isReady, isClosing: () => lifetime.isClosing });
  await graphqlRoute(app, apollo, options, room);
  if (options.rawRoutes !== undefined) await rawRoutes(app, options.rawRoutes, room, options);
  if (options.explorer) explorerRoutes(app, options);
  return {
    async listen({ host, port }) {
      // Of a name with several addresses the first: fastify would make a server of its own for each, past all of the above.
      const { address } = await lookup(host);
      await app.listen({ host: address, port });
      return { url: urlOf(host, app.server.address()) };
    },
    close: () => lifetime.close(),
  };
}

type ListenerOptions = Pick<
  ServerOptions<never, never>,
  'trustedProxies' | 'maxBodyBytes' | 'executionTimeoutMs'
>;

function listener(options: ListenerOptions, patience: Patience): FastifyInstance {
  const { trustedProxies, maxBodyBytes, executionTimeoutMs } = options;
  return fastify({
    // The log is written here, by hooks: fastify's own lines hold addresses and whole URLs.
    logger: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: maxBodyBytes,
    requestTimeout: patience.requestMs,
    connectionTimeout: patience.silenceMs + executionTimeoutMs,
    keepAliveTimeout: patience.idleMs,
    http: {
      headersTimeout: patience.headersMs,
      connectionsCheckingInterval: patience.checkEveryMs,
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

/** Where Node would do something of its own, silently or in another shape. */
function overrule({ server }: FastifyInstance): void {
  // It leaves out every header after the 2,000th; that they are few enough is seen to by their size.
  server.maxHeadersCount = 0;
  server.on('checkExpectation', (_, answer: ServerResponse) => refuse(answer, UNKNOWN_EXPECTATION));
}

const UNKNOWN_EXPECTATION = new HttpRefusal(417, 'Nothing but 100-continue can be expected.');

/** What every request is answered with for as long as something lasts. */
const UNAVAILABLE = 503;

function answerErrors(app: FastifyInstance, log: Logger): void {
  const overload = new Tally(log, 'requests are refused: the server is overloaded');
  const unavailable = new Tally(log, 'requests are answered with 503');
  const counted = new WeakSet<FastifyRequest>();
  const pace = new RefusalPace();
  app.setErrorHandler((error, request, reply) => {
    if (error === OVERLOADED) {
      overload.add();
      counted.add(request);
    }
    const refusal = asHttpRefusal(error, request);
    if (refusal === undefined) logFailures(log, [error], request.id);
    if (refusal?.isForTooMuch !== true) return answerError(error, request, reply);
    void pace.turn().then(() => answerError(error, request, reply));
    return undefined;
  });
  app.addHook('onResponse', (request, { statusCode, elapsedTime }, done) => {
    const { id, method, routeOptions } = request;
    const durationMs = Math.round(elapsedTime);
    const line = { requestId: id, method, path: routeOptions.url, status: statusCode, durationMs };
    const warn = (): void => log.warn(line, 'answered');
    if (statusCode < 500 || counted.has(request)) log.debug(line, 'answered');
    else if (statusCode !== UNAVAILABLE) warn();
    else if (!unavailable.add(warn)) log.debug(line, 'answered');
    done();
  });
}

function headAnswers(app: FastifyInstance, lifetime: Lifetime): void {
  app.addHook('onSend', (request, reply, _, done) => {
    reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    if (lifetime.isClosing) reply.header('connection', 'close');
    if (lifetime.hush === undefined) done();
    else void lifetime.hush.then(() => done());
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

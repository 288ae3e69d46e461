import { type FastifyContextConfig, type FastifyInstance, type FastifyRequest } from 'fastify';
import { type IncomingMessage } from 'node:http';
import { Deadline } from '../deadline';
import { OVERLOADED } from './gate';
import { HttpRefusal, NOTHING_HERE } from './http-answer';
import { type RequestRoom } from './request-room';

/** A request whose body nobody has looked at. */
export interface RawHttpRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** By names in small letters; a header that came several times has several values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
  readonly requestId: string;
  readonly deadline: Deadline;
}

export interface RawHttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Addresses beside the API, whose requests somebody else reads, proves and answers in words of their own. */
export interface RawRoutes {
  /** Of all of them, without a slash at the end: `/providers`. Below it stand an id and whatever is behind that. */
  readonly path: string;
  /** The methods that are taken under an id; null where nothing is there. Asked before anything of a body is read. */
  methodsOf(id: string): readonly string[] | null;
  /** @throws whatever is unexpected; it is answered as such. */
  answer(id: string, request: RawHttpRequest): Promise<RawHttpAnswer>;
}

/** CORS in the words of the plugin, which forgets to tell the compiler of them. */
const RAW: FastifyContextConfig & { readonly cors: false } = { cors: false, hasLongAddresses: true };

interface RawRouteOptions {
  readonly executionTimeoutMs: number;
}

/**
 * Serves such addresses as the API is served: the same limits before the body is read, the same places to run in. Nobody
 * counts their requests by the minute, as services deliver in bursts, and no page of another site may read the answers.
 */
export async function rawRoutes(
  app: FastifyInstance,
  routes: RawRoutes,
  { gate, bodies, deliveries }: RequestRoom,
  { executionTimeoutMs }: RawRouteOptions,
): Promise<void> {
  // A plugin of its own: bodies are taken as they come here, and here alone.
  await app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    for (const url of [`${routes.path}/:id`, `${routes.path}/:id/*`]) {
      scope.route<{ Params: { id: string } }>({
        method: ['GET', 'POST'],
        url,
        exposeHeadRoute: false,
        config: RAW,
        onRequest: (request, _reply, next) => {
          takeAnyType(request.raw);
          next(
            gate.isFull ? OVERLOADED : addressProblem(routes.methodsOf(request.params.id), request.method),
          );
        },
        preParsing: (request, _reply, payload, next) => {
          bodies.take(request, request.headers);
          next(null, payload);
        },
        onSend: (request, _reply, payload, next) => {
          bodies.release(request);
          next(null, payload);
        },
        async handler(request, reply) {
          const leave = await gate.enter(reply.raw);
          try {
            const deadline = Deadline.in(executionTimeoutMs);
            const answer = await routes.answer(request.params.id, rawRequest(request, deadline));
            return await reply.code(answer.status).headers(answer.headers).send(answer.body);
          } finally {
            deliveries.watch(reply.raw, leave);
          }
        },
      });
    }
    done();
  });
}

function addressProblem(methods: readonly string[] | null, method: string): HttpRefusal | undefined {
  if (methods === null) return NOTHING_HERE;
  if (methods.includes(method)) return undefined;
  return new HttpRefusal(405, `This address takes ${methods.join(' and ')} only.`, 'BAD_REQUEST', {
    allow: methods.join(', '),
  });
}

/** A type that is none would be refused by its form; what was sent stays in the distinct headers. */
function takeAnyType({ headersDistinct, headers }: IncomingMessage): void {
  if (headersDistinct['content-type'] !== undefined) headers['content-type'] = 'application/octet-stream';
}

function rawRequest(
  { raw, originalUrl, body, id, method }: FastifyRequest,
  deadline: Deadline,
): RawHttpRequest {
  const headers = Object.entries(raw.headersDistinct).flatMap(([name, values]) =>
    values === undefined ? [] : [[name, values] as const],
  );
  return {
    method,
    target: originalUrl,
    headers: new Map(headers),
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    requestId: id,
    deadline,
  };
}

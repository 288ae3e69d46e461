import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type GraphQLFormattedError } from 'graphql';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { formatErrors } from './format-error';
import { refusalStatus } from './status';

/** A request that is refused before GraphQL sees it, in the same shape as what GraphQL refuses. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code = 'BAD_REQUEST',
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'HttpRefusal';
  }

  /** Whether there was nothing wrong with the request but that it came with too many others. */
  get isForTooMuch(): boolean {
    return this.code === 'OVERLOADED' || this.code === 'RATE_LIMITED';
  }
}

export const GRAPHQL_PATH = '/graphql';

export const NOTHING_HERE = new HttpRefusal(
  404,
  `Nothing is here; the API is at ${GRAPHQL_PATH}.`,
  'NOT_FOUND',
);

/** fastify's own refusals by their status, since their texts repeat what was sent. */
const FRAMEWORK_REFUSALS: Readonly<Record<number, (request: FastifyRequest) => string>> = {
  400: () => 'The body is not valid JSON, or not all of it arrived.',
  413: ({ routeOptions }) =>
    `The body is larger than ${sizeText(routeOptions.bodyLimit)}, the limit BODY_LIMIT: send fewer items at a time.`,
  415: () => 'The body must be JSON, with content-type: application/json.',
};

/** What Node refuses before there is a request, by the code of its error. */
const SOCKET_REFUSALS: Readonly<Record<string, HttpRefusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new HttpRefusal(408, 'The request did not arrive in time.', 'TIMEOUT'),
  HPE_HEADER_OVERFLOW: new HttpRefusal(431, 'The headers are larger than 16 kB.'),
};
const UNREADABLE = new HttpRefusal(400, 'The request is not valid HTTP.');

/** What every refusal bears, whichever way it goes out. */
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Milliseconds in which a client that was refused on the bare socket can read why. */
const LINGER_MS = 1_000;

/** Node keeps here what the socket is to carry next; its own answer to such errors looks there too. */
type AnsweringSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/** Answers a request with the error that ended it. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = asHttpRefusal(error, request);
  if (refusal !== undefined) return send(reply, refusal.status, refusal.headers, [told(refusal)]);
  const errors = formatErrors([error], request.id);
  const { status, headers } = refusalStatus(errors);
  return send(reply, status, headers, errors);
}

/** Answers what Node has read as a request and hands to nobody. */
export function refuse(answer: ServerResponse, refusal: HttpRefusal): void {
  const body = JSON.stringify({ errors: [told(refusal)] });
  answer
    .writeHead(refusal.status, {
      ...HEADERS,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    })
    .end(body);
}

/** Answers, on the bare socket, what did not become a request, and hangs up. */
export function answerSocket(error: Error & { readonly code?: string }, socket: AnsweringSocket): void {
  // What still comes after the answer is thrown away.
  if (socket.writableEnded) return;
  if (error.code === 'ECONNRESET' || !socket.writable || isBusyAnswering(socket)) {
    socket.destroy();
    return;
  }
  const refusal = SOCKET_REFUSALS[error.code ?? ''] ?? UNREADABLE;
  const body = JSON.stringify({ errors: [told(refusal)] });
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    ...Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // To close while the client still sends would make its system throw the answer away unread.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

/** Another answer has begun, or is due to a request that came whole: this one would be taken for it. */
function isBusyAnswering({ _httpMessage: answer }: AnsweringSocket): boolean {
  return answer?.headersSent === true || answer?.req.complete === true;
}

/** Undefined where the error is none of the request's fault, or speaks for itself. */
export function asHttpRefusal(error: unknown, request: FastifyRequest): HttpRefusal | undefined {
  if (error instanceof HttpRefusal) return error;
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
    return undefined;
  if ('code' in error && error.code === 'FST_ERR_BAD_URL')
    return new HttpRefusal(400, 'The address is not valid.');
  const message = FRAMEWORK_REFUSALS[error.statusCode];
  return message === undefined ? undefined : new HttpRefusal(error.statusCode, message(request));
}

/** `1 MB`, `16 kB`, `1.5 MB`: exact, in the largest unit that leaves a whole number before the point. */
function sizeText(bytes: number): string {
  return bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : `${bytes / 1_000} kB`;
}

function told({ message, code }: HttpRefusal): GraphQLFormattedError {
  return { message, extensions: { code } };
}

function send(
  reply: FastifyReply,
  status: number,
  headers: Readonly<Record<string, string>>,
  errors: readonly GraphQLFormattedError[],
): FastifyReply {
  // Set here as well as for every answer: what fails while its address is read passes through no hook.
  return reply
    .code(status)
    .headers({ ...HEADERS, 'x-request-id': reply.request.id })
    .headers(headers)
    .send(JSON.stringify({ errors }));
}

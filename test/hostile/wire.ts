import { createConnection } from 'node:net';

/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** By lower-case name; what stands there twice is joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

export type HeaderLines = readonly (readonly [name: string, value: string])[];

export interface WireRequest {
  readonly method?: string;
  /** As it stands in the request line. */
  readonly target?: string;
  readonly version?: string;
  /** Beside Host, Connection and Content-Length, which stand there unless they are given here. */
  readonly headers?: HeaderLines;
  readonly body?: string | Buffer;
}

const JSON_TYPE = ['content-type', 'application/json'] as const;

/** A POST with a body of JSON. */
export function posted(body: unknown, headers: HeaderLines = []): WireRequest {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return { headers: [JSON_TYPE, ...headers], body: text };
}

/** A GET as a client writes it that is no form of another site's. */
export function gotten(
  query: string,
  headers: HeaderLines = [['apollo-require-preflight', '1']],
): WireRequest {
  return { method: 'GET', target: `/graphql?${query}`, headers };
}

/** The bytes of a request, after which the connection is to be closed. */
export function bytesOf(request: WireRequest): Buffer {
  const { method = 'POST', target = '/graphql', version = 'HTTP/1.1', headers = [], body } = request;
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const content = body === undefined ? undefined : Buffer.from(body as string);
  const length =
    content !== undefined && !given.has('transfer-encoding') ? String(content.length) : undefined;
  const own: HeaderLines = [
    ['host', 'gateway.test'],
    ['connection', 'close'],
    ...(length === undefined ? [] : [['content-length', length] as const]),
  ];
  const lines = [...own.filter(([name]) => !given.has(name)), ...headers];
  const head = [
    `${method} ${target} ${version}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), content ?? Buffer.alloc(0)]);
}

/** A body in the pieces of `transfer-encoding: chunked`. */
export function chunked(body: Buffer, size = 64_000): Buffer {
  const pieces: Buffer[] = [];
  for (let start = 0; start < body.length; start += size) {
    const piece = body.subarray(start, start + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

/** Sends bytes as they are on a connection of their own: every answer until the server hangs up. */
export function talk(url: string, bytes: Buffer): Promise<readonly WireAnswer[]> {
  return new Promise(resolve => {
    const { hostname, port } = new URL(url);
    const socket = createConnection(Number(port), hostname, () => socket.write(bytes));
    const parts: Buffer[] = [];
    socket.on('data', part => parts.push(part));
    // A server that refuses a body unread may end the connection while it is still being written.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answersIn(Buffer.concat(parts))));
  });
}

/** The one answer to a request. */
export async function ask(url: string, request: WireRequest): Promise<WireAnswer> {
  const [answer, ...more] = await talk(url, bytesOf(request));
  if (answer === undefined || more.length > 0)
    throw new Error(`There were ${more.length + (answer ? 1 : 0)} answers.`);
  return answer;
}

const END_OF_HEAD = '\r\n\r\n';

function answersIn(bytes: Buffer): readonly WireAnswer[] {
  const answers: WireAnswer[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const end = rest.indexOf(END_OF_HEAD);
    const [first = '', ...lines] = rest.toString('latin1', 0, end).split('\r\n');
    const headers = new Map<string, string>();
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
      const before = headers.get(name.toLowerCase());
      headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
    }
    const start = end + END_OF_HEAD.length;
    const length = Number(headers.get('content-length') ?? 0);
    const text = rest.toString('utf8', start, start + length);
    answers.push({ status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]), headers, text });
    rest = rest.subarray(start + length);
  }
  return answers;
}

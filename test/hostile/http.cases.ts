import { brotliCompressSync, gzipSync } from 'node:zlib';
import { casesOf, type HostileCase, MARKER } from './hostile-case';
import { bytesOf, chunked, gotten, type HeaderLines, posted, type WireRequest } from './wire';

const HELLO = JSON.stringify({ query: '{ __typename }' });
const JSON_TYPE = ['content-type', 'application/json'] as const;
const BAD = [400, 'BAD_REQUEST'] as const;
const FINE = [200, null] as const;

const hello = (headers: HeaderLines): WireRequest => posted(HELLO, headers);
const typed = (type: string): WireRequest => ({ headers: [['content-type', type]], body: HELLO });
const inChunks = (body: Buffer, coding = 'chunked'): WireRequest => ({
  headers: [JSON_TYPE, ['transfer-encoding', coding]],
  body,
});
const framed = (text: string): WireRequest => inChunks(Buffer.from(text, 'latin1'));
const many = (count: number): HeaderLines => Array.from({ length: count }, () => ['x', ''] as const);
const path = (target: string, method = 'GET'): WireRequest => ({ method, target });

/** What is wrong with a request as HTTP: framing, headers, addresses, methods and types. */
export function httpCases(authorization: string): readonly HostileCase[] {
  const own = ['authorization', authorization] as const;
  const kept = (request: WireRequest): Buffer =>
    bytesOf({ ...request, headers: [['connection', 'keep-alive'], own, ...(request.headers ?? [])] });
  const last = (request: WireRequest): Buffer =>
    bytesOf({ ...request, headers: [own, ...(request.headers ?? [])] });
  const large = Buffer.from(JSON.stringify({ query: MARKER.repeat(350_000) }));
  const line = (text: string): Buffer => Buffer.from(text, 'latin1');

  return casesOf(authorization, {
    // Bodies
    '2 MB': [posted(large), [413, 'BAD_REQUEST']],
    '2 MB in chunks': [inChunks(chunked(large)), [413, 'BAD_REQUEST']],
    '2 MB in very small chunks': [inChunks(chunked(large, 100)), [413, 'BAD_REQUEST']],
    'a gzip body': [
      { ...hello([['content-encoding', 'gzip']]), body: gzipSync(HELLO) },
      [415, 'BAD_REQUEST'],
    ],
    'a bomb of gzip': [
      { ...hello([['content-encoding', 'gzip']]), body: gzipSync(Buffer.alloc(50_000_000)) },
      [415, 'BAD_REQUEST'],
    ],
    'a brotli body': [
      { ...hello([['content-encoding', 'br']]), body: brotliCompressSync(HELLO) },
      [415, 'BAD_REQUEST'],
    ],
    'a gzip body that does not say so': [posted(gzipSync(HELLO)), BAD],
    'a gzip body as a transfer-encoding': [
      inChunks(chunked(gzipSync(HELLO)), 'gzip, chunked'),
      [501, 'BAD_REQUEST'],
    ],
    'content-encoding: identity': [hello([['content-encoding', 'identity']]), [415, 'BAD_REQUEST']],
    // Where a request ends, on which a proxy in front must never think otherwise
    'two content-lengths': [
      hello([
        ['content-length', '30'],
        ['content-length', '5'],
      ]),
      BAD,
    ],
    'two equal content-lengths': [
      hello([
        ['content-length', '30'],
        ['content-length', '30'],
      ]),
      BAD,
    ],
    'a list of content-lengths': [hello([['content-length', '30, 30']]), BAD],
    'content-length with transfer-encoding': [
      hello([
        ['content-length', '30'],
        ['transfer-encoding', 'chunked'],
      ]),
      BAD,
    ],
    'transfer-encoding with content-length': [
      hello([
        ['transfer-encoding', 'chunked'],
        ['content-length', '30'],
      ]),
      BAD,
    ],
    'transfer-encoding: identity': [hello([['transfer-encoding', 'identity']]), BAD],
    'transfer-encoding: xchunked': [hello([['transfer-encoding', 'xchunked']]), BAD],
    'transfer-encoding twice': [
      hello([
        ['transfer-encoding', 'chunked'],
        ['transfer-encoding', 'identity'],
      ]),
      BAD,
    ],
    'a blank before the colon': [hello([['transfer-encoding ', 'chunked']]), BAD],
    'content-length: +30': [hello([['content-length', '+30']]), BAD],
    'content-length: -1': [hello([['content-length', '-1']]), BAD],
    'content-length: 0x1e': [hello([['content-length', '0x1e']]), BAD],
    'content-length: 1e3': [hello([['content-length', '1e3']]), BAD],
    'content-length without an end': [hello([['content-length', '9'.repeat(40)]]), BAD],
    'a body that is longer than its content-length': [kept(hello([['content-length', '5']]))],
    'a chunk of a size that is none': [framed('zz\r\n{}\r\n0\r\n\r\n'), BAD],
    'a chunk of a negative size': [framed('-2\r\n{}\r\n0\r\n\r\n'), BAD],
    'a chunk of a size without an end': [framed('f'.repeat(40) + '\r\n{}'), BAD],
    'a chunk that ends with LF': [framed('2\n{}\n0\n\n'), BAD],
    'a chunk that is longer than its size': [framed('2\r\n{"a":1}\r\n0\r\n\r\n'), BAD],
    'a chunk with 20 kB of extensions': [framed(`2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`), BAD],
    'a token in a trailer, beside a good one': [
      inChunks(
        Buffer.from(`${HELLO.length.toString(16)}\r\n${HELLO}\r\n0\r\nauthorization: ${MARKER}\r\n\r\n`),
      ),
      FINE,
    ],
    'three requests at once': [
      Buffer.concat([kept(hello([])), kept(hello([])), last(hello([]))]),
      ...[FINE, FINE, FINE],
    ],
    'requests behind one that ends its connection': [
      Buffer.concat([kept(hello([])), kept(posted('{')), last(hello([]))]),
      ...[FINE, BAD],
    ],
    'a mutation behind a query by GET': [
      Buffer.concat([kept(gotten('query=%7B__typename%7D')), last(gotten('query=mutation%7B__typename%7D'))]),
      FINE,
      [405, 'BAD_REQUEST'],
    ],
    // Headers
    'headers of 64 kB': [hello([['x-long', MARKER.repeat(11_000)]]), [431, 'BAD_REQUEST']],
    '2,500 headers before the token': [hello([...many(2_500), own]), FINE],
    '20,000 headers': [hello(many(20_000)), [431, 'BAD_REQUEST']],
    'two tokens, a wrong one first': [hello([['authorization', `Bearer ${MARKER}`], own]), BAD],
    'two tokens, a wrong one last': [hello([own, ['authorization', `Bearer ${MARKER}`]]), BAD],
    'two equal tokens': [hello([own, own]), BAD],
    'two types': [{ headers: [JSON_TYPE, ['content-type', 'text/plain']], body: HELLO }, BAD],
    'a header over two lines': [hello([['x', `a\r\n ${MARKER}`]]), BAD],
    'a header with a bare CR': [hello([['x', `a\r${MARKER}: b`]]), BAD],
    'a header with U+0000': [hello([['x', `a\0${MARKER}`]]), BAD],
    'a header without a name': [hello([['', MARKER]]), BAD],
    'an expectation that nobody meets': [hello([['expect', MARKER]]), [417, 'BAD_REQUEST']],
    'another method in a header': [hello([['x-http-method-override', 'DELETE']]), FINE],
    'an upgrade to another protocol': [hello([['upgrade', 'h2c']]), FINE],
    // Hosts
    'a Host of somebody else': [hello([['host', 'evil.example']]), FINE],
    'two Hosts': [
      hello([
        ['host', 'a.example'],
        ['host', 'b.example'],
      ]),
      BAD,
    ],
    'no Host, of HTTP/1.0, for the API': [line('GET /graphql?query={x} HTTP/1.0\r\n\r\n'), BAD],
    'no Host': [line(`GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n`), BAD],
    'an empty Host': [hello([['host', '']]), BAD],
    'a Host with a path': [hello([['host', `${MARKER}/x`]]), BAD],
    'a Host with a user': [hello([['host', `x@${MARKER}`]]), BAD],
    'a Host with blanks': [hello([['host', `a ${MARKER}`]]), BAD],
    'a Host with an impossible port': [hello([['host', 'x:99999']]), BAD],
    'a Host half an IPv6 address': [hello([['host', '[::1']]), BAD],
    // Addresses
    'an address of 10 kB': [gotten(`query=${MARKER.repeat(1_700)}`), [414, 'BAD_REQUEST']],
    'an address of 100 kB': [gotten(`query=${MARKER.repeat(17_000)}`), [431, 'BAD_REQUEST']],
    'an absolute address': [{ ...hello([]), target: 'http://evil.example/graphql' }, FINE],
    'an absolute address of another scheme': [
      { ...hello([]), target: `gopher://${MARKER}/x` },
      [404, 'NOT_FOUND'],
    ],
    'the address of no place': [{ ...hello([]), target: `/${MARKER}` }, [404, 'NOT_FOUND']],
    'the address with a slash behind it': [{ ...hello([]), target: '/graphql/' }, [404, 'NOT_FOUND']],
    'the address in capitals': [{ ...hello([]), target: '/GRAPHQL' }, [404, 'NOT_FOUND']],
    'an address with U+0000': [{ ...hello([]), target: '/graphql\0' }, BAD],
    'an address with a written U+0000': [{ ...hello([]), target: '/graphql%00' }, [404, 'NOT_FOUND']],
    'an address that is no UTF-8': [path('/graphql?query=\xff'), BAD],
    'a written byte that is no UTF-8': [gotten('query=%7B__typename%7D%ff'), [400, 'GRAPHQL_PARSE_FAILED']],
    'a written byte that is none': [path('/%zz'), BAD],
    'a way up': [path(`/../../../../etc/${MARKER}`), [404, 'NOT_FOUND']],
    'a written way up': [path(`/%2e%2e/%2e%2e/etc/${MARKER}`), [404, 'NOT_FOUND']],
    'two slashes': [path(`//${MARKER}/`), [404, 'NOT_FOUND']],
    'the address of every place': [path('*', 'OPTIONS'), [404, 'NOT_FOUND']],
    // Methods and versions
    ...Object.fromEntries(
      ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'].map(method => [
        `the method ${method}`,
        [{ ...hello([]), method }, [405, 'BAD_REQUEST']] as const,
      ]),
    ),
    'a method that nobody knows': [path('/graphql', MARKER), BAD],
    'a method in small letters': [path('/graphql', 'get'), BAD],
    'a tunnel': [line('CONNECT evil.example:80 HTTP/1.1\r\nhost: x\r\n\r\n')],
    'HTTP/1.0': [{ ...hello([]), version: 'HTTP/1.0' }, FINE],
    'HTTP/0.9': [line('GET /graphql\r\n\r\n'), BAD],
    'the beginning of HTTP/2': [line('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), BAD],
    'the beginning of TLS': [
      Buffer.concat([Buffer.from('16030100c8010000c40303', 'hex'), Buffer.alloc(190)]),
      BAD,
    ],
    'lines that end with LF': [line('GET /graphql HTTP/1.1\nhost: x\n\n'), BAD],
    // What another site's page can send without asking first
    'a GET without a header of its own': [gotten('query=%7B__typename%7D', []), BAD],
    'a mutation by GET': [gotten('query=mutation%7B__typename%7D'), [405, 'BAD_REQUEST']],
    'a mutation by GET as JSON': [
      { method: 'GET', target: '/graphql?query=mutation%7B__typename%7D', headers: [JSON_TYPE], body: HELLO },
      [405, 'BAD_REQUEST'],
    ],
    ...Object.fromEntries(
      [
        ...['', 'text/plain', 'text/plain; application/json', 'text/plain;a="application/json"', MARKER],
        ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/graphql'],
        ...['application/jsonp', 'application/json, text/plain', 'application/csp-report', 'json', '/', ';'],
      ].map(type => [`a body of the type "${type}"`, [typed(type), [415, 'BAD_REQUEST']] as const]),
    ),
    'a body without a type': [{ body: HELLO }, [415, 'BAD_REQUEST']],
    'a form': [
      {
        headers: [['content-type', 'application/x-www-form-urlencoded']],
        body: 'query=mutation%7B__typename%7D',
      },
      [415, 'BAD_REQUEST'],
    ],
  });
}

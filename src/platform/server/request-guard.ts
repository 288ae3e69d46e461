import { type FastifyReply, type FastifyRequest, type HookHandlerDoneFunction } from 'fastify';
import { GRAPHQL_PATH, HttpRefusal, NOTHING_HERE } from './http-answer';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether addresses may be as long as all headers together; for services that put texts into them, and cannot do else. */
    readonly hasLongAddresses?: true;
  }
}

/** Characters: what proxies and logs take without cutting; longer documents are sent by POST. */
const MAX_URL_LENGTH = 4_000;

const METHOD_REFUSED = new HttpRefusal(
  405,
  'Send queries by GET or POST, mutations by POST.',
  'BAD_REQUEST',
  {
    allow: 'GET, POST',
  },
);

/** Refuses what is wrong before anything of the body is read; for `onRequest`. */
export function guard(request: FastifyRequest, _: FastifyReply, done: HookHandlerDoneFunction): void {
  done(problemOf(request));
}

function problemOf(request: FastifyRequest): HttpRefusal | undefined {
  const { url, is404, headers, raw, protocol, host } = request;
  if (url.length > MAX_URL_LENGTH && request.routeOptions.config.hasLongAddresses !== true)
    return new HttpRefusal(414, 'The address is longer than 4 kB; use POST.');
  if (is404 && pathOf(url) === GRAPHQL_PATH) return METHOD_REFUSED;
  if (is404) return NOTHING_HERE;
  if (headers['content-encoding'] !== undefined) {
    return new HttpRefusal(415, 'The body must not be compressed: leave out content-encoding.');
  }
  if ((headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked') {
    return new HttpRefusal(501, 'The body must come in the transfer-encoding chunked, or in none.');
  }
  const twice = ONCE.find(name => (raw.headersDistinct[name]?.length ?? 0) > 1);
  if (twice !== undefined) return new HttpRefusal(400, `There is more than one ${twice} header.`);
  // HTTP/1.0 knows no Host, and the checks of some proxies speak it.
  if (raw.httpVersion === '1.0' && headers.host === undefined && pathOf(url) !== GRAPHQL_PATH)
    return undefined;
  // The address is put together again from this header further in.
  const isValid = !/[/?#@\\]/.test(host) && URL.canParse(`${protocol}://${host}/`);
  return isValid ? undefined : new HttpRefusal(400, 'The Host header is not valid.');
}

/** Of two, a proxy in front could have looked at the other. */
const ONCE = ['host', 'authorization', 'content-type'];

/** Forms send a parameter that was left empty, programs one that is null: both are none, and Apollo would refuse them. */
export function withoutEmptyParameters(url: string): string {
  const path = pathOf(url);
  const parameters = url.slice(path.length + 1).split('&');
  const kept = parameters.filter(part => !NO_PARAMETER.test(part));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}

/** `operationName=null` names an operation: the query part of an address knows no other null than JSON's. */
const NO_PARAMETER = /^((variables|operationName|extensions)=?|(variables|extensions)=null)?$/;

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

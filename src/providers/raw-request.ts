import { type RawRequest } from './provider.kinds';

/** The content type of forms. */
export const FORM = 'application/x-www-form-urlencoded';

/**
 * The value of a header that came exactly once; null where it is missing or came several times, which no service
 * does.
 */
export function onlyHeader(request: RawRequest, name: string): string | null {
  const values = request.headers.get(name) ?? [];
  return values.length === 1 ? (values[0] ?? null) : null;
}

/**
 * The token or credentials behind the word for their scheme, written as services write it; null without exactly one
 * such header.
 */
export function authorization(request: RawRequest, scheme: 'Bearer' | 'Basic'): string | null {
  const [word, value, ...more] = onlyHeader(request, 'authorization')?.split(' ') ?? [];
  return word === scheme && more.length === 0 ? (value ?? null) : null;
}

/** The body as text. What is no UTF-8 becomes U+FFFD: a letter that is lost is no reason to lose the message. */
export function bodyText(request: RawRequest): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(request.body);
}

/** What follows the question mark, as it was sent. */
export function queryText(request: RawRequest): string {
  const start = request.url.indexOf('?');
  return start === -1 ? '' : request.url.slice(start + 1);
}

export function isJson(request: RawRequest): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(onlyHeader(request, 'content-type') ?? '');
}

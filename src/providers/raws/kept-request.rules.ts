import { type RawRequest } from '../provider.kinds';

/** What a mail is kept as, which is no request. */
export const MAIL_METHOD = 'MAIL';

/** Headers that say who somebody is: nobody needs them to read the request. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

const REMOVED = '[removed]';

/** A request as text, to be kept, without the secrets that it came with. */
export function keptText({ method, url, headers, body }: RawRequest, secrets: readonly string[]): string {
  const hide = hiding(secrets);
  const kept: KeptRequest = {
    method,
    url: hide(withoutSecrets(url, secrets)),
    headers: [...headers].map(([name, values]) => [
      name,
      CREDENTIALS.has(name) ? values.map(() => REMOVED) : values.map(hide),
    ]),
    body: bodyWithout(body, secrets).toString('base64'),
  };
  return JSON.stringify(kept);
}

/** What `keptText` has made; `rest` is read from the address again. */
export function keptRequest(text: string): RawRequest {
  const { method, url, headers, body } = JSON.parse(text) as KeptRequest;
  return { method, url, rest: restOf(url), headers: new Map(headers), body: Buffer.from(body, 'base64') };
}

/** A mail that was fetched, as a request that brings it. */
export function mailRequest(raw: Buffer): RawRequest {
  return { method: MAIL_METHOD, url: '', rest: [], headers: new Map(), body: raw };
}

/** The path segments behind the id of the provider, decoded; of one that cannot be decoded, as it was sent. */
export function restOf(url: string): readonly string[] {
  const [path = ''] = url.split('?', 1);
  const [, rest = ''] = /\/providers\/[^/]+\/(.*)$/s.exec(path) ?? [];
  return rest === '' ? [] : rest.split('/').map(decoded);
}

interface KeptRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, readonly string[]])[];
  /** In base64. */
  readonly body: string;
}

/** Takes out the parts of an address that stand for secrets, however they are encoded: the proof has decoded them as well. */
function withoutSecrets(url: string, secrets: readonly string[]): string {
  const [path = '', ...query] = url.split(/(?=\?)/s);
  const segments = path.split('/').map(segment => (secrets.includes(decoded(segment)) ? REMOVED : segment));
  const fields = query
    .join('')
    .slice(1)
    .split('&')
    .map(field => {
      const [pair] = new URLSearchParams(`&${field}`);
      return pair !== undefined && secrets.includes(pair[1])
        ? `${encodeURIComponent(pair[0])}=${REMOVED}`
        : field;
    });
  return segments.join('/') + (query.length === 0 ? '' : `?${fields.join('&')}`);
}

/** Takes secrets out of a text, also in the forms that addresses and forms have them in. */
export function hiding(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.flatMap(secret => {
    const encoded = encodeURIComponent(secret);
    return [secret, encoded, encoded.replaceAll('%20', '+')];
  });
  return text => forms.reduce((left, form) => left.replaceAll(form, REMOVED), text);
}

/** Shorter ones are handed out by services that sign, and may stand in any text by chance. */
const MIN_TOLD_LENGTH = 8;

/** Some services put the secret into their form. Of a body without it every byte stays what it is. */
function bodyWithout(body: Buffer, secrets: readonly string[]): Buffer {
  const hide = hiding(secrets.filter(({ length }) => length >= MIN_TOLD_LENGTH));
  const text = body.toString('latin1');
  const kept = hide(text);
  return kept === text ? body : Buffer.from(kept, 'latin1');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

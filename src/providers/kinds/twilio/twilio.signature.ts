import { createHash, createHmac } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import { type Fields } from '../../fields';
import { sameText } from '../../secrets';

/**
 * Twilio's proof: HMAC-SHA1, by the auth token, over the address that it has called with every parameter of the form
 * behind it, sorted by name, as base64. Of a body that is no form, the address holds the SHA-256 in `bodySHA256`.
 */
export function twilioSignature(authToken: string, url: string, signedFields: string): string {
  return createHmac('sha1', authToken)
    .update(url + signedFields)
    .digest('base64');
}

/**
 * The names and values of a form as they are signed: values that come several times under one name count once,
 * sorted.
 */
export function signedFields(fields: Fields): string {
  const names = [...new Set(fields.entries.map(([name]) => name))].sort();
  return names.flatMap(name => [...new Set(fields.all(name))].sort().map(value => name + value)).join('');
}

/**
 * The forms of one address that Twilio may have signed: with its port and without, and, where its systems have passed
 * the address on in escaped form, in that form too. The same as Twilio's own library tries.
 */
export function signedForms(url: string): readonly string[] {
  const escaped = URL.canParse(url) ? [new URL(url).toString()] : [];
  const forms = [url, ...escaped].flatMap(form => [withoutPort(form), withPort(form)]);
  return [...new Set([...forms, ...forms.slice(2).map(withEscapedQuery)])];
}

/** Whether the address tells the hash of this body; null where it tells none, as for every form. */
export function bodyHashFits(url: string, body: Buffer): boolean | null {
  if (!URL.canParse(url)) return null;
  const told = new URL(url).searchParams.get('bodySHA256');
  return told === null ? null : sameText(told, createHash('sha256').update(body).digest('hex'));
}

/** Cut by hand: `URL` would escape what Twilio has signed as it was. */
const ADDRESS = /^([a-z][a-z0-9+.-]*:\/\/)((?:[^/?#]*@)?(?:\[[^\]/?#]*\]|[^:/?#]*))(:[^/?#]*)?(.*)$/is;

function withoutPort(url: string): string {
  return url.replace(ADDRESS, '$1$2$4');
}

function withPort(url: string): string {
  return url.replace(ADDRESS, (_, scheme: string, host: string, port: string | undefined, path: string) => {
    return scheme + host + (port ?? (scheme.toLowerCase() === 'https://' ? ':443' : ':80')) + path;
  });
}

function withEscapedQuery(url: string): string {
  const start = url.indexOf('?');
  if (start === -1 || start === url.length - 1) return url;
  return `${url.slice(0, start)}?${stringify(parse(url.slice(start + 1)))}`;
}

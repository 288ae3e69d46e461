import { isIP, isIPv4, isIPv6 } from 'node:net';
import { QUERY_LIMITS, type QueryLimits } from './query-limits';

/**
 * What a setting may hold. Each rule answers with the rest of a sentence that begins with the setting's name, or
 * with nothing where the value is fine; it never repeats the value, only its place in a list.
 */

const MAX_PORT = 65_535;
const MAX_QUERY_LIMIT = 100_000_000;
/** Documents are parsed and walked recursively: with this many tokens the stack is still far from its end. */
const MAX_TOKENS = 10_000;
const MAX_RATE_LIMIT = 1_000_000;
/** Shorter secrets can be guessed. */
const MIN_ADMIN_TOKEN_LENGTH = 16;
/** The length of a host name in DNS. */
const MAX_HOST_LENGTH = 253;

/** Names that fastify knows for ranges of addresses. */
const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** The items of a list; `none` and nothing at all are the empty one. */
export function listOf(value: string): readonly string[] {
  if (value.trim().toLowerCase() === 'none') return [];
  const items = value.split(',').map(item => item.trim());
  return [...new Set(items)].filter(item => item !== '');
}

/** An origin as browsers send it, or nothing where the text is no origin of a web page. */
export function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, href } = new URL(text);
  return /^https?:$/.test(protocol) && href === `${origin}/` ? origin : undefined;
}

export function filePathProblem(value: string): string | undefined {
  // A name of any letters may be one of a file.
  return /[/\\]$/.test(value) ? 'must name a file, not a folder' : undefined;
}

/** An address to which paths are added, or nothing where the text is none: it ends without a slash. */
export function publicUrlOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname, href } = new URL(text);
  return /^https?:$/.test(protocol) && href === `${origin}${pathname}` ? href.replace(/\/+$/, '') : undefined;
}

export function publicUrlProblem(value: string): string | undefined {
  return publicUrlOf(value) === undefined
    ? 'must be http or https, host and port, and maybe a path; without name, password, query or fragment'
    : undefined;
}

/** The bytes of a key, or nothing where the text does not hold as many as AES-256 needs. */
export function keyOf(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  return /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

export function keyProblem(value: string): string | undefined {
  return keyOf(value) === undefined
    ? 'must hold 32 bytes: 64 hexadecimal digits, or 44 characters of base64'
    : undefined;
}

export function hostProblem(value: string): string | undefined {
  const isName =
    /^[\w-]+(\.[\w-]+)*$/.test(value) && !/^[\d.]+$/.test(value) && value.length <= MAX_HOST_LENGTH;
  return isIP(value) !== 0 || isName
    ? undefined
    : 'must be an IP address or a host name, without port or brackets';
}

export function portProblem(value: string): string | undefined {
  return isWholeNumber(value, 0, MAX_PORT) ? undefined : `must be a whole number from 0 to ${MAX_PORT}`;
}

export function wholeNumberProblem(value: string, least: number, most: number): string | undefined {
  if (isWholeNumber(value, least, most)) return undefined;
  return `must be a whole number from ${grouped(least)} to ${grouped(most)}`;
}

/** The limits that a value names, and the defaults of the others. */
export function queryLimitsOf(value: string): QueryLimits {
  const given = listOf(value).map(item => item.split(':', 2));
  const limits = Object.fromEntries(given.map(([name = '', limit]) => [name, Number(limit)] as const));
  return { ...QUERY_LIMITS, ...limits };
}

export function queryLimitsProblem(value: string): string | undefined {
  const seen = new Set<string>();
  const place = placeOfFirst(value, item => {
    const [name = '', limit = '', ...rest] = item.split(':');
    const isKnown = Object.keys(QUERY_LIMITS).includes(name) && rest.length === 0 && !seen.has(name);
    seen.add(name);
    return !isKnown || !isWholeNumber(limit, 1, name === 'tokens' ? MAX_TOKENS : MAX_QUERY_LIMIT);
  });
  const names = Object.keys(QUERY_LIMITS).join(', ');
  return (
    place &&
    `holds no limit at place ${place}; a limit is a name, a colon and a number, each name once, the names are ${names}`
  );
}

export function adminTokenProblem(value: string): string | undefined {
  return value.length >= MIN_ADMIN_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(value)
    ? undefined
    : `must have at least ${MIN_ADMIN_TOKEN_LENGTH} characters, all of them printable ASCII and no spaces`;
}

export function scopesProblem(value: string, scopes: readonly string[]): string | undefined {
  const place = placeOfFirst(value, item => !scopes.includes(item));
  return place && `holds no scope at place ${place}; the scopes are ${scopes.join(', ')}`;
}

export function choiceProblem(value: string, choices: readonly string[]): string | undefined {
  return choices.includes(value.toLowerCase()) ? undefined : `must be one of ${choices.join(', ')}`;
}

export function rateLimitProblem(value: string): string | undefined {
  return value.toLowerCase() === 'off' || isWholeNumber(value, 1, MAX_RATE_LIMIT)
    ? undefined
    : 'must be off or a whole number from 1 to 1,000,000';
}

/** @param problemOf what is wrong with an item, as the rest of a sentence that begins with it. */
export function listProblem(
  value: string,
  problemOf: (item: string) => string | undefined,
): string | undefined {
  const place = placeOfFirst(value, item => problemOf(item) !== undefined);
  if (place === undefined) return undefined;
  return `is wrong at place ${place}: it ${problemOf(value.split(',')[Number(place) - 1]?.trim() ?? '') ?? 'is empty'}`;
}

export function originsProblem(value: string): string | undefined {
  const place = placeOfFirst(value, item => originOf(item) === undefined);
  return (
    place && `holds no origin at place ${place}; an origin is http or https, host and port, without a path`
  );
}

export function proxiesProblem(value: string): string | undefined {
  if (/^\d+$/.test(value)) {
    // fastify takes a number and then trusts nobody; a hop count alone would let every caller forge an address.
    return 'must name the proxies by address: a number of hops cannot tell a proxy from a caller';
  }
  const place = placeOfFirst(value, item => !isProxy(item));
  return place && `holds neither an IP address nor a CIDR range at place ${place}`;
}

function isProxy(text: string): boolean {
  if (NAMED_RANGES.includes(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return (
    (isIPv4(address) && isWholeNumber(prefix, 1, 32)) || (isIPv6(address) && isWholeNumber(prefix, 1, 128))
  );
}

/** The place, counted from 1, of the first item that is wrong or empty. */
function placeOfFirst(value: string, isWrong: (item: string) => boolean): string | undefined {
  if (value.toLowerCase() === 'none') return undefined;
  const index = value.split(',').findIndex(item => item.trim() === '' || isWrong(item.trim()));
  return index === -1 ? undefined : String(index + 1);
}

/** Independent of the machine's language. */
function grouped(value: number): string {
  return value.toLocaleString('en');
}

function isWholeNumber(text: string, least: number, most: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
}

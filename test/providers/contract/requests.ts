import { type RegisteredHook } from '../../../src/providers/kind';
import { type Provider, type RawRequest, type Sample } from '../../../src/providers/provider.kinds';
import { restOf } from '../../../src/providers/raws/kept-request.rules';

/** A request as the intake is handed it. */
export function rawRequestOf({ method, url, headers, body }: Sample): RawRequest {
  return {
    method,
    url,
    rest: restOf(url),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]])),
    body: Buffer.from(body),
  };
}

/** A fault of a proof; each has to be found. */
export interface Fault {
  readonly name: string;
  readonly request: RawRequest;
}

export interface Proven {
  readonly kind: RegisteredHook;
  readonly provider: Provider;
  readonly sample: Sample;
  readonly secret: string;
  readonly now: Date;
}

const HOUR_MS = 3_600_000;

/** Everything that can be wrong with the proof of a request, one fault at a time. */
export function faultsOf(proven: Proven, otherSecret: string): readonly Fault[] {
  const { kind, provider, sample, secret, now } = proven;
  const prove = (by: string, at: Date): Sample => kind.hook.prove(sample, by, provider, at);
  const good = prove(secret, now);
  const faults: Fault[] = [
    { name: 'missing', request: rawRequestOf(sample) },
    { name: 'of another secret', request: rawRequestOf(prove(otherSecret, now)) },
    ...headerFaults(sample, good),
    ...urlFaults(sample, good),
    ...(kind.proves === 'request' ? bodyFaults(proven, good) : []),
  ];
  if (!kind.hook.isTimed) return faults;
  return [
    ...faults,
    { name: 'old', request: rawRequestOf(prove(secret, new Date(now.getTime() - HOUR_MS))) },
    { name: 'of the future', request: rawRequestOf(prove(secret, new Date(now.getTime() + HOUR_MS))) },
  ];
}

/** Of the headers that the proof has added: a bit, the end, all of it, twice. */
function headerFaults(bare: Sample, good: Sample): readonly Fault[] {
  return Object.entries(good.headers).flatMap(([name, value]) => {
    if (bare.headers[name] === value) return [];
    const withValues = (fault: string, values: readonly string[]): Fault => {
      const request = rawRequestOf(good);
      const headers = new Map(request.headers);
      if (values.length === 0) headers.delete(name.toLowerCase());
      else headers.set(name.toLowerCase(), values);
      return { name: `${name} ${fault}`, request: { ...request, headers } };
    };
    return [
      ...placesIn(value).map(place => withValues(`with a bit changed at ${place}`, [flipped(value, place)])),
      withValues('cut at its end', [value.slice(0, -1)]),
      withValues('left empty', ['']),
      withValues('left out', []),
      withValues('twice', [value, value]),
      withValues('twice, once wrong', [value, flipped(value, 0)]),
    ];
  });
}

/** Of an address that the proof has changed: a bit of what is new, and its end. */
function urlFaults(bare: Sample, good: Sample): readonly Fault[] {
  if (bare.url === good.url) return [];
  const start = Array.from(good.url).findIndex((letter, at) => bare.url[at] !== letter);
  const end = good.url.length - (bare.url.slice(start).length > 0 ? bare.url.slice(start).length : 0);
  const places = Array.from({ length: end - start }, (_, at) => start + at).filter(at =>
    /\w/.test(good.url[at] ?? ''),
  );
  return [
    ...[places[1], places.at(-1)].flatMap(at =>
      at === undefined
        ? []
        : [
            {
              name: `address with a bit changed at ${at}`,
              request: rawRequestOf({ ...good, url: flipped(good.url, at) }),
            },
          ],
    ),
    {
      name: 'address cut',
      request: rawRequestOf({ ...good, url: good.url.slice(0, end - 1) + good.url.slice(end) }),
    },
  ];
}

/** A body with a bit changed, as long as it reads as something else: of two ways to write a form, some sign neither. */
function bodyFaults({ kind, provider }: Proven, good: Sample): readonly Fault[] {
  const as = (request: RawRequest): string => JSON.stringify(kind.hook.read(request, provider));
  const request = rawRequestOf(good);
  const faults = placesIn(good.body).flatMap(place => {
    const changed = { ...request, body: Buffer.from(flipped(good.body, place)) };
    return as(changed) === as(request)
      ? []
      : [{ name: `body with a bit changed at ${place}`, request: changed }];
  });
  const longer = { ...request, body: Buffer.concat([request.body, Buffer.from('&x=1')]) };
  return [...faults, { name: 'body with more at its end', request: longer }];
}

function placesIn(text: string): readonly number[] {
  const last = text.length - 1;
  return [...new Set([0, Math.floor(last / 3), Math.floor(last / 2), last])].filter(place => place >= 0);
}

/** The lowest bit of a letter: none of ASCII's letters becomes the same in another case. */
function flipped(text: string, place: number): string {
  return text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ 1) + text.slice(place + 1);
}

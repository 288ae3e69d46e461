import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Delivery, type Media, type Sample } from '../../src/providers/provider.kinds';

const FOLDER = join(__dirname, 'fixtures');

/** A request of a service with what is to become of it; its form is told in `fixtures/README.md`. */
export interface Fixture {
  readonly name: string;
  readonly about: string;
  /** Settings of the providers file beside id, kind and secret. */
  readonly provider: Readonly<Record<string, unknown>>;
  /** What of it is stored. */
  readonly messages: readonly Delivery[];
  readonly expected: 'nothing' | 'kept' | readonly (Delivery | 'kept')[];
  readonly stored: readonly Readonly<Record<string, unknown>>[] | null;
  readonly reply: {
    readonly status?: number;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  };
  /** The request without proof, to this address and what stands behind it. */
  sample(base: string): Sample;
}

export function fixturesOf(kind: string): readonly Fixture[] {
  return filesOf(kind).map(file =>
    fixtureOf(file, JSON.parse(readFileSync(join(FOLDER, kind, file), 'utf8')) as File),
  );
}

interface File {
  readonly about: string;
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly request: {
    readonly method: 'POST' | 'GET';
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly text?: string;
    readonly json?: unknown;
    readonly form?: Record<string, string>;
  };
  readonly expect: 'nothing' | 'kept' | readonly (GivenDelivery | 'kept')[];
  readonly stored?: Fixture['stored'];
  readonly reply?: Fixture['reply'];
}

type GivenDelivery = Partial<Omit<Delivery, 'sentAt' | 'media'>> &
  Pick<Delivery, 'sender'> & { readonly sentAt?: string | null; readonly media?: readonly Partial<Media>[] };

function filesOf(kind: string): readonly string[] {
  try {
    return readdirSync(join(FOLDER, kind)).filter(name => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function fixtureOf(name: string, file: File): Fixture {
  const { about, provider = {}, request, expect, stored = null, reply = {} } = file;
  const expected =
    typeof expect === 'string' ? expect : expect.map(item => (item === 'kept' ? item : deliveryOf(item)));
  return {
    ...{ name, about, provider, expected, stored, reply },
    messages: typeof expected === 'string' ? [] : expected.filter(item => item !== 'kept'),
    sample: base => ({
      method: request.method,
      url: `${base}${request.path ?? ''}`,
      headers: request.headers ?? {},
      body: bodyOf(request),
    }),
  };
}

function bodyOf({ text, json, form }: File['request']): string {
  if (text !== undefined) return text;
  if (form !== undefined) return new URLSearchParams(form).toString();
  return json === undefined ? '' : JSON.stringify(json);
}

function deliveryOf(given: GivenDelivery): Delivery {
  return {
    recipient: null,
    title: null,
    text: '',
    providerMessageId: null,
    inReplyTo: [],
    additionalData: {},
    ...given,
    sentAt: typeof given.sentAt === 'string' ? new Date(given.sentAt) : null,
    media: (given.media ?? []).map(each => ({ url: '', contentType: null, size: null, name: null, ...each })),
  };
}

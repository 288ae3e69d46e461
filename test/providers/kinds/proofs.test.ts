import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type RegisteredHook } from '../../../src/providers/kind';
import { type RawRequest } from '../../../src/providers/provider.kinds';
import { KINDS } from '../../../src/providers/registry';
import { BASE, NOW, providerOf, requestOf, SECRETS } from './requests';

const HOOKS = new Map(
  KINDS.filter((kind): kind is RegisteredHook => 'hook' in kind).map(kind => [kind.hook.name, kind]),
);

type Change = (request: RawRequest) => RawRequest;

interface Case {
  readonly about: string;
  readonly kind: string;
  readonly options?: object;
  /** Where the proof stands. */
  readonly place: Place;
}

/** A part of a request that can be taken out, changed, and be there twice. */
interface Place {
  readonly change: (request: RawRequest, change: (value: string) => readonly string[]) => RawRequest;
}

const CASES: readonly Case[] = [
  { about: 'twilio', kind: 'twilio', place: header('x-twilio-signature') },
  { about: 'vonage by a token', kind: 'vonage', place: header('authorization') },
  { about: 'vonage by a hash', kind: 'vonage', options: { signature: 'md5hash' }, place: field('sig') },
  { about: 'vonage by an HMAC', kind: 'vonage', options: { signature: 'sha256' }, place: field('sig') },
  { about: 'africastalking', kind: 'africastalking', place: path() },
  { about: 'infobip by its address', kind: 'infobip', place: path() },
  {
    about: 'infobip by a password',
    kind: 'infobip',
    options: { proof: 'basic' },
    place: header('authorization'),
  },
  { about: 'httpsms', kind: 'httpsms', place: header('authorization') },
  { about: 'smssync', kind: 'smssync', place: field('secret') },
  { about: 'frontlinesms', kind: 'frontlinesms', place: field('secret') },
  { about: 'telegram', kind: 'telegram', place: header('x-telegram-bot-api-secret-token') },
];

describe.each(CASES)('the proof of $about', ({ kind: name, options, place }) => {
  const kind = hookOf(name);
  const { hook } = kind;
  const provider = providerOf(kind, options);

  test.each(SECRETS)('is right by either secret while one follows the other', secret => {
    expect(hook.doubt(proven(secret), provider, NOW)).toBeNull();
  });

  const FAULTS: readonly (readonly [string, Change])[] = [
    ['missing', request => place.change(request, () => [])],
    ['empty', request => place.change(request, () => [''])],
    ['there twice', request => place.change(request, value => [value, value])],
    ['there with another before it', request => place.change(request, value => [`x${value}`, value])],
    ['there with another behind it', request => place.change(request, value => [value, `${value}x`])],
    ['cut by one letter', request => place.change(request, value => [value.slice(0, -1)])],
    ['longer by one letter', request => place.change(request, value => [`${value}0`])],
  ];

  test.each(FAULTS)('is not right when it is %s', (_, change) => {
    expect(hook.doubt(change(proven()), provider, NOW)).toEqual(expect.any(String));
  });

  test('is not right by another secret, nor without any', () => {
    const other = providerOf(kind, options, ['another-secret-of-tests']);
    expect(hook.doubt(proven(), other, NOW)).toEqual(expect.any(String));
    expect(hook.doubt(proven(), providerOf(kind, options, []), NOW)).toEqual(expect.any(String));
  });

  test('is not right with any one bit of it changed', () => {
    const count = bitsOf(proven());
    for (let bit = 0; bit < count; bit += 1) {
      const changed = place.change(proven(), value => [withBit(value, bit)]);
      expect(hook.doubt(changed, provider, NOW)).toEqual(expect.any(String));
    }
  });

  test('tells why it is not right without what it was given', () => {
    const secret = 'wholly-other-secret-of-tests';
    const doubt = hook.doubt(proven(secret), provider, NOW) ?? '';
    for (const word of [secret, ...SECRETS]) expect(doubt).not.toContain(word);
  });

  test('leaves no trace in what is read', () => {
    const request = proven();
    const read = hook.read(request, provider);
    expect(read.kind).toBe('messages');
    let proof = '';
    place.change(request, value => [(proof = value)]);
    for (const word of [...SECRETS, proof]) expect(JSON.stringify(read)).not.toContain(word);
  });

  function proven(secret: string = SECRETS[1]): RawRequest {
    return requestOf(hook.prove(hook.sample(provider, BASE, NOW), secret, provider, NOW));
  }

  function bitsOf(request: RawRequest): number {
    let length = 0;
    place.change(request, value => [value.slice(0, (length = value.length))]);
    return length * 8;
  }
});

describe.each(CASES.filter(({ kind }) => hookOf(kind).hook.isTimed))(
  'the proof of $about',
  ({ kind: name, options }) => {
    const { hook } = hookOf(name);
    const provider = providerOf(hookOf(name), options);

    test.each([
      ['from long ago', -3600],
      ['from the future', 3600],
    ])('%s is not right', (_, seconds) => {
      const then = new Date(NOW.getTime() + seconds * 1000);
      const request = requestOf(hook.prove(hook.sample(provider, BASE, then), SECRETS[1], provider, then));
      expect(hook.doubt(request, provider, NOW)).toEqual(expect.any(String));
      expect(hook.doubt(request, provider, then)).toBeNull();
    });
  },
);

describe.each(CASES)('whatever comes to $about', ({ kind: name, options }) => {
  const { hook } = hookOf(name);
  const provider = providerOf(hookOf(name), options);

  test('is neither taken for proven nor the end of anything', () => {
    fc.assert(
      fc.property(anyRequest, request => {
        expect(hook.doubt(request, provider, NOW)).toEqual(expect.any(String));
        expect(['messages', 'nothing', 'unreadable']).toContain(hook.read(request, provider).kind);
      }),
      { numRuns: 500 },
    );
  });
});

/** Headers, fields and JSON with names that mean something to some kind, and values of every form. */
const NAMES = [
  'from',
  'From',
  'Body',
  'text',
  'message',
  'results',
  'update_id',
  'chat',
  'id',
  'data',
  'type',
  'sig',
].concat([
  'msisdn',
  'photo',
  'image',
  'location',
  'contacts',
  'secret',
  'timestamp',
  'message_uuid',
  '__proto__',
  'constructor',
]);

const anyName = fc.oneof(fc.constantFrom(...NAMES), fc.string());

const anyJson = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant('15550100100'),
    ),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(anyName, tie('value')), { maxLength: 8 }).map(entries => Object.fromEntries(entries)),
  ),
})).value;

const anyBody = fc.oneof(
  fc.uint8Array().map(bytes => Buffer.from(bytes)),
  anyJson.map(value => Buffer.from(JSON.stringify(value))),
  fc
    .array(fc.tuple(anyName, fc.string({ unit: 'binary' })))
    .map(entries => Buffer.from(new URLSearchParams(entries).toString())),
  fc.integer({ min: 1, max: 100_000 }).map(depth => Buffer.from('['.repeat(depth))),
);

const anyHeader = fc.tuple(
  fc.constantFrom('content-type', 'authorization', 'x-twilio-signature', 'x-telegram-bot-api-secret-token'),
  fc.array(
    fc.oneof(
      fc.constantFrom(
        'application/json',
        'application/x-www-form-urlencoded',
        'Bearer e30.e30.',
        'Basic Og==',
        'Bearer',
      ),
      fc.string(),
    ),
    { maxLength: 2 },
  ),
);

const anyRequest: fc.Arbitrary<RawRequest> = fc.record({
  method: fc.constantFrom('POST', 'GET'),
  url: fc.oneof(
    fc.string().map(text => `${BASE}?${text}`),
    fc.string({ unit: 'binary' }),
  ),
  rest: fc.array(fc.string(), { maxLength: 2 }),
  headers: fc.array(anyHeader).map(entries => new Map(entries)),
  body: anyBody,
});

function hookOf(name: string): RegisteredHook {
  const kind = HOOKS.get(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

function header(name: string): Place {
  return {
    change: (request, change) => {
      const value = request.headers.get(name)?.[0] ?? '';
      return { ...request, headers: new Map([...request.headers, [name, change(value)]]) };
    },
  };
}

function path(): Place {
  return { change: (request, change) => ({ ...request, rest: change(request.rest[0] ?? '') }) };
}

function field(name: string): Place {
  return {
    change: (request, change) => {
      const fields = [...new URLSearchParams(request.body.toString())];
      const value = fields.find(([other]) => other === name)?.[1] ?? '';
      const others = fields.filter(([other]) => other !== name);
      const changed = [...others, ...change(value).map((each): [string, string] => [name, each])];
      return { ...request, body: Buffer.from(new URLSearchParams(changed).toString()) };
    },
  };
}

function withBit(text: string, bit: number): string {
  const bytes = Buffer.from(text);
  const at = Math.floor(bit / 8);
  bytes.writeUInt8((bytes.at(at) ?? 0) ^ (1 << (bit % 8)), at);
  return bytes.toString('latin1');
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SCOPES } from '../../src/auth/scope.kinds';
import { cleanContent } from '../../src/messages/rules/content.rules';
import { type JsonObject } from '../../src/messages/message.kinds';
import { type Gateway, openGateway } from '../support/gateway';
import { create, MINIMAL, update } from '../support/mutations';
import { LEAST, openTransferStore, type TransferStore } from '../support/transfer';
import { ask, posted } from './wire';

const NUL = 'must not hold U+0000';
const HALF = 'must not hold half a character (a lone surrogate)';
const INFINITE = 'must not hold numbers beyond ±1.8e308';

interface Case {
  /** As JSON text, since a number too large for JavaScript can only be written so. */
  readonly json: string;
  /** From `additionalData` on. */
  readonly path: readonly string[];
  readonly message: string;
}

const CASES: Readonly<Record<string, Case>> = {
  'U+0000 in a text': { json: '{"a":"x\\u0000y"}', path: ['a'], message: NUL },
  'U+0000 far inside': { json: '{"a":[1,{"b":["\\u0000"]}]}', path: ['a', '1', 'b', '0'], message: NUL },
  'U+0000 in a name': { json: '{"a\\u0000":1}', path: [], message: `${NUL} in the names of its fields` },
  'U+0000 in a name far inside': {
    json: '{"media":[{"\\u0000":"x"}]}',
    path: ['media', '0'],
    message: `${NUL} in the names of its fields`,
  },
  'the first half of a character': { json: '{"a":"\\ud83d"}', path: ['a'], message: HALF },
  'the second half of a character': { json: '{"a":"\\ude00x"}', path: ['a'], message: HALF },
  'two halves in the wrong order': { json: '{"a":"\\ude00\\ud83d"}', path: ['a'], message: HALF },
  'half a character in a name': {
    json: '{"a":{"\\ud83d":1}}',
    path: ['a'],
    message: `${HALF} in the names of its fields`,
  },
  'a number that would come back as null': { json: '{"a":[1e999]}', path: ['a', '0'], message: INFINITE },
  'below a name that a terminal would obey': {
    json: '{"\\u001b[2J\\u202e":"\\u0000"}',
    path: ['\ufffd[2J\ufffd'],
    message: NUL,
  },
  'below a name of no end': {
    json: `{"${'😀'.repeat(99)}":"\\u0000"}`,
    path: [`${'😀'.repeat(64)}…`],
    message: NUL,
  },
};

/** What looks odd and is kept byte for byte, in the order in which it was given. */
const KEPT: Readonly<Record<string, string>> = {
  'other control characters': '{"a":"\\u0001\\u001b\\u007f\\r\\n\\t"}',
  'a whole character beyond 16 bits': '{"😀":"😀"}',
  'texts that are not normalised': '{"e\u0301":"e\u0301"}',
  'non-characters': '{"a":"\\uffff\\ufdd0"}',
  'the largest numbers': '{"a":1.7976931348623157e+308,"b":5e-324,"c":9007199254740991}',
  'names that JavaScript gives a meaning':
    '{"constructor":"x","toString":null,"prototype":[],"hasOwnProperty":1}',
  'names out of order': '{"b":1,"a":{"d":1,"c":2}}',
  'empty names and values': '{"":"","a":{},"b":[],"c":null,"d":false,"e":0}',
};

let gateway: Gateway;
let store: TransferStore;
let authorization: string;
beforeAll(async () => {
  gateway = await openGateway();
  const { token } = await gateway.tokens.create({ name: 'test', scopes: SCOPES, expiresAt: null });
  authorization = `Bearer ${token}`;
  store = await openTransferStore();
});
afterAll(async () => {
  await gateway.close();
  await store.close();
});

describe.each(Object.entries(CASES))('additionalData with %s is refused', (_, { json, path, message }) => {
  const additionalData = JSON.parse(json) as JsonObject;
  const line = JSON.stringify(LEAST).replace(/}$/, `,"additionalData":${json}}`);

  /** Not through JSON.stringify alone, which would write null for what is to be refused. */
  const send = async (query: string, input: string): Promise<unknown> => {
    const body = `{"query":${JSON.stringify(query)},"variables":{"input":${input}}}`;
    const { text } = await ask(gateway.url, posted(body, [['authorization', authorization]]));
    return (JSON.parse(text) as { errors: readonly { extensions: object }[] }).errors.map(
      error => error.extensions,
    );
  };
  const refused = (...before: readonly string[]) => ({
    code: 'BAD_USER_INPUT',
    issues: [{ path: [...before, 'additionalData', ...path], message }],
  });

  test('by createMessage', async () => {
    const given = JSON.stringify(MINIMAL).replace(/}$/, `,"additionalData":${json}}`);
    const operation =
      'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { id } } }';
    expect(await send(operation, given)).toEqual([refused('input')]);
  });

  test('by updateMessage', async () => {
    const { message } = await create(gateway, { ...MINIMAL, additionalData: { kept: true } });
    const operation = `mutation ($input: UpdateMessageInput!) { updateMessage(id: "${message.id}", input: $input) { ignoredFields } }`;
    expect(await send(operation, `{"additionalData":${json}}`)).toEqual([refused('input')]);
    expect((await gateway.stored(Number(message.id))).additionalData).toEqual({ kept: true });
  });

  test('by the import, for itself and for the lines around it', async () => {
    const report = await store.importLines(LEAST, line, LEAST);
    expect(report.refusals).toEqual([`line 2: ${['additionalData', ...path].join('.')}: ${message}`]);
    expect(report.added).toBe(2);
  });

  test('by the entity, whichever way it is reached', () => {
    expect(cleanContent({ additionalData }).issues).toEqual([{ path: ['additionalData', ...path], message }]);
  });
});

test.each(Object.entries(KEPT))('additionalData keeps %s', async (_, json) => {
  const { message } = await create(gateway, { ...MINIMAL, additionalData: JSON.parse(json) as unknown });
  const kept = JSON.stringify(JSON.parse(json));
  expect(JSON.stringify(message['additionalData'])).toBe(kept);
  const changed = await update(gateway, message.id, { additionalData: null });
  expect(changed).toMatchObject({ message: { additionalData: null } });
});

test('additionalData with a name that could be taken for a prototype is refused with the reason', async () => {
  const body = '{"query":"{ __typename }","variables":{"input":{"additionalData":{"__proto__":1}}}}';
  const { status, text } = await ask(gateway.url, posted(body, [['authorization', authorization]]));
  expect(status).toBe(400);
  expect(text).toContain('The body holds a name that is not taken: __proto__');
});

test.each(['', 'a'])(
  'the message about a place far inside ends with a whole character, after %j',
  async before => {
    const name = before + '😀'.repeat(60);
    const additionalData = { [name]: { [name]: { [name]: { [name]: '\0' } } } };
    const query = 'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { ignoredFields } }';
    const body = { query, variables: { input: { ...MINIMAL, additionalData } } };
    const { text } = await ask(gateway.url, posted(body, [['authorization', authorization]]));
    expect(text).toContain('😀…');
    expect(text).not.toMatch(/\\ud[89a-f]/);
  },
);

test('every JSON object is either refused or the same when it is read from its text', () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', '\0', '\ud83d', '\ude00', '\u001b', 'e\u0301') });
  const anyJson = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      anyText,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(anyText, tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.dictionary(anyText, anyJson, { maxKeys: 3 }), additionalData => {
      const { issues } = cleanContent({ additionalData });
      const text = JSON.stringify(additionalData);
      const isWell = !/\\u0000|\\ud[89a-f]/.test(text) && !holdsInfinity(additionalData);
      expect(issues.length === 0).toBe(isWell);
    }),
  );
});

test('of a thousand wrong places twenty are told', () => {
  const additionalData = { a: Array.from({ length: 1_000 }, () => '\0') };
  expect(cleanContent({ additionalData }).issues).toHaveLength(20);
});

function holdsInfinity(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsInfinity);
}

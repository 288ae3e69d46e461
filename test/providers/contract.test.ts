import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stateIssues } from '../../src/messages/rules/state.rules';
import { nameOf, type RegisteredHook } from '../../src/providers/kind';
import { type ItemResult } from '../../src/providers/provider.kinds';
import { KINDS } from '../../src/providers/registry';
import { mend } from '../../src/providers/rules/mending.rules';
import { type Gateway, openGateway } from '../support/gateway';
import { mutations } from './contract/mutations';
import { faultsOf, rawRequestOf } from './contract/requests';
import {
  asTold,
  countOf,
  isHook,
  messageScene,
  OTHER_SECRET,
  proven,
  PUBLIC_URL,
  scenesOf,
  SECRET,
  send,
  setUp,
  storedBy,
} from './contract/scene';
import { fixturesOf } from './fixtures';

const HOOKS = KINDS.filter(isHook);
const NAMED = HOOKS.map(kind => [nameOf(kind), kind] as const);

/** Requests with random changes: of each fixture so many in all, and so many of them over HTTP. */
const MUTATIONS = 1_000;
const SENT_MUTATIONS = 15;

let gateway: Gateway;
beforeAll(async () => {
  const scenes = HOOKS.flatMap(kind => [
    ...scenesOf(kind, 'accept'),
    ...scenesOf(kind, 'mutate'),
    messageScene(kind, 'flood'),
    messageScene(kind, 'odd'),
  ]);
  const rotated = HOOKS.map(kind => rotatedProvider(kind));
  gateway = await openGateway({ PUBLIC_URL, BODY_LIMIT: '100000' }, undefined, [
    ...scenes.map(({ configured }) => configured),
    ...rotated,
  ]);
});
afterAll(() => gateway.close());

test.each(KINDS.map(kind => [nameOf(kind), kind] as const))('%s has a name that nobody else has', name => {
  expect(KINDS.filter(kind => nameOf(kind) === name)).toHaveLength(1);
  expect(name).toMatch(/^[a-z0-9]{1,32}$/);
});

test.each(NAMED)('%s has fixtures, one with a message among them', name => {
  expect(fixturesOf(name).some(({ messages }) => messages.length > 0)).toBe(true);
});

describe.each(NAMED)('%s', (name, kind) => {
  describe.each(scenesOf(kind, 'accept').map(scene => [scene.fixture.about, scene] as const))(
    'takes %s:',
    (_, scene) => {
      const { fixture, provider } = scene;

      test('it reads what was sent', () => {
        const reading = kind.hook.read(rawRequestOf(proven(scene, gateway.clock.now())), provider);
        if (typeof fixture.expected === 'string') {
          expect(reading.kind).toBe(fixture.expected === 'kept' ? 'unreadable' : 'nothing');
          return;
        }
        const items = reading.kind === 'messages' ? reading.items : [];
        expect(items.map(item => ('unreadable' in item ? 'kept' : item))).toEqual(fixture.expected);
      });

      test('it stores that, answers in its own words, and keeps what it cannot read', async () => {
        const answer = await send(gateway, proven(scene, gateway.clock.now()));
        expect(answer.status).toBe(fixture.reply.status ?? 200);
        for (const [header, value] of Object.entries(fixture.reply.headers ?? {}))
          expect([header, answer.headers.get(header)]).toEqual([header, value]);
        if (fixture.reply.body !== undefined) expect(answer.body).toBe(fixture.reply.body);
        const stored = await storedBy(gateway, provider.id);
        expect(stored).toHaveLength(fixture.messages.length);
        if (fixture.stored !== null) expect(asTold(stored)).toMatchObject(fixture.stored);
        const isKept = fixture.expected === 'kept' || fixture.expected.includes('kept');
        expect(await countOf(gateway, 'intake_failures', `provider_id = '${provider.id}'`)).toBe(
          isKept ? 1 : 0,
        );
      });

      test('it takes the same again as what it is', async () => {
        const before = await storedBy(gateway, provider.id);
        const answer = await send(gateway, proven(scene, gateway.clock.now()));
        expect(answer.status).toBe(fixture.reply.status ?? 200);
        expect(await storedBy(gateway, provider.id)).toEqual(before);
      });
    },
  );

  test('makes one message of the same delivery that comes a hundred times at once', async () => {
    const scene = messageScene(kind, 'flood');
    const request = proven(scene, gateway.clock.now());
    const contacts = await countOf(gateway, 'contacts');
    const senders = new Set(scene.fixture.messages.map(({ sender }) => JSON.stringify(sender)));
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(gateway, request)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([scene.fixture.reply.status ?? 200]),
    );
    const stored = await storedBy(gateway, scene.provider.id);
    expect(stored).toHaveLength(scene.fixture.messages.length);
    expect(await countOf(gateway, 'audit_entries', `provider_id = '${scene.provider.id}'`)).toBe(
      stored.length,
    );
    expect((await countOf(gateway, 'contacts')) - contacts).toBeLessThanOrEqual(senders.size);
  });

  test('takes either of two secrets, and none that came before them', async () => {
    const { provider } = rotatedProvider(kind);
    const scene = { ...messageScene(kind, 'flood'), provider };
    const sample = scene.fixture.sample(`${PUBLIC_URL}/providers/${provider.id}`);
    const statuses = [];
    for (const secret of [SECRET, OTHER_SECRET, 'an-older-secret-0123456789'])
      statuses.push((await send(gateway, proven({ ...scene, sample }, gateway.clock.now(), secret))).status);
    expect(statuses).toEqual([
      scene.fixture.reply.status ?? 200,
      scene.fixture.reply.status ?? 200,
      expect.any(Number),
    ]);
    expect([401, 403]).toContain(statuses[2]);
  });

  const faults = faultsOf(
    { ...messageScene(kind, 'odd'), secret: SECRET, now: new Date('2026-03-01T12:00:00Z') },
    OTHER_SECRET,
  );

  test.each(faults.map(fault => [fault.name, fault] as const))(
    'refuses a proof that is %s',
    (_, { request }) => {
      const { provider } = messageScene(kind, 'odd');
      expect(kind.hook.doubt(request, provider, gateway.clock.now())).toEqual(expect.any(String));
    },
  );

  test('never says what it was told when it refuses', () => {
    const { provider } = messageScene(kind, 'odd');
    for (const { request } of faults) {
      const doubt = kind.hook.doubt(request, provider, gateway.clock.now()) ?? '';
      expect(doubt).not.toContain(SECRET);
      for (const [value = ''] of request.headers.values())
        if (value.length > 15) expect(doubt).not.toContain(value);
    }
  });

  test('answers what it refuses with 401 or 403, and keeps nothing of it', async () => {
    const scene = messageScene(kind, 'odd');
    const before = await countOf(gateway, 'intake_failures');
    for (const sample of [scene.sample, proven(scene, gateway.clock.now(), OTHER_SECRET)])
      expect([401, 403]).toContain((await send(gateway, sample)).status);
    expect(await storedBy(gateway, scene.provider.id)).toEqual([]);
    expect(await countOf(gateway, 'intake_failures')).toBe(before);
  });

  test.each(['', '\0', '{', '[]', 'null', '"text"', '{"messages":{}}', '%', 'a=1&a=2', '<xml/>', '\ud800'])(
    'answers garbage: %j',
    async body => {
      const scene = messageScene(kind, 'odd');
      const answer = await send(
        gateway,
        proven({ ...scene, sample: { ...scene.sample, body } }, gateway.clock.now()),
      );
      expect(answer.status).toBeLessThan(500);
    },
  );

  test('is not sent more than BODY_LIMIT, nor by a method that it does not know', async () => {
    const scene = messageScene(kind, 'odd');
    const { url, ...init } = proven(
      { ...scene, sample: { ...scene.sample, body: 'x'.repeat(100_001) } },
      gateway.clock.now(),
    );
    if (kind.methods.includes('POST'))
      expect((await send(gateway, { ...init, url, method: 'POST' })).status).toBe(413);
    const target = url.replace(PUBLIC_URL, gateway.url.replace('/graphql', ''));
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'].filter(
      each => !(kind.methods as string[]).includes(each),
    ))
      expect([404, 405]).toContain((await fetch(target, { method })).status);
  });

  describe.each(scenesOf(kind, 'mutate').map(scene => [scene.fixture.about, scene] as const))(
    'bears changes of %s',
    (_, scene) => {
      const now = new Date('2026-03-01T12:00:00Z');

      test('reading whatever is left of it, and answering that', () => {
        fc.assert(
          fc.property(mutations(scene.sample), sample => {
            const request = rawRequestOf(proven({ ...scene, sample }, now));
            kind.hook.doubt(request, scene.provider, now);
            const reading = kind.hook.read(request, scene.provider);
            const items = reading.kind === 'messages' ? reading.items : [];
            const results = items.map((item): ItemResult => {
              const mended = 'unreadable' in item ? item : mend(item, scene.provider, now);
              if ('unreadable' in mended) return { kind: 'kept', why: mended.unreadable };
              expect(stateIssues(mended.state, now)).toEqual([]);
              return { kind: 'stored', messageId: 1 };
            });
            expect(kind.hook.reply({ kind: 'taken', results }).status).toBeLessThan(500);
          }),
          { numRuns: MUTATIONS },
        );
      });

      test('over HTTP as well', async () => {
        for (const sample of fc.sample(mutations(scene.sample), SENT_MUTATIONS)) {
          const answer = await send(gateway, proven({ ...scene, sample }, now));
          expect(answer.status).toBeLessThan(500);
        }
      });
    },
  );

  test(`makes a sample that the gateway takes, and stores nothing of it when it is a test`, async () => {
    const { provider } = messageScene(kind, 'odd');
    const sample = kind.hook.sample(provider, `${PUBLIC_URL}/providers/${provider.id}`, gateway.clock.now());
    const request = kind.hook.prove(sample, SECRET, provider, gateway.clock.now());
    const tables = ['messages', 'contacts', 'audit_entries', 'intake_failures', 'intake_raws'];
    const before = await Promise.all(tables.map(table => countOf(gateway, table)));
    const answer = await send(gateway, {
      ...request,
      headers: { ...request.headers, 'heliograph-test': '1' },
    });
    expect([answer.status, answer.headers.get('heliograph-would-store')]).toEqual([expect.any(Number), '1']);
    expect(answer.status).toBeLessThan(300);
    expect(await Promise.all(tables.map(table => countOf(gateway, table)))).toEqual(before);
    const unproven = await send(gateway, {
      ...sample,
      headers: { ...sample.headers, 'heliograph-test': '1' },
    });
    expect(unproven.headers.get('heliograph-would-store')).toBeNull();
  });

  test(`of ${name} is not set up with a setting that it does not know, or with none`, () => {
    const { provider } = messageScene(kind, 'odd').fixture;
    const settings = { id: 'a', kind: nameOf(kind), secret: SECRET, ...provider };
    expect(() => setUp({ ...settings, secreet: 'x' })).toThrow('providers.0.secreet');
    expect(() => setUp({ ...settings, secret: undefined })).toThrow('providers.0.secret');
  });
});

function rotatedProvider(kind: RegisteredHook) {
  const { fixture } = messageScene(kind, 'rotate');
  const secret = [SECRET, OTHER_SECRET];
  return setUp({ id: `${nameOf(kind)}-rotate`, kind: nameOf(kind), ...fixture.provider, secret });
}

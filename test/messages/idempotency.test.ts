import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CALLER, openServices, type Services } from '../support/services';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

const draft = { message: 'Boil water.', channels: ['SMS'] } as const;
const ann = (key: string) => ({ owner: 'token:1', key });
const ben = (key: string) => ({ owner: 'token:2', key });
const DAY_MS = 24 * 60 * 60_000;

describe('an idempotency key', () => {
  test('gives the stored answer again and writes nothing, with the message read afresh', async () => {
    const first = await services.service.create(CALLER, draft, ann('a'));
    await services.service.update(CALLER, String(first.message.id), { title: 'Since then' });
    const again = await services.service.create(CALLER, draft, ann('a'));
    expect(again.message.id).toBe(first.message.id);
    expect(again.message.title).toBe('Since then');
  });

  test('is refused with another input, or for another operation', async () => {
    await services.service.create(CALLER, draft, ann('b'));
    const reused = { code: 'IDEMPOTENCY_KEY_REUSED' };
    await expect(services.service.create(CALLER, { ...draft, title: 'x' }, ann('b'))).rejects.toMatchObject(
      reused,
    );
    await expect(
      services.batches.create(CALLER, [draft], { policy: 'ATOMIC', key: ann('b') }),
    ).rejects.toMatchObject(reused);
  });

  test('belongs to its owner: another may use the same', async () => {
    const first = await services.service.create(CALLER, draft, ann('c'));
    const other = await services.service.create(CALLER, draft, ben('c'));
    expect(other.message.id).not.toBe(first.message.id);
  });

  test('is a CONFLICT while the first call is still running', async () => {
    const reasons: unknown[] = [];
    // On a busy machine the first may be done before any other has come.
    for (let attempt = 1; attempt <= 20 && reasons.length === 0; attempt += 1) {
      const key = ann(`d${attempt}`);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => services.service.create(CALLER, draft, key)),
      );
      const ids = outcomes.flatMap(outcome =>
        outcome.status === 'fulfilled' ? [outcome.value.message.id] : [],
      );
      for (const outcome of outcomes) if (outcome.status === 'rejected') reasons.push(outcome.reason);
      // Those that come when it is done are answered as it was.
      expect(new Set(ids).size).toBe(1);
      await expect(services.service.create(CALLER, draft, key)).resolves.toBeDefined();
    }
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toMatchObject({ code: 'CONFLICT' });
  });

  test('is answered to all who repeat a call that is done, also at the same time', async () => {
    const first = await services.service.create(CALLER, draft, ann('many'));
    const again = await Promise.all(
      Array.from({ length: 20 }, () => services.service.create(CALLER, draft, ann('many'))),
    );
    expect(new Set(again.map(({ message }) => message.id))).toEqual(new Set([first.message.id]));
  });

  test('is forgotten after 24 hours', async () => {
    const first = await services.service.create(CALLER, draft, ann('e'));
    services.clock.advance(DAY_MS - 1);
    expect((await services.service.create(CALLER, draft, ann('e'))).message.id).toBe(first.message.id);
    services.clock.advance(1);
    expect((await services.service.create(CALLER, { ...draft, title: 'x' }, ann('e'))).message.id).not.toBe(
      first.message.id,
    );
  });

  test('of a call that wrote nothing is not kept, even if it was accepted', async () => {
    const blank = { ...draft, message: '' };
    await expect(services.service.create(CALLER, blank, ann('f'))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await services.service.create(CALLER, draft, ann('f'));

    await services.batches.create(CALLER, [draft, blank], { policy: 'ATOMIC', key: ann('g') });
    const [result] = await services.batches.create(CALLER, [draft], { policy: 'ATOMIC', key: ann('g') });
    expect(result?.applied).toBe(true);

    const id = String(await services.put({ title: 'same' }));
    await services.batches.update(CALLER, [{ id, patch: { title: 'same' } }], {
      policy: 'ATOMIC',
      key: ann('h'),
    });
    await services.batches.update(CALLER, [{ id, patch: { title: 'new' } }], {
      policy: 'ATOMIC',
      key: ann('h'),
    });
    expect((await services.stored(Number(id))).title).toBe('new');
  });

  test('gives back a partly refused batch with its errors', async () => {
    const drafts = [draft, { ...draft, message: '' }];
    const options = { policy: 'PARTIAL', key: ann('i') } as const;
    const first = await services.batches.create(CALLER, drafts, options);
    const again = await services.batches.create(CALLER, drafts, options);
    const told = (results: typeof first) =>
      results.map(({ message, ...rest }) => ({ ...rest, text: message?.text }));
    expect(told(again)).toEqual(told(first));
  });

  test.each(['', 'x'.repeat(256), 'a\u0000b'])('%j is refused as a key', async key => {
    await expect(services.service.create(CALLER, draft, ann(key))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { issues: [{ path: ['idempotencyKey'] }] },
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SCOPES } from '../../src/auth/scope.kinds';
import { makeToken } from '../../src/auth/token.rules';
import { ask, posted, type WireAnswer } from '../hostile/wire';
import { type Gateway, openGateway } from '../support/gateway';
import { mistyped } from './token-form';

const ADMIN_TOKEN = 'a-token-for-tests-only';
const QUERY = { query: '{ messages { totalCount } }' };

/**
 * Sends the header byte for byte as it is given.
 * @param from the caller's address, as a trusted proxy would report it.
 */
const show = (url: string, header: string, from = '203.0.113.1'): Promise<WireAnswer> =>
  ask(
    url,
    posted(QUERY, [
      ['authorization', header],
      ['x-forwarded-for', from],
    ]),
  );

describe('Whatever is wrong with a token', () => {
  const unknown = makeToken(new Uint8Array(32).fill(7));
  const headers: Record<string, string> = {
    'nothing at all': '',
    'no scheme': unknown,
    'a scheme alone': 'Bearer',
    'a scheme and a blank': 'Bearer ',
    'another scheme': `Basic ${unknown}`,
    'two tokens': `Bearer ${unknown} ${unknown}`,
    'the form of none': 'Bearer x',
    'a quoted one': `Bearer "${unknown}"`,
    'a wrong checksum': `Bearer ${mistyped(unknown)}`,
    'a token that nobody has': `Bearer ${unknown}`,
    'one of 12,000 characters': `Bearer ${'x'.repeat(12_000)}`,
    'bytes beyond ASCII': 'Bearer \u00e9\u00ff',
    'almost the admin token': `Bearer ${ADMIN_TOKEN.slice(0, -1)}`,
    'more than the admin token': `Bearer ${ADMIN_TOKEN}x`,
    'the admin token in capitals': `Bearer ${ADMIN_TOKEN.toUpperCase()}`,
    'a piece of SQL': `Bearer '/**/or/**/1=1--`,
  };

  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await openGateway({ TRUST_PROXY: '127.0.0.1' });
    const { clock, tokens } = gateway;
    const expiresAt = new Date(clock.now().getTime() + 1_000);
    const expired = await tokens.create({ name: 'expired', scopes: SCOPES, expiresAt });
    const revoked = await tokens.create({ name: 'revoked', scopes: SCOPES, expiresAt: null });
    const good = await tokens.create({ name: 'good', scopes: SCOPES, expiresAt: null });
    await tokens.revoke(revoked.record.id);
    clock.advance(1_000);
    Object.assign(headers, {
      'its end': `Bearer ${expired.token}`,
      'a revocation': `Bearer ${revoked.token}`,
      'a typing error': `Bearer ${mistyped(good.token)}`,
      'its hash in its place': `Bearer ${await hashOf(good.record.id)}`,
    });
  });
  afterAll(() => gateway.close());

  const hashOf = async (id: number): Promise<string> =>
    (await gateway.database.read<{ hash: string }>('select hash from api_tokens where id = ?', [id]))[0]
      ?.hash ?? '';

  /** Each from an address of its own, so that none is held back for the others. */
  const each = async (use: (what: string, header: string, from: string) => Promise<void>): Promise<void> => {
    for (const [index, [what, header]] of Object.entries(headers).entries())
      await use(what, header, `198.51.100.${index}`);
  };

  test('the answer is the same to the byte, with the same headers', async () => {
    const expected = seen(await show(gateway.url, 'Bearer y'));
    expect(expected).toMatchObject({ status: 401 });
    await each(async (what, header, from) => {
      expect({ what, ...seen(await show(gateway.url, header, from)) }).toEqual({ what, ...expected });
    });
  });

  test('the same is done to find it out: one statement', async () => {
    await each(async (what, header, from) => {
      const before = gateway.statements();
      await show(gateway.url, header, from);
      expect({ what, statements: gateway.statements() - before }).toEqual({ what, statements: 1 });
    });
  });

  test('a query without any is answered with the same words', async () => {
    const missing = await ask(gateway.url, posted(QUERY));
    const wrong = await show(gateway.url, 'Bearer y');
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer');
    expect(missing.text.trim()).toBe(wrong.text.trim());
  });
});

test('wrong tokens are held back by address, in whatever form, while a good one still gets in', async () => {
  const gateway = await openGateway();
  const headers = ['', 'Basic x', 'Bearer x', `Bearer ${makeToken(new Uint8Array(32))}`, 'Bearer'];
  const statuses: number[] = [];
  for (let round = 0; round < 5; round += 1)
    for (const header of headers) statuses.push((await show(gateway.url, header)).status);
  const good = await show(gateway.url, `Bearer ${ADMIN_TOKEN}`);
  await gateway.close();
  expect(statuses).toEqual(Array.from({ length: 25 }, (_, index) => (index < 20 ? 401 : 429)));
  expect(good.status).toBe(200);
});

/** What a caller could tell two answers apart by. */
function seen({ status, headers, text }: WireAnswer): object {
  const own = new Set(['date', 'x-request-id']);
  return { status, text, headers: [...headers].filter(([name]) => !own.has(name)) };
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Scope, SCOPES } from '../../src/auth/scope.kinds';
import { hashToken, makeToken } from '../../src/auth/token.rules';
import { type MadeToken, TokenService } from '../../src/auth/token.service';
import { type Database } from '../../src/platform/database/database';
import { Deadline } from '../../src/platform/deadline';
import { Refusal } from '../../src/platform/errors';
import { newPlace, openDatabaseAt, type TestPlace } from '../support/engine';
import { refuseRows } from '../support/engine-words';

const ADMIN_TOKEN = 'a-token-of-the-operator';
const ADDRESS = '203.0.113.9';
const MINUTE_MS = 60_000;

let place: TestPlace;
let elsewhere: TestPlace | undefined;
let open: Database[];
let now: Date;

beforeEach(async () => {
  place = await newPlace();
  elsewhere = undefined;
  open = [];
  now = new Date('2026-03-01T12:00:00.000Z');
});

afterEach(async () => {
  for (const database of open) await database.close();
  await place.remove();
  await elsewhere?.remove();
});

/** A service on the test's store, as one more process would have it. */
async function start(
  adminToken: string | null = ADMIN_TOKEN,
  anonymousScopes: readonly Scope[] = ['messages:list'],
) {
  const database = await openDatabaseAt(place.databaseUrl);
  open.push(database);
  const writes: Promise<unknown>[] = [];
  const write: Database['write'] = work => {
    const written = database.write(work);
    writes.push(written);
    return written;
  };
  const watched: Database = { ...database, write, within: () => watched };
  return {
    database,
    tokens: new TokenService({
      ...{ database: watched, clock: { now: () => now } },
      ...{ adminToken, anonymousScopes },
    }),
    /** Resolves when all is written that the service has begun to write. */
    written: () => Promise.all(writes),
  };
}

const inOneMinute = () => new Date(now.getTime() + MINUTE_MS);
const later = (ms: number) => (now = new Date(now.getTime() + ms));
const refusalOf = async (attempt: Promise<unknown>): Promise<Refusal> => {
  const outcome = await attempt.catch((error: unknown) => error);
  if (outcome instanceof Refusal) return outcome;
  throw new Error('It was not refused.');
};

describe('who is asking', () => {
  test('is anonymous without a header, with the scopes that need no token', async () => {
    const { tokens } = await start();
    const viewer = await tokens.authenticate(undefined, '::ffff:203.0.113.9', Deadline.NONE);
    expect(viewer).toMatchObject({ key: 'address:203.0.113.9', tokenId: null, isAnonymous: true });
    expect(SCOPES.filter(scope => viewer.can(scope))).toEqual(['messages:list']);
  });

  test('is the operator with the admin token, who may do everything', async () => {
    const { tokens } = await start();
    const viewer = await tokens.authenticate(`Bearer ${ADMIN_TOKEN}`, ADDRESS, Deadline.NONE);
    expect(viewer).toMatchObject({ key: 'admin', tokenId: null, isAnonymous: false });
    expect(SCOPES.every(scope => viewer.can(scope))).toBe(true);
  });

  test.each(['Bearer', 'bearer', 'BEARER '])(
    'is the holder of a token shown as %j, with its scopes alone',
    async scheme => {
      const { tokens } = await start();
      const { token, record } = await tokens.create({
        name: 'kiosk',
        scopes: ['messages:read'],
        expiresAt: inOneMinute(),
      });
      const viewer = await tokens.authenticate(`${scheme} ${token}`, ADDRESS, Deadline.NONE);
      expect(viewer).toMatchObject({ key: `token:${record.id}`, tokenId: record.id, isAnonymous: false });
      expect([...viewer.scopes]).toEqual(['messages:read']);
      expect(viewer.can('messages:update')).toBe(false);
    },
  );

  test('is refused in the very same words whatever is wrong with the token', async () => {
    const { tokens } = await start();
    const expired = await tokens.create({ name: 'short', scopes: SCOPES, expiresAt: inOneMinute() });
    const revoked = await tokens.create({ name: 'gone', scopes: SCOPES, expiresAt: null });
    await tokens.revoke(revoked.record.id);
    later(MINUTE_MS);
    const unknown = makeToken(new Uint8Array(32).fill(7));
    const headers = [
      ...[expired.token, revoked.token, unknown, `${unknown}x`, 'x', '', ADMIN_TOKEN.slice(1)].map(
        text => `Bearer ${text}`,
      ),
      ...[
        '',
        'Bearer',
        unknown,
        `Basic ${unknown}`,
        `Bearer ${unknown} ${unknown}`,
        `Bearer ${ADMIN_TOKEN}é`,
      ],
    ];
    const refusals = await Promise.all(
      headers.map(header => refusalOf(tokens.authenticate(header, ADDRESS, Deadline.NONE))),
    );
    expect(
      new Set(refusals.map(({ code, message, details }) => JSON.stringify([code, message, details]))).size,
    ).toBe(1);
    expect(refusals[0]?.code).toBe('UNAUTHENTICATED');
  });

  test('is nobody with an admin token where none is set', async () => {
    const { tokens } = await start(null);
    expect((await refusalOf(tokens.authenticate(`Bearer ${ADMIN_TOKEN}`, ADDRESS, Deadline.NONE))).code).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('may not use a scope that this release does not know', async () => {
    const { tokens, database } = await start();
    const { token } = await tokens.create({ name: 'newer', scopes: ['messages:read'], expiresAt: null });
    await database.write(({ query }) =>
      query('update api_tokens set scopes = ?', ['["moon:fly","messages:read"]']),
    );
    expect([...(await tokens.authenticate(`Bearer ${token}`, ADDRESS, Deadline.NONE)).scopes]).toEqual([
      'messages:read',
    ]);
  });
});

describe('a token', () => {
  test('ends at once when another process revokes it', async () => {
    const [{ tokens: here }, { tokens: there }] = [await start(), await start()];
    const { token, record } = await here.create({ name: 'kiosk', scopes: SCOPES, expiresAt: null });
    expect((await there.authenticate(`Bearer ${token}`, ADDRESS, Deadline.NONE)).tokenId).toBe(record.id);
    await here.revoke(record.id);
    expect((await refusalOf(there.authenticate(`Bearer ${token}`, ADDRESS, Deadline.NONE))).code).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('stays revoked since the first time', async () => {
    const { tokens } = await start();
    const { record } = await tokens.create({ name: 'kiosk', scopes: SCOPES, expiresAt: null });
    const first = now;
    await tokens.revoke(record.id);
    later(MINUTE_MS);
    expect((await tokens.revoke(record.id)).revokedAt).toEqual(first);
  });

  test('that is not there cannot be revoked', async () => {
    const { tokens } = await start();
    expect((await refusalOf(tokens.revoke(1))).code).toBe('NOT_FOUND');
  });

  test('is nowhere in the store, nor is its hash in what is read of it', async () => {
    const { tokens, database } = await start();
    const { token, record } = await tokens.create({ name: 'kiosk', scopes: SCOPES, expiresAt: null });
    const rows = JSON.stringify(await database.read('select * from api_tokens'));
    expect(rows).not.toContain(token);
    expect(rows).toContain(hashToken(token));
    expect(JSON.stringify([record, await tokens.list()])).not.toContain(hashToken(token));
  });

  test('is refused with everything that is wrong with it', async () => {
    const { tokens } = await start();
    const { code, details } = await refusalOf(tokens.create({ name: ' ', scopes: [], expiresAt: now }));
    expect(code).toBe('BAD_USER_INPUT');
    expect(details['issues']).toMatchObject([
      { path: ['name'] },
      { path: ['scopes'] },
      { path: ['expiresAt'] },
    ]);
  });

  test('exists once it was made or set, and even if it was revoked', async () => {
    const { tokens } = await start(null);
    expect(await tokens.any()).toBe(false);
    const { record } = await tokens.create({ name: 'first', scopes: SCOPES, expiresAt: null });
    await tokens.revoke(record.id);
    expect(await tokens.any()).toBe(true);
    expect(await new TokenService({ ...(await emptyStore()), adminToken: ADMIN_TOKEN }).any()).toBe(true);
  });

  test('is made once by several processes that start at the same time, and not again after it was revoked', async () => {
    const services = await Promise.all(Array.from({ length: 3 }, () => start(null)));
    const first = (): Promise<readonly (MadeToken | undefined)[]> =>
      Promise.all(
        services.map(({ tokens }) =>
          tokens.createFirst({ name: 'first start', scopes: SCOPES, expiresAt: null }),
        ),
      );
    const [made, ...others] = (await first()).filter(token => token !== undefined);
    expect([made?.record.name, others]).toEqual(['first start', []]);
    const [one] = services;
    expect(await one?.tokens.list()).toHaveLength(1);
    await one?.tokens.revoke(made?.record.id ?? 0);
    expect(await first()).toEqual([undefined, undefined, undefined]);
  });

  async function emptyStore() {
    elsewhere = await newPlace();
    const database = await openDatabaseAt(elsewhere.databaseUrl);
    open.push(database);
    return { database, clock: { now: () => now }, anonymousScopes: [] };
  }
});

describe('the last use of a token', () => {
  test('is noted at most once a minute', async () => {
    const { tokens, written } = await start();
    const { token, record } = await tokens.create({ name: 'kiosk', scopes: SCOPES, expiresAt: null });
    const use = async () => {
      await tokens.authenticate(`Bearer ${token}`, ADDRESS, Deadline.NONE);
      await written();
      return (await tokens.list())[0]?.lastUsedAt;
    };
    expect(record.lastUsedAt).toBeNull();
    const first = now;
    expect(await use()).toEqual(first);
    later(MINUTE_MS - 1);
    expect(await use()).toEqual(first);
    later(1);
    expect(await use()).toEqual(now);
  });

  test('keeps no request waiting, even if the store cannot be written', async () => {
    const { tokens, database } = await start();
    const { token, record } = await tokens.create({ name: 'kiosk', scopes: SCOPES, expiresAt: null });
    await refuseRows(database, 'update', 'api_tokens');
    let release: (() => void) | undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    const busy = database.write(() => held);
    expect((await tokens.authenticate(`Bearer ${token}`, ADDRESS, Deadline.NONE)).tokenId).toBe(record.id);
    release?.();
    await busy;
    expect((await tokens.authenticate(`Bearer ${token}`, ADDRESS, Deadline.NONE)).tokenId).toBe(record.id);
  });
});

import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import fastify from 'fastify';
import { ConfigError, readConfig } from '../../src/platform/config';
import { placeOf } from '../../src/platform/database/place';
import { QUERY_LIMITS } from '../../src/platform/query-limits';
import { type SettingName, SETTINGS } from '../../src/platform/setting.kinds';

const SCOPES = ['things:read', 'things:write'] as const;
const POSTGRES = 'postgres://u:secret@h/db';
const read = (env: NodeJS.ProcessEnv) => readConfig(env, SCOPES);

describe('settings', () => {
  test('have defaults that are safe on a laptop', () => {
    expect(read({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: 'sqlite:./data/heliograph.sqlite',
      databaseReadUrls: [],
      databaseReadLagMs: 30_000,
      databaseConnections: 18,
      adminToken: null,
      anonymousScopes: [],
      logLevel: 'info',
      rateLimitPerMinute: 600,
      wrongTokensPerMinute: 20,
      maxRunning: 200,
      maxWaiting: 400,
      executionTimeoutMs: 10_000,
      maxBodyBytes: 1_000_000,
      queryLimits: QUERY_LIMITS,
      corsOrigins: [],
      trustedProxies: [],
      providersFile: null,
      publicUrl: null,
      intakeKey: null,
      intakeRetentionDays: 14,
      explorer: true,
    });
  });

  test('that are empty count as unset, every one of them', () => {
    expect(read(Object.fromEntries(SETTINGS.map(({ name }) => [name, ''])))).toEqual(read({}));
  });

  test('are frozen, lists included', () => {
    const config = read({ TRUST_PROXY: 'loopback' });
    for (const part of [
      config,
      config.databaseReadUrls,
      config.anonymousScopes,
      config.corsOrigins,
      config.trustedProxies,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test.each([
    ['HOST', '::1', { host: '::1' }],
    ['HOST', ' my_host.local ', { host: 'my_host.local' }],
    ['PORT', '0', { port: 0 }],
    ['PROVIDERS_FILE', './providers.yaml', { providersFile: './providers.yaml' }],
    ['PUBLIC_URL', 'https://Gateway.example.org', { publicUrl: 'https://gateway.example.org' }],
    ['PUBLIC_URL', 'https://example.org:8443/gate/', { publicUrl: 'https://example.org:8443/gate' }],
    ['INTAKE_KEY', '0F'.repeat(32), { intakeKey: Buffer.alloc(32, 15) }],
    ['INTAKE_KEY', Buffer.alloc(32, 251).toString('base64'), { intakeKey: Buffer.alloc(32, 251) }],
    ['INTAKE_RETENTION_DAYS', '3650', { intakeRetentionDays: 3_650 }],
    ['PORT', '65535', { port: 65_535 }],
    ['DATABASE_URL', 'sqlite::memory:', { databaseUrl: 'sqlite::memory:' }],
    ['DATABASE_URL', POSTGRES, { databaseUrl: POSTGRES }],
    ['DATABASE_READ_URLS', 'none', { databaseReadUrls: [] }],
    ['DATABASE_READ_LAG_MS', '500', { databaseReadLagMs: 500 }],
    ['DATABASE_CONNECTIONS', '2', { databaseConnections: 2 }],
    ['DATABASE_CONNECTIONS', '500', { databaseConnections: 500 }],
    ['ADMIN_TOKEN', '0123456789abcdef', { adminToken: '0123456789abcdef' }],
    ['ANONYMOUS_SCOPES', 'things:write, things:read,things:write', { anonymousScopes: SCOPES }],
    ['ANONYMOUS_SCOPES', 'none', { anonymousScopes: [] }],
    ['LOG_LEVEL', 'DEBUG', { logLevel: 'debug' }],
    ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
    ['RATE_LIMIT', 'off', { rateLimitPerMinute: null }],
    ['RATE_LIMIT', '1000000', { rateLimitPerMinute: 1_000_000 }],
    ['WRONG_TOKEN_LIMIT', 'off', { wrongTokensPerMinute: null }],
    ['MAX_RUNNING', '1', { maxRunning: 1 }],
    ['MAX_WAITING', '0', { maxWaiting: 0 }],
    ['EXECUTION_TIMEOUT_MS', '100', { executionTimeoutMs: 100 }],
    ['BODY_LIMIT', '100000000', { maxBodyBytes: 100_000_000 }],
    ['QUERY_LIMITS', 'depth:15, nodes:20000', { queryLimits: { ...QUERY_LIMITS, depth: 15, nodes: 20_000 } }],
    [
      'CORS_ORIGINS',
      'https://App.example.org:443/,http://localhost:3000',
      { corsOrigins: ['https://app.example.org', 'http://localhost:3000'] },
    ],
    ['CORS_ORIGINS', 'none', { corsOrigins: [] }],
    [
      'TRUST_PROXY',
      '10.0.0.0/8, fd00::/8,::1, loopback',
      { trustedProxies: ['10.0.0.0/8', 'fd00::/8', '::1', 'loopback'] },
    ],
    ['TRUST_PROXY', 'none', { trustedProxies: [] }],
    ['EXPLORER', 'Off', { explorer: false }],
  ])('%s=%s is understood', (name, value, expected) => {
    expect(read({ [name]: value })).toMatchObject(expected);
  });

  test.each([
    ['HOST', 'http://localhost'],
    ['HOST', '[::1]'],
    ['HOST', '1.2.3.999'],
    ['HOST', 'localhost:4000'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '4e3'],
    ['PORT', 'http'],
    ['DATABASE_URL', 'data.sqlite'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', 'sqlite:///var/data.sqlite'],
    ['DATABASE_URL', 'sqlite:./data/'],
    ['DATABASE_URL', 'mysql://u:secret@h/db'],
    ['DATABASE_URL', 'postgres://u:secret@h'],
    ['DATABASE_READ_URLS', 'sqlite:./data/x.sqlite'],
    ['DATABASE_READ_URLS', `${POSTGRES},`],
    ['DATABASE_READ_LAG_MS', '499'],
    ['DATABASE_CONNECTIONS', '1'],
    ['DATABASE_CONNECTIONS', '501'],
    ['ADMIN_TOKEN', '0123456789abcde'],
    ['ADMIN_TOKEN', '0123456789 abcdef'],
    ['ADMIN_TOKEN', ' 0123456789abcdef'],
    ['ADMIN_TOKEN', '0123456789abcdéf'],
    ['ANONYMOUS_SCOPES', 'things:fly'],
    ['ANONYMOUS_SCOPES', 'things:read,'],
    ['LOG_LEVEL', 'loud'],
    ['RATE_LIMIT', '0'],
    ['WRONG_TOKEN_LIMIT', '-1'],
    ['MAX_RUNNING', '0'],
    ['MAX_WAITING', '10001'],
    ['EXECUTION_TIMEOUT_MS', '99'],
    ['BODY_LIMIT', '1MB'],
    ['QUERY_LIMITS', 'depth'],
    ['QUERY_LIMITS', 'depth:0'],
    ['QUERY_LIMITS', 'breadth:3'],
    ['QUERY_LIMITS', 'depth:12:13'],
    ['QUERY_LIMITS', 'depth:12,,aliases:3'],
    ['RATE_LIMIT', '1000001'],
    ['RATE_LIMIT', '1.5'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'example.org'],
    ['CORS_ORIGINS', 'https://example.org/app'],
    ['CORS_ORIGINS', 'https://user@example.org'],
    ['CORS_ORIGINS', 'null'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', 'proxy.example.org'],
    ['PROVIDERS_FILE', './providers/'],
    ['PUBLIC_URL', 'gateway.example.org'],
    ['PUBLIC_URL', 'https://user:secret@example.org'],
    ['PUBLIC_URL', 'https://example.org/?x=1'],
    ['INTAKE_KEY', '0f'.repeat(31)],
    ['INTAKE_KEY', 'a passphrase of thirty-two signs'],
    ['INTAKE_RETENTION_DAYS', '0'],
    ['INTAKE_RETENTION_DAYS', '3651'],
    ['EXPLORER', 'yes'],
  ])('%s=%s is refused in a line that names it and shows an example', (name, value) => {
    const [line = '', ...more] = linesOf({ [name]: value });
    expect(more).toEqual([]);
    expect(line).toMatch(new RegExp(`^${name} \\S.+; for example: ${name}=\\S`));
  });

  test('of a server that are wrong show an address of a server', () => {
    expect(linesOf({ DATABASE_URL: 'postgres://h:5515' })).toEqual([
      expect.stringMatching(
        /^DATABASE_URL names no database; .* for example: DATABASE_URL=postgres:\/\/\S+\/\w+$/,
      ),
    ]);
  });

  test('that are wrong are reported together, even if all of them are', () => {
    const lines = linesOf(Object.fromEntries(SETTINGS.map(({ name }) => [name, '\u00a7/'])));
    expect(lines.map(line => line.split(' ')[0])).toEqual(SETTINGS.map(({ name }) => name));
  });

  test('are never echoed, even if a secret stands behind the wrong name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SETTINGS), fc.uuid(), ({ name }, secret) => {
        expect(linesOf({ [name]: `${secret} §` }).join()).not.toContain(secret);
      }),
    );
  });

  test('name replicas beside a server, each once', () => {
    const replicas = ['postgres://u:secret@one/db', 'postgresql://u:a%2Cb@two:5433/db'];
    const value = `${replicas.join(' , ')},${replicas.join(',')}`;
    expect(read({ DATABASE_URL: POSTGRES, DATABASE_READ_URLS: value }).databaseReadUrls).toEqual(replicas);
  });

  test.each([
    [
      'an address without a database',
      `${POSTGRES},postgres://u:hidden@h`,
      'at place 2: it names no database',
    ],
    [
      'an address of something else',
      'mysql://u:hidden@h/db',
      'at place 1: it must be postgres:// and a server',
    ],
    ['an address with several servers', 'postgres://u:hidden@h/db?host=a%2Cb', 'it names several servers'],
  ])('refuse %s among the replicas, without a word of it', (_what, value, why) => {
    const [line = '', ...more] = linesOf({ DATABASE_URL: POSTGRES, DATABASE_READ_URLS: value });
    expect(more).toEqual([]);
    expect(line).toContain(why);
    expect(line).not.toContain('hidden');
  });

  test('refuse replicas of a store in a file', () => {
    expect(linesOf({ DATABASE_URL: 'sqlite:./x.sqlite', DATABASE_READ_URLS: POSTGRES })).toEqual([
      expect.stringMatching(/^DATABASE_READ_URLS needs a server to follow/),
    ]);
  });

  test('say why a number of proxies is not enough', () => {
    expect(linesOf({ TRUST_PROXY: '1' })[0]).toContain('cannot tell a proxy from a caller');
  });

  test('close the explorer in production, unless it is asked for', () => {
    expect(read({ NODE_ENV: 'production' }).explorer).toBe(false);
    expect(read({ NODE_ENV: 'production', EXPLORER: 'on' }).explorer).toBe(true);
  });
});

describe('the table of settings', () => {
  const examples = SETTINGS.filter(
    ({ name, example }) => !example.startsWith('$(') && name !== 'ANONYMOUS_SCOPES',
  );

  test.each(examples.map(({ name, example }) => [name, example]))(
    'has an example for %s that is fine',
    (name, example) => {
      const server = name === 'DATABASE_READ_URLS' ? { DATABASE_URL: POSTGRES } : {};
      expect(() => read({ ...server, [name]: example })).not.toThrow();
    },
  );

  test('tells the defaults that are in force', () => {
    const told = SETTINGS.flatMap(({ name, default: usual }) => (usual === null ? [] : [[name, usual]]));
    expect(read(Object.fromEntries(told) as Partial<Record<SettingName, string>>)).toEqual(read({}));
  });

  test('names proxies in a form that fastify takes', async () => {
    const server = fastify({
      trustProxy: [...read({ TRUST_PROXY: '127.0.0.1,10.0.0.0/8,fd00::/8,loopback' }).trustedProxies],
    });
    server.get('/', request => request.ip);
    const answer = await server.inject({ url: '/', headers: { 'x-forwarded-for': '203.0.113.9, 10.1.2.3' } });
    expect(answer.body).toBe('203.0.113.9');
    await server.close();
  });
});

describe('the place of a store', () => {
  test('is the absolute path after sqlite:', () => {
    expect(placeOf('sqlite:./data/x.sqlite').file).toBe(resolve('data/x.sqlite'));
    expect(placeOf('sqlite:/var/lib/x.sqlite').file).toBe('/var/lib/x.sqlite');
  });

  test('is a private folder for a store in memory, another one each time, gone when disposed of', () => {
    const [one, other] = [placeOf('sqlite::memory:'), placeOf('sqlite::memory:')];
    expect(one.file).not.toBe(other.file);
    expect(statSync(dirname(one.name)).mode & 0o777).toBe(0o700);
    for (const place of [one, other]) {
      place.dispose();
      place.dispose();
      expect(existsSync(dirname(place.name))).toBe(false);
    }
  });
});

function linesOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

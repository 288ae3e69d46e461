import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SCOPES } from '../../src/auth/scope.kinds';
import { readConfig } from '../../src/platform/config';
import { SETTINGS } from '../../src/platform/setting.kinds';
import { commandOf, readDockerfile } from './dockerfile';
import { ROOT } from './machine';

interface Service {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs: string | readonly string[];
  readonly depends_on?: unknown;
  readonly healthcheck?: unknown;
  readonly stop_grace_period: string;
}

type Variables = Readonly<Record<string, string>>;

/** The services, with what a `.env` beside the file would hold. */
function compose(variables: Variables): Readonly<Record<'gateway' | 'postgres', Service>> {
  const { services } = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'), (_, value: unknown) =>
    typeof value === 'string' ? filledIn(value, variables) : value,
  ) as { readonly services: Readonly<Record<'gateway' | 'postgres', Service>> };
  return services;
}

/** `${NAME:-default}` and `${NAME:?what is wrong}`, as Compose fills them in. */
function filledIn(text: string, variables: Variables): string {
  return text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    const value = variables[name] ?? (kind === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`${name} ${rest}`);
    return value;
  });
}

const services = compose({ POSTGRES_PASSWORD: 'not-a-secret' });
const { gateway, postgres } = services;
const image = readDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).at(-1);
const textOf = (name: string): string =>
  image?.instructions.find(instruction => instruction.name === name)?.text ?? '';

describe('compose.yaml', () => {
  test('has a gateway and its PostgreSQL, and each starts again by itself', () => {
    expect(Object.keys(services)).toEqual(['gateway', 'postgres']);
    for (const service of [gateway, postgres]) {
      expect(service).toMatchObject({ restart: 'unless-stopped', read_only: true });
    }
  });

  test('has no password of its own', () => {
    expect(() => compose({})).toThrow('POSTGRES_PASSWORD is not set');
  });

  test('gives the gateway settings that there are, and an address that it takes', () => {
    const { environment } = gateway;
    const known: readonly string[] = SETTINGS.map(({ name }) => name);
    expect(Object.keys(environment).filter(name => !known.includes(name))).toEqual([]);
    const config = readConfig(environment, SCOPES);
    expect(config).toMatchObject({
      databaseUrl: 'postgres://heliograph:not-a-secret@postgres:5432/heliograph',
      adminToken: null,
    });
    const given = compose({ POSTGRES_PASSWORD: 'x', ADMIN_TOKEN: 'a-token-for-tests-only' }).gateway;
    expect(readConfig(given.environment, SCOPES).adminToken).toBe('a-token-for-tests-only');
    expect(postgres.environment).toEqual({
      ...{ POSTGRES_DB: 'heliograph', POSTGRES_USER: 'heliograph', POSTGRES_PASSWORD: 'not-a-secret' },
    });
  });

  test('starts the gateway when PostgreSQL answers by TCP', () => {
    expect(gateway.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(postgres.healthcheck).toMatchObject({
      test: expect.arrayContaining(['CMD', 'pg_isready', '--host=127.0.0.1']),
    });
  });

  test('lets this machine alone in, to the gateway alone, at as many ports as there are gateways', () => {
    const port = textOf('EXPOSE');
    expect(gateway.ports).toEqual([`127.0.0.1:4000:${port}`]);
    const { gateway: many } = compose({ POSTGRES_PASSWORD: 'x', GATEWAY_PORTS: '4000-4002' });
    expect(many.ports).toEqual([`127.0.0.1:4000-4002:${port}`]);
    expect(postgres.ports).toBeUndefined();
  });

  test('keeps what PostgreSQL writes, and nothing of the gateway', () => {
    expect(postgres.volumes).toEqual(['postgres:/var/lib/postgresql']);
    expect(gateway.volumes).toBeUndefined();
    expect([gateway.tmpfs]).toEqual(commandOf(textOf('VOLUME')));
  });

  test('gives the gateway the 30 s that a stop may take, and some', () => {
    expect(gateway.stop_grace_period).toBe('35s');
  });

  test('names exact versions: of the server, and of this release', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(gateway.image).toBe(`heliograph:${version}`);
    expect(postgres.image).toMatch(/^postgres:\d+\.\d+-\w+$/);
  });
});

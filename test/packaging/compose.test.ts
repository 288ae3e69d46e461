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
  readonly environment: Readonly<Record<string, string | null>>;
  readonly [name: string]: unknown;
}

/** With what a `.env` beside it would hold. */
function compose(variables: Readonly<Record<string, string>>): Readonly<Record<string, Service>> {
  const text = readFileSync(join(ROOT, 'compose.yaml'), 'utf8');
  const { services } = parse(filledIn(text, variables)) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  return services;
}

/** `${NAME:-default}` and `${NAME:?what is wrong}`, as Compose fills them in; of comments it takes no notice. */
function filledIn(text: string, variables: Readonly<Record<string, string>>): string {
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
    const { environment = {} } = gateway ?? {};
    const known: readonly string[] = SETTINGS.map(({ name }) => name);
    expect(Object.keys(environment).filter(name => !known.includes(name))).toEqual([]);
    const given = Object.entries(environment).filter(([, value]) => value !== null);
    expect(readConfig(Object.fromEntries(given) as NodeJS.ProcessEnv, SCOPES).databaseUrl).toBe(
      'postgres://heliograph:not-a-secret@postgres:5432/heliograph',
    );
    expect(postgres?.environment).toEqual({
      ...{ POSTGRES_DB: 'heliograph', POSTGRES_USER: 'heliograph', POSTGRES_PASSWORD: 'not-a-secret' },
    });
  });

  test('starts the gateway when PostgreSQL answers by TCP', () => {
    expect(gateway?.['depends_on']).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(postgres?.['healthcheck']).toMatchObject({
      test: expect.arrayContaining(['CMD', 'pg_isready', '--host=127.0.0.1']),
    });
  });

  test('lets this machine alone in, to the gateway alone, at as many ports as there are gateways', () => {
    const port = textOf('EXPOSE');
    expect(gateway?.['ports']).toEqual([`127.0.0.1:4000:${port}`]);
    const { gateway: many } = compose({ POSTGRES_PASSWORD: 'x', GATEWAY_PORTS: '4000-4002' });
    expect(many?.['ports']).toEqual([`127.0.0.1:4000-4002:${port}`]);
    expect(postgres?.['ports']).toBeUndefined();
  });

  test('keeps what PostgreSQL writes, and nothing of the gateway', () => {
    expect(postgres?.['volumes']).toEqual(['postgres:/var/lib/postgresql']);
    expect(gateway?.['volumes']).toBeUndefined();
    expect([gateway?.['tmpfs']]).toEqual(commandOf(textOf('VOLUME')));
  });

  test('gives the gateway the 30 s that a stop may take, and some', () => {
    expect(gateway?.['stop_grace_period']).toBe('35s');
  });

  test('names exact versions: of the server, and of this release', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(gateway?.image).toBe(`heliograph:${version}`);
    expect(postgres?.image).toMatch(/^postgres:\d+\.\d+-\w+$/);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { engineUnderTest } from '../support/engine';
import { administer, currentRun, newDatabaseName, urlOf } from '../support/postgres-databases';
import { checkHealth, type Container, freePort, runToEnd, serve } from './container';
import { buildImage, type Image } from './image';
import { lockedPackages } from './install';
import { isRoot, ROOT } from './machine';

/** Milliseconds; npm may compile sqlite3, and on a busy machine files alone take their time. */
const BUILD_TIMEOUT_MS = 900_000;

const onSqlite = engineUnderTest() === 'sqlite';
const database = newDatabaseName();

let image: Image;
/** What `docker run -e` would set: the store, where it is not in the image's own folder, and a port that is free. */
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  image = buildImage();
  const port = { PORT: await freePort() };
  if (onSqlite) settings = port;
  else {
    const { url } = currentRun();
    await administer(url, `create database ${database}`);
    settings = { ...port, DATABASE_URL: urlOf(url, database) };
  }
}, BUILD_TIMEOUT_MS);

afterAll(async () => {
  image.remove();
  if (!onSqlite) await administer(currentRun().url, `drop database ${database} with (force)`);
}, BUILD_TIMEOUT_MS);

describe('The image', () => {
  test('holds what runs, and nothing else', () => {
    const there = ['LICENSE', 'data', 'dist', 'node_modules', 'package.json', 'schema.graphql'];
    expect(readdirSync(image.folder).sort()).toEqual(there);
    expect(image.volumes).toEqual([join(image.folder, 'data')]);
    expect(readdirSync(join(image.folder, 'data'))).toEqual([]);
  });

  test('holds no package that is for development alone', () => {
    const places = lockedPackages(ROOT).filter(([, { dev }]) => dev === true);
    expect(places.length).toBeGreaterThan(100);
    expect(places.map(([place]) => place).filter(place => existsSync(join(image.folder, place)))).toEqual([]);
  });

  test('holds nothing that builds, and nothing that something was built from', () => {
    const builders = ['node-gyp', 'npm', 'typescript', 'tsx', 'esbuild'];
    expect(builders.filter(name => existsSync(join(image.folder, 'node_modules', name)))).toEqual([]);
    const binding = [...filesIn(join(image.folder, 'node_modules/sqlite3'))].filter(path =>
      ['.a', '.cc', '.gz', '.node', '.o'].includes(extname(path)),
    );
    expect(binding.map(path => basename(path))).toEqual(['node_sqlite3.node']);
  });

  test('is run by a user who is not root, by number, and who may write to the folder of the store alone', () => {
    expect(image.user?.uid).toBeGreaterThan(0);
    if (!isRoot) return;
    const data = join(image.folder, 'data');
    const writable = [...filesIn(image.folder), image.folder].filter(path => {
      const { uid, mode } = lstatSync(path);
      return path !== data && !lstatSync(path).isSymbolicLink() && (uid !== 0 || (mode & 0o002) !== 0);
    });
    expect(writable).toEqual([]);
    expect(lstatSync(data)).toMatchObject({ ...image.user });
  });

  test('listens for others, on the port that it names', () => {
    expect(image.environment).toEqual({
      ...{ NODE_ENV: 'production', HOST: '0.0.0.0', PORT: image.ports[0] },
    });
  });

  test('is unhealthy where nothing answers', async () => {
    expect((await checkHealth(image, settings)).exitCode).toBe(1);
  });
});

describe('A container of it', () => {
  let container: Container | undefined;
  let token: string;
  let before: readonly string[];

  beforeAll(() => {
    before = stateOf(image.folder);
  });

  afterAll(() => container?.stop());

  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${settings['PORT'] ?? ''}${path}`, init);

  test('runs a command in place of the server', async () => {
    const args = ['token', 'create', '--name', 'desk', '--scope', 'messages:list'];
    const outcome = await runToEnd(image, { settings, args });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^hg_\w+\n$/) });
    token = outcome.stdout.trim();
  });

  test('migrates and serves, with production packages and the environment of the image alone', async () => {
    container = await serve(image, settings);
    for (const path of ['/healthz', '/readyz']) {
      const answer = await ask(path);
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
    }
    expect((await checkHealth(image, settings)).exitCode).toBe(0);
  });

  test('answers GraphQL', async () => {
    const answer = await ask('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ messages { totalCount } }' }),
    });
    expect([answer.status, await answer.json()]).toEqual([200, { data: { messages: { totalCount: 0 } } }]);
  });

  test('ends with 0 when it is stopped', async () => {
    container?.stop();
    expect(await container?.ended).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('"stopped"'),
    });
    container = undefined;
  });

  test('has written nothing but its store, so its root may be read-only', () => {
    expect(stateOf(image.folder)).toEqual(before);
    expect(readdirSync(join(image.folder, 'data'))).toEqual(onSqlite ? ['heliograph.sqlite'] : []);
  });
});

/** Every path below a folder, folders as well. */
function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    yield path;
    if (entry.isDirectory()) yield* filesIn(path);
  }
}

/** Path, size and time of everything but the store. */
function stateOf(folder: string): readonly string[] {
  return [...filesIn(folder)]
    .filter(path => basename(path) !== 'data' && !path.startsWith(join(folder, 'data/')))
    .map(path => {
      const { size, mtimeMs } = lstatSync(path);
      return `${path} ${size} ${mtimeMs}`;
    });
}

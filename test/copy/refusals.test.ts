import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runHeliograph } from '../support/command';
import { asAnother } from '../platform/postgres/databases';
import { urlOf } from '../support/postgres-databases';
import { change, contentsOf, copy, fill, newStores, type Stores, withDatabase } from './stores';

let stores: Stores;
let origin: string;
let server: string;
beforeAll(async () => {
  stores = newStores();
  origin = stores.sqlite();
  await fill(origin);
  server = await stores.postgres();
  await copy(origin, server);
});
afterAll(() => stores.remove());

const fileOf = (url: string): string => url.slice('sqlite:'.length);
const tokens = `insert into api_tokens (id, name, scopes, created_at, hash) values`;
const hash = (digit: number): string => String(digit).repeat(64);

describe('a copy is refused', () => {
  test('into a store with rows, which stays as it is', async () => {
    for (const url of [stores.sqlite(), await stores.postgres()]) {
      await change(url, `${tokens} (1, 'theirs', '[]', 1, '${hash(1)}')`);
      const before = await contentsOf(url);
      await expect(copy(origin, url)).rejects.toThrow(
        'The target is not empty: there are rows in api_tokens. A copy fills a store that has none; nothing was changed.',
      );
      expect(await contentsOf(url)).toEqual(before);
    }
  });

  test('into a store that is being served, until it is no longer', async () => {
    const url = await stores.postgres();
    await withDatabase(url, async gateway => {
      await gateway.read('select 1');
      await expect(copy(origin, url)).rejects.toThrow(
        'The target is being served: stop every gateway that is connected to it',
      );
      expect(await gateway.isReady()).toBe(true);
    });
    await copy(origin, url);
  });

  test('into an older store with rows, which is not even brought up to date', async () => {
    const url = await stores.postgres();
    const rows = `${tokens} (1, 'theirs', '[]', 1, '${hash(1)}')`;
    const older = `delete from migrations where name like 'AuditEntries%'`;
    await change(url, rows, 'drop table audit_entries', 'drop function audit_entries_refuse()', older);
    await expect(copy(origin, url)).rejects.toThrow('there are rows in api_tokens');
    await asAnother(url, async client => {
      const { rows: there } = await client.query(`select to_regclass('audit_entries') as "table"`);
      expect(there).toEqual([{ table: null }]);
    });
  });

  test('into the database of another program', async () => {
    const url = await stores.postgres();
    await asAnother(url, client => client.query('create table theirs (id integer)'));
    await expect(copy(origin, url)).rejects.toThrow('The target: The database is that of another program');
  });

  test('into the source itself, under whatever name', async () => {
    const link = stores.sqlite();
    symlinkSync(fileOf(origin), fileOf(link));
    const sameServer = new URL(server);
    sameServer.hostname = sameServer.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
    for (const [from, to] of [
      [origin, origin],
      [origin, link],
      [server, server],
      [server, sameServer.href],
    ] as const) {
      await expect(copy(from, to)).rejects.toThrow(
        'The source and the target are one store; nothing was changed.',
      );
    }
  });

  test.each([
    ['is not there', () => undefined, /^The source: There is no store at \S+\.$/],
    ['holds nothing', (file: string) => writeFileSync(file, ''), /^The source is no store of Heliograph\.$/],
    [
      'is no database',
      (file: string) => writeFileSync(file, 'x'.repeat(5_000)),
      /^The source: The store cannot be reached/,
    ],
  ])('from a file that %s, and nothing is made', async (_what, make, reason) => {
    const [from, to] = [stores.sqlite(), stores.sqlite()];
    make(fileOf(from));
    await expect(copy(from, to)).rejects.toThrow(reason);
    expect(existsSync(fileOf(to))).toBe(false);
    expect(existsSync(fileOf(from))).toBe(reason.source.includes('There is no') ? false : true);
  });

  test('from a store that lacks migrations, or knows more, which stays as it is', async () => {
    for (const [make, reason] of [
      [
        `delete from migrations where name like 'AuditEntries%'`,
        'lacks AuditEntries1763700300000: run "heliograph migrate"',
      ],
      [
        `insert into migrations ("timestamp", name) values (1, 'Later1')`,
        'written by a newer Heliograph (Later1)',
      ],
    ] as const) {
      for (const from of [stores.sqlite(), await stores.postgres()]) {
        await change(from, make);
        await expect(copy(from, stores.sqlite())).rejects.toThrow(reason);
      }
    }
  });
});

describe('a row that cannot be stored is named:', () => {
  test.each([
    [`a text with U+0000`, `char(110, 0, 111)`, 'its name holds U+0000'],
    ['half a character', `cast(x'EDA080' as text)`, 'it holds bytes that are no text in UTF-8'],
    ['bytes in the place of a text', `x'00'`, 'its name is no text'],
  ])('%s', async (_what, value, reason) => {
    const from = stores.sqlite();
    await change(
      from,
      `${tokens} (1, 'sound', '[]', 1, '${hash(1)}')`,
      `${tokens} (2, ${value}, '[]', 1, '${hash(2)}')`,
    );
    await expect(copy(from, await stores.postgres())).rejects.toThrow(
      `api_tokens 2 cannot be copied: ${reason}`,
    );
  });

  test('a number that is none', async () => {
    const from = stores.sqlite();
    await change(from, `${tokens} (7, 'sound', '[]', 1.5, '${hash(1)}')`);
    await expect(copy(from, await stores.postgres())).rejects.toThrow(
      'api_tokens 7 cannot be copied: its created_at is no whole number',
    );
  });

  test('one among many that a rule of the target refuses', async () => {
    const [from, to] = [stores.sqlite(), await stores.postgres()];
    const rows = Array.from(
      { length: 9 },
      (_, n) => `(${n + 1}, 'token ${n + 1}', '[]', 1, '${hash(n + 1)}')`,
    );
    await change(from, `${tokens} ${rows.join(', ')}`);
    await change(to, `alter table api_tokens add constraint unwanted check (name <> 'token 6')`);
    await expect(copy(from, to)).rejects.toThrow(
      /^api_tokens 6 cannot be stored in the target: .*"unwanted"/,
    );
    await change(to, 'alter table api_tokens drop constraint unwanted');
    await copy(from, to);
    expect(await contentsOf(to)).toEqual(await contentsOf(from));
  });
});

test('a target that does not hold what was copied is found out at the end, and serves nobody', async () => {
  const to = await stores.postgres();
  await change(
    to,
    `create function meddle() returns trigger language plpgsql as $$ begin new.name := 'x'; return new; end $$`,
    `create trigger meddle before insert on api_tokens for each row execute function meddle()`,
  );
  const copied = await runHeliograph(['copy', '--from', origin, '--to', to], { env: {} });
  expect(copied).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^error: The target is not what was copied: api_tokens has other contents\. Empty it .*\n$/,
    ),
  });
  const listed = await runHeliograph(['token', 'list'], { env: { DATABASE_URL: to } });
  expect(listed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('unfinished copy') });
});

test('a row that somebody else has put into the target is found out at the end', async () => {
  const to = stores.sqlite();
  await withDatabase(to, async other => {
    const copying = copy(origin, to, {
      checked: () => undefined,
      begins: () => void other.write(({ query }) => query(`${tokens} (99, 'theirs', '[]', 1, '${hash(9)}')`)),
    });
    await expect(copying).rejects.toThrow(/api_tokens (has 3 rows, the source 2|differs)/);
  });
});

describe('the command', () => {
  test('leaves the source as it is, to the byte', async () => {
    const before = readFileSync(fileOf(origin));
    const outcome = await runHeliograph(['copy', '--from', origin, '--to', stores.sqlite()], { env: {} });
    expect(outcome).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/; both stores hold the same\n$/),
    });
    expect(readFileSync(fileOf(origin)).equals(before)).toBe(true);
  });

  test.each([
    ['no source', ['copy', '--to', 'sqlite:a'], "required option '--from <url>'"],
    [
      'what is no address',
      ['copy', '--from', 'mysql://u:hush@h/d', '--to', 'sqlite:a'],
      '--from must be sqlite:',
    ],
    [
      'a server without a database',
      ['copy', '--from', 'postgres://u:hush@h', '--to', 'sqlite:a'],
      '--from names no',
    ],
    [
      'a store that is gone at the end',
      ['copy', '--from', 'sqlite:a', '--to', 'sqlite::memory:'],
      '--to must be a store',
    ],
    [
      'an option that there is not',
      ['copy', '--from', 'sqlite:a', '--to', 'sqlite:b', '--form=postgres://u:hush@h/d'],
      'unknown option',
    ],
    [
      'too many addresses',
      ['copy', 'postgres://u:hush@h/d', '--from', 'sqlite:a', '--to', 'sqlite:b'],
      'too many',
    ],
  ])('calls %s wrong usage, and repeats no password', async (_what, args, reason) => {
    const outcome = await runHeliograph(args, { env: {} });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(reason) });
    expect(outcome.stderr).not.toContain('hush');
  });

  test.each([
    ['lets nobody in', (url: URL) => Object.assign(url, { username: 'nobody', password: 'hush' })],
    ['has no such database', (url: URL) => (url.pathname = '/hush')],
    ['does not answer', (url: URL) => Object.assign(url, { port: '1', password: 'hush' })],
  ])('says why it fails where the server %s, without its password', async (_what, spoil) => {
    const wrong = new URL(urlOf(server, 'postgres'));
    spoil(wrong);
    const outcome = await runHeliograph(['copy', '--from', origin, '--to', wrong.href], { env: {} });
    expect(outcome).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: The target: The store cannot be reached .*Run the same command again/,
      ),
    });
    expect(outcome.stderr).not.toContain('where it stopped');
    expect(outcome.stderr.replace('database "hush"', '')).not.toContain('hush');
    expect(outcome.stderr).not.toContain(new URL(server).password);
  });
});

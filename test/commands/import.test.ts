import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runHeliograph } from '../support/command';

const TSX = createRequire(__filename).resolve('tsx');

let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-import-'));
  env = { DATABASE_URL: `sqlite:${join(folder, 'store.sqlite')}` };
});
afterAll(() => rm(folder, { recursive: true }));

const GOOD = '{"id":1,"message":"The river is over the bridge.","channels":["SMS"]}\n';

describe('heliograph import', () => {
  test('loads a file, and nothing of it twice', async () => {
    const file = join(folder, 'good.ndjson');
    await writeFile(file, GOOD);
    const first = await runHeliograph(['import', file], { env });
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(/^added 1, skipped 0, refused 0: 1 lines in \d+\.\d s, \d+ a second\n$/);
    const second = await runHeliograph(['import', file], { env });
    expect(second).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/^added 0, skipped 1, refused 0: /),
    });
  });

  test('ends with 1 when a line of standard input was refused, tells why on standard error, and adds the rest', async () => {
    const input = `${GOOD}{"message":""}\n{"message":"Again and again.","channels":["MAIL"]}`;
    const outcome = await runHeliograph(['import', '-'], { env, input });
    expect(outcome).toMatchObject({
      exitCode: 1,
      stderr: 'line 2: message: must not be blank; channels: must hold at least one channel\n',
    });
    expect(outcome.stdout).toMatch(/^added 1, skipped 1, refused 1: 3 lines in /);
    expect(outcome.stdout).toMatch(
      /\n1 of those added have no identity \(.*\): importing them again adds them again\n$/,
    );
  });

  test('says how to go on when Ctrl-C ends it, with the exit code of that', async () => {
    // So many lines are one transaction; of the next nothing has come yet.
    const refused = '{"message":""}\n'.repeat(2_000);
    const args = ['--import', TSX, join(__dirname, '../../src/cli.ts'), 'import', '-'];
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child.stdin.write(refused);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      if (said === '') child.kill('SIGINT');
      said += part;
    });
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(said).toMatch(/^line 1: (.*\n)+stopped; run the same command again to go on\n$/);
  });

  test.each([
    [
      'a file that is not there',
      ['import', 'nowhere.ndjson'],
      'error: cannot read nowhere.ndjson: there is no such file',
    ],
    ['a folder', ['import', tmpdir()], 'it is a folder'],
    ['no file', ['import'], "missing required argument 'file'"],
  ])('calls %s wrong usage, and makes no store', async (_, args, reason) => {
    const place = join(folder, 'none', 'store.sqlite');
    const outcome = await runHeliograph(args, { env: { DATABASE_URL: `sqlite:${place}` } });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(reason) });
    expect(existsSync(place)).toBe(false);
  });
});

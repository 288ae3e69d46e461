import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isWellFormed } from '../auth/token-form';

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-cli-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('heliograph', () => {
  test('migrates once, then has nothing to apply', async () => {
    const env = { DATABASE_URL: `sqlite:${join(folder, 'new', 'store.sqlite')}` };
    const first = await heliograph(['migrate'], env);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^Messages1763700000000\nTokens1763700100000\n(.+\n)*Applied \d+ migrations: /,
    );
    expect(await heliograph(['migrate'], env)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Nothing to apply/),
    });
  });

  test('makes, lists and revokes tokens, and shows each once', async () => {
    const scopes = ['--scope', 'messages:list,messages:read', 'messages:create', '--scope', 'messages:list'];
    const made = await heliograph([
      'token',
      'create',
      '--name',
      'kiosk',
      ...scopes,
      '--expires',
      '2099-12-31',
    ]);
    expect(made).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('2099-12-31T23:59:59.999Z') });
    expect(isWellFormed(made.stdout.trimEnd())).toBe(true);

    const revoked = await heliograph(['token', 'revoke', '1']);
    expect(revoked).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Token 1 \(kiosk\) is revoked/),
    });

    const listed = await heliograph(['token', 'list']);
    expect(listed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(listed.stdout).toMatch(
      /^ID +NAME +SCOPES +CREATED +EXPIRES +LAST USED +STATE\n1 +kiosk +messages:list,messages:read,messages:create +20\S+Z +2099-12-31T23:59:59\.999Z +- +revoked\n$/,
    );
    expect(listed.stdout).not.toMatch(/hg_|[0-9a-f]{64}/);
  });

  test.each([
    [
      'an unknown scope, with the scopes there are',
      ['token', 'create', '--name', 'x', '--scope', 'messages:fly'],
      'messages:list, messages:read',
    ],
    [
      'an end in the past',
      ['token', 'create', '--name', 'x', '--scope', 'messages:list', '--expires', '2020-01-01'],
      'must be in the future',
    ],
    ['an unknown command', ['tokn'], 'Did you mean token?'],
  ])('refuses %s as wrong usage', async (_, args, reason) => {
    const outcome = await heliograph(args);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(reason) });
  });

  test('says all that is wrong with the settings, touches nothing and shows no stack', async () => {
    const file = join(folder, 'untouched.sqlite');
    const outcome = await heliograph(['token', 'list'], {
      DATABASE_URL: `sqlite:${file}`,
      PORT: 'x',
      ADMIN_TOKEN: 'hush',
    });
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: PORT .+\nerror: ADMIN_TOKEN .+\n$/);
    expect(outcome.stderr).not.toContain('hush');
    expect(existsSync(file)).toBe(false);
  });

  test('fails with a reason where there is no such token', async () => {
    expect(await heliograph(['token', 'revoke', '99'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: There is no token 99.\n',
    });
  });

  test('teaches how to use a command', async () => {
    const { exitCode, stdout, stderr } = await heliograph(['token', 'create', '--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const part of ['--expires <date>', 'messages:update', 'Examples:', 'DATABASE_URL', 'Exit codes:']) {
      expect(stdout).toContain(part);
    }
  });
});

/** Runs the command as its own process, with nothing of this one's settings. */
function heliograph(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const DATABASE_URL = `sqlite:${join(folder, 'store.sqlite')}`;
  const { PATH } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], {
    env: { PATH, DATABASE_URL, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', exitCode => resolve({ exitCode, stdout, stderr }));
  });
}

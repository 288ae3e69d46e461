import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runHeliograph } from '../support/command';

const MESSAGES = 3_000;

let folder: string;
let env: NodeJS.ProcessEnv;
let text: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-export-'));
  env = { DATABASE_URL: `sqlite:${join(folder, 'store.sqlite')}` };
  const lines = Array.from({ length: MESSAGES }, (_, n) =>
    JSON.stringify({ id: n + 1, message: `Message ${n}, ${'x'.repeat(100)}`, channels: ['SMS'] }),
  );
  await runHeliograph(['import', '-'], { env, input: lines.join('\n') });
  text = (await runHeliograph(['export', '-'], { env })).stdout;
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe('heliograph export', () => {
  test('gives standard output to the messages alone, a line each in the order of ids', async () => {
    const { stdout, stderr, exitCode } = await runHeliograph(['export', '-'], { env });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^exported 3,000 messages in \d+\.\d s, [\d,]+ a second\n$/);
    expect(stdout).toBe(text);
    const ids = text
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as { id: string }).id);
    expect(ids).toEqual(Array.from({ length: MESSAGES }, (_, n) => String(n + 1)));
  });

  test('replaces a file, with nothing left beside it', async () => {
    const file = join(folder, 'here', 'all.ndjson');
    const wrong = await runHeliograph(['export', file], { env });
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('cannot write') });

    const target = join(folder, 'all.ndjson');
    await writeFile(target, 'former');
    const { stdout, stderr, exitCode } = await runHeliograph(['export', target], { env });
    expect({ exitCode, stderr, stdout }).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/^exported 3,000 /),
    });
    expect(await readFile(target, 'utf8')).toBe(text);
    expect((await readdir(folder)).filter(name => name.includes('ndjson'))).toEqual(['all.ndjson']);
  });

  test('ends quietly when its reader has seen enough', async () => {
    const outcome = await runHeliograph(['export', '-'], { env, readBytes: 1 });
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('neither makes a store nor touches the file where there is none', async () => {
    const place = join(folder, 'none', 'store.sqlite');
    const target = join(folder, 'kept.txt');
    await writeFile(target, 'kept');
    const outcome = await runHeliograph(['export', target], { env: { DATABASE_URL: `sqlite:${place}` } });
    expect(outcome).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: There is no store at /),
    });
    expect(existsSync(place)).toBe(false);
    expect(await readFile(target, 'utf8')).toBe('kept');
  });
});

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const TSX = createRequire(__filename).resolve('tsx');

export interface CommandOutcome {
  readonly exitCode: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Stops reading standard output after so many bytes, as `head` does. */
  readonly readBytes?: number;
}

/** Runs a command of `heliograph` in a process of its own, to its end. */
export async function runHeliograph(
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandOutcome> {
  const child = spawn(process.execPath, ['--import', TSX, join(ROOT, 'src/cli.ts'), ...args], {
    // Nothing else: settings of whoever runs the tests must not count.
    env: { PATH: process.env['PATH'], ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part;
    if (stdout.length >= (options.readBytes ?? Infinity)) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  child.stdin.end(options.input ?? '');
  return new Promise(resolve => {
    child.once('close', (code, signal) => resolve({ exitCode: code ?? signal ?? 'unknown', stdout, stderr }));
  });
}

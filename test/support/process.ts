import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const TSX = createRequire(__filename).resolve('tsx');

/** A gateway in a process of its own, as an operator runs it. */
export interface GatewayProcess {
  /** The address of the API, with its path. */
  readonly url: string;
  readonly child: ChildProcess;
  /** Resolves with the exit code, or with the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** What it has logged so far. */
  readonly log: () => readonly LogLine[];
}

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [name: string]: unknown;
}

export interface ProcessOptions {
  /** What the process does beside serving, as the text of an ES module. */
  readonly beside?: string;
  /** Nobody reads its standard output; it has to be told a port then. */
  readonly unread?: boolean;
}

/** @returns when it listens, or at once if its output is unread. */
export async function startGatewayProcess(
  settings: NodeJS.ProcessEnv,
  { beside = '', unread = false }: ProcessOptions = {},
): Promise<GatewayProcess> {
  const imports = ['--import', TSX, '--import', `data:text/javascript,${encodeURIComponent(beside)}`];
  const child = spawn(process.execPath, [...imports, join(ROOT, 'src/cli.ts'), 'serve'], {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'error', RATE_LIMIT: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | string>(resolve => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  let logged = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (logged += chunk));
  if (unread) child.stdout.destroy();
  const url = unread
    ? `http://127.0.0.1:${settings['PORT'] ?? ''}/graphql`
    : await new Promise<string>((resolve, reject) => {
        let said = '';
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
          said += chunk;
          const address = /listens on (\S+)/.exec(said)?.[1];
          if (address !== undefined) resolve(address);
        });
        void ended.then(how => reject(new Error(`It ended (${how}) before it listened: ${said}${logged}`)));
      });
  return { url, child, ended, log: () => linesOf(logged) };
}

/** Whatever is no line of the log is kept as one, for tests that want none. */
function linesOf(text: string): readonly LogLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => (line.startsWith('{') ? (JSON.parse(line) as LogLine) : { level: 'none', msg: line }));
}

import { CommanderError } from 'commander';
import { ConfigError, wantsDetail } from '../platform/config';
import { Refusal } from '../platform/errors';

/**
 * How a command ends: what went wrong is worth another try after mending it; a wrong usage never is. Stopped by Ctrl-C it
 * ends as shells tell of a program that the signal has ended.
 */
export const EXIT_CODES = { done: 0, failed: 1, wrongUsage: 2, interrupted: 130 } as const;

export interface Failure {
  readonly exitCode: number;
  /** For standard error; without a line break at the end, empty where all has been said. */
  readonly text: string;
}

/** Says what stopped a command, in lines that its user can act on; with the stack only where detail was asked for. */
export function describeFailure(error: unknown, env: NodeJS.ProcessEnv): Failure {
  // Commander has written its own message, or the help that was asked for.
  if (error instanceof CommanderError) {
    return { exitCode: error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.wrongUsage, text: '' };
  }
  const lines = error instanceof ConfigError ? error.lines : [messageOf(error)];
  const stack = wantsDetail(env) ? stacksOf(error) : [];
  return { exitCode: EXIT_CODES.failed, text: [...lines.map(line => `error: ${line}`), ...stack].join('\n') };
}

/** Its own, and those of what caused it. */
function stacksOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const [cause, ...deeper] = stacksOf(causeOf(error));
  const stack = error.stack ?? error.message;
  return cause === undefined ? [stack] : [stack, `caused by: ${cause}`, ...deeper];
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Callers of the API are not told why the store is out of reach; who runs the command can do something about it.
  const cause = error instanceof Refusal ? causeOf(error) : undefined;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}

function causeOf(error: Error): unknown {
  return error instanceof Refusal ? error.details['cause'] : error.cause;
}

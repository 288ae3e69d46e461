import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { type LogLevel } from '../setting.kinds';
import { Refusal } from '../errors';

const STANDARD_ERROR = 2;

/** How far a log line follows an error into its causes. */
const MAX_CAUSES = 3;

/** Whatever hides a credential, wherever somebody should log it by mistake. */
const SECRETS = ['authorization', 'headers.authorization', 'token', 'adminToken'];

/**
 * The log: JSON lines on standard error, readable ones where that is a terminal; standard output belongs to answers.
 * A line may say who failed and how, never what people wrote: of a request it keeps method and path, of an answer
 * its status, of an error its message and frames, and no message text, address or token.
 */
export function createLog(level: LogLevel, stream: DestinationStream = standardError()): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: { req: describeRequest, res: describeResponse, err: describeError },
      redact: { paths: SECRETS.flatMap(path => [path, `*.${path}`]), censor: '[redacted]' },
    },
    stream,
  );
}

/** Written before the call returns, so that the last words of a dying process are not lost. */
function standardError(): DestinationStream {
  return process.stderr.isTTY
    ? PinoPretty({ destination: STANDARD_ERROR, sync: true, translateTime: 'HH:MM:ss', ignore: 'pid' })
    : destination({ dest: STANDARD_ERROR, sync: true });
}

/**
 * The query string stays out: a GET carries the whole GraphQL document and its variables there. So does the path behind its second
 * segment, where services that sign nothing show the secret of their provider.
 */
function describeRequest({ method, url }: { readonly method?: string; readonly url?: string }): object {
  return { method, path: /^(?:\/[^/?]*){0,2}/.exec(url ?? '')?.[0] };
}

function describeResponse({ statusCode }: { readonly statusCode?: number }): object {
  return { status: statusCode };
}

/** Only what is listed here: a failed statement carries its parameters as properties, and those are people's words. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const code: unknown = 'code' in error ? error.code : undefined;
  const cause: unknown = error instanceof Refusal ? error.details['cause'] : error.cause;
  return {
    type: error.name,
    code: typeof code === 'string' ? code : undefined,
    // A parser's error quotes the text that it could not read.
    message: error instanceof SyntaxError ? 'a text could not be parsed' : error.message,
    stack: framesOf(error),
    cause: cause === undefined || depth >= MAX_CAUSES ? undefined : describeError(cause, depth + 1),
  };
}

/** The stack without its head, which repeats the message. */
function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .join('\n');
}

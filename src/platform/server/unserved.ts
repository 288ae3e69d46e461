import { type Logger } from 'pino';
import { type Refusal } from '../errors';
import { Tally } from './tally';

const tallies = new WeakMap<Logger, Map<string, Tally>>();

/**
 * Tells the log of a request that could not be served for a reason of the operator's: in full when that begins, then how
 * often it has happened for the same reason. An outage would otherwise fill the disk with one and the same stack.
 */
export function logUnserved(log: Logger, refusal: Refusal, requestId: string): void {
  const line = { requestId, err: refusal };
  const begins = tallyOf(log, refusal).add(() => log.warn(line, 'a request could not be served'));
  if (!begins) log.debug(line, 'a request could not be served');
}

function tallyOf(log: Logger, { code, details }: Refusal): Tally {
  const ofLog = tallies.get(log) ?? new Map<string, Tally>();
  tallies.set(log, ofLog);
  const cause = details['cause'];
  const key = `${code} ${kindOf(cause)}`;
  const known = ofLog.get(key);
  if (known !== undefined) return known;
  const reason = cause instanceof Error ? cause.message : undefined;
  const tally = new Tally(log, 'requests could not be served', { code, reason });
  ofLog.set(key, tally);
  return tally;
}

/** Of the many errors of one trouble the same: their words differ, such as by the port of a connection, their codes do not. */
function kindOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return '';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return 'cause' in cause ? kindOf(cause.cause) : '';
}

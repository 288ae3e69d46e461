import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { unavailable } from '../database-errors';
import { timedOut } from '../../deadline';
import { Refusal } from '../../errors';

/** PostgreSQL's own codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DISK_FULL = '53100';
const QUERY_CANCELED = '57014';
const FEATURE_NOT_SUPPORTED = '0A000';

/** The function of the server that refuses `read write` during recovery, in every release from 14 on. */
const REFUSES_A_SWITCH = 'call_bool_check_hook';

/** The server goes, comes, or has ended this session: admin_shutdown, crash_shutdown, cannot_connect_now, and the like. */
const GOING = /^(57P0[1-5]|08|25P0[34])/;

/**
 * The server answers, but not as it should: it is out of memory or connections, may only be read, cannot read its
 * disk, or does not let us in any more. The operator can mend it, not the caller.
 */
const UNSERVING = /^(53|55P03|58|25006|28|3D000|XX00[12])/;

/** Somebody else's transaction was in the way: serialization failure, deadlock, a value that has just become taken. */
const CONTENTION = new Set(['40001', '40P01', '23505']);
const UNIQUE_VIOLATION = '23505';

/** Gives a failure of the server, or of the way to it, its code; anything else is handed back as it is. */
export function asPostgresRefusal(error: unknown): unknown {
  if (isLost(error)) return unavailable(causeOf(error));
  const code = stateOf(error);
  if (code === undefined) return error;
  if (code === DISK_FULL) {
    return new Refusal('STORAGE_FULL', 'The store has no room left; nothing was written.', {
      cause: causeOf(error),
    });
  }
  if (code === QUERY_CANCELED) return timedOut();
  if (isStandby(error)) return unavailable(new StandbyServer(causeOf(error)));
  return UNSERVING.test(code) ? unavailable(causeOf(error)) : error;
}

/** The connection is gone, or never came about: what was asked for was not done, unless it was a commit. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super(wordsOf(cause), { cause });
    this.name = 'ConnectionLost';
  }
}

/** The address leads to a server that follows another: it answers, and can only be read. */
class StandbyServer extends Error {
  constructor(cause: unknown) {
    super('the server is a standby, which can only be read; name the one that it follows', { cause });
    this.name = 'StandbyServer';
  }
}

/** Whether this means that the connection is of no use any more. */
export function isLost(error: unknown): boolean {
  return causeOf(error) instanceof ConnectionLost || GOING.test(stateOf(error) ?? '');
}

/** Whether the same may well succeed when it is done anew. */
export function isContention(error: unknown): boolean {
  return CONTENTION.has(stateOf(error) ?? '');
}

/** The same, where it would go on for ever: each time somebody else was in the way. */
export function isEndlessContention(error: unknown): boolean {
  return isContention(error) && stateOf(error) !== UNIQUE_VIOLATION;
}

export function isCanceled(error: unknown): boolean {
  return stateOf(error) === QUERY_CANCELED;
}

/**
 * Whether a transaction that is to write could not begin. The code says only that something is not supported, and the
 * words of a server are in its own language; but no other setting of ours is a switch that it could refuse so.
 */
function isStandby(error: unknown): boolean {
  const cause = causeOf(error);
  return (
    cause instanceof DatabaseError &&
    cause.code === FEATURE_NOT_SUPPORTED &&
    cause.routine === REFUSES_A_SWITCH
  );
}

/**
 * What the operator can act on. It names hosts, ports and users; passwords the driver and the server keep to themselves.
 * An error of Node's may be of another realm, and is known by what it has.
 */
function wordsOf(cause: unknown): string {
  const { message = '', errors = [] } = (cause ?? {}) as {
    readonly message?: string;
    readonly errors?: readonly unknown[];
  };
  // A host with several addresses was tried at each, and the error that stands for all says nothing.
  if (message === '' && errors.length > 0) return errors.map(wordsOf).join(', ');
  const known = DRIVERS_WORDS.find(([words]) => words.test(message));
  return known?.[1] ?? (message === '' ? 'the connection to the server was lost' : message);
}

/** What the driver says in words of its own making. */
const DRIVERS_WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /client password must be a/,
    'the server asks for a password, and there is none in the address, in PGPASSWORD or in a .pgpass file',
  ],
  [/timeout expired|connection timeout/, 'the server does not answer'],
  [/^Connection terminated/, 'the server has closed the connection'],
  [/does not support SSL/, 'the server offers no TLS, which the address asks for'],
];

/** The code of an error that the server itself has told. */
function stateOf(error: unknown): string | undefined {
  const cause = causeOf(error);
  return cause instanceof DatabaseError ? cause.code : undefined;
}

function causeOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

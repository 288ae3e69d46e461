import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isServerUrl, serverUrlProblem, shownServerUrl } from './postgres/server-url';

/** Where a store lies, for as long as somebody uses it: in a file, or on a server. */
export interface Place {
  /** Absolute path of the SQLite file; null for a store on a server. */
  readonly file: string | null;
  /** Address of the server; null for a store in a file. It may hold a password. */
  readonly url: string | null;
  /** How it may be told of: the file, or the server without whoever is asked to open it. */
  readonly name: string;
  /** Removes what was only made for the time of use: nothing, unless the store is a temporary one. */
  dispose(): void;
}

const SCHEME = 'sqlite:';
/** A private file that is gone at the end. */
export const IN_MEMORY = 'sqlite::memory:';

/**
 * What is wrong with the address of a store, as the rest of a sentence that begins with the setting's name.
 * The address is never repeated: one of another database may hold a password.
 */
export function databaseUrlProblem(url: string): string | undefined {
  if (isServerUrl(url)) return serverUrlProblem(url);
  // Programs disagree on how many slashes mean an absolute path; a path after the colon can be read in one way only.
  if (url.startsWith('sqlite://'))
    return 'must have a path right after sqlite:, without slashes that belong to a URL';
  if (url === IN_MEMORY) return undefined;
  if (!url.startsWith(SCHEME) || url.length === SCHEME.length)
    return 'must be sqlite: and a path, or postgres:// and a server';
  return /[/\\]$/.test(url) ? 'must name a file, not a folder' : undefined;
}

/**
 * The place of an address, which `databaseUrlProblem` has no objection to. `sqlite::memory:` is a file as well, in a
 * folder that only this user may enter: several connections have to see the same store.
 */
export function placeOf(url: string): Place {
  if (isServerUrl(url)) return { file: null, url, name: shownServerUrl(url), dispose: () => undefined };
  if (url === IN_MEMORY) return temporaryPlace();
  const file = resolve(url.slice(SCHEME.length));
  return { file, url: null, name: file, dispose: () => undefined };
}

/**
 * A store that is not there is made for its owner alone: it holds what people wrote. SQLite's other files follow it.
 * @returns whether it was made now.
 */
export function makeFile(file: string): boolean {
  if (existsSync(file)) return false;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  return true;
}

function temporaryPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-'));
  const dispose = (): void => {
    process.removeListener('exit', dispose);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', dispose);
  const file = join(folder, 'heliograph.sqlite');
  return { file, url: null, name: file, dispose };
}

import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, stat } from 'node:fs/promises';

/** Where an export goes. */
export interface ExportTarget {
  /** Resolves when more may come. */
  write(text: string): Promise<void>;
  /** All has been written. */
  finish(): Promise<void>;
  /** Leaves things as they were, as far as they can be; after `finish` it does nothing. */
  abandon(): Promise<void>;
}

/** A stream that is not ours to end. */
export function streamTarget(stream: NodeJS.WritableStream): ExportTarget {
  return {
    write: async text => {
      if (!stream.write(text)) await once(stream, 'drain');
    },
    finish: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
}

/**
 * A file. What is written lies beside it under another name and takes its place at the end, so that a part of an
 * export never looks like a whole one, and a former export stays until then.
 * @throws Error of the file system when the file cannot be written.
 */
export async function fileTarget(file: string): Promise<ExportTarget> {
  const existing = await stat(file).catch(() => null);
  // A device or a pipe is written to as it is: a file must not take its place.
  if (existing !== null && !existing.isFile()) return plainTarget(await open(file, 'w'));
  const path = existing === null ? file : await realpath(file);
  const partial = `${path}.${process.pid}.partial`;
  const handle = await open(partial, 'wx', existing?.mode ?? DEFAULT_MODE);
  const dropOn = (signal: NodeJS.Signals): void => {
    rmSync(partial, { force: true });
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, dropOn);
  const release = async (): Promise<void> => {
    for (const signal of SIGNALS) process.removeListener(signal, dropOn);
    await handle.close();
  };
  let open_ = true;
  return {
    write: text => handle.appendFile(text),
    finish: async () => {
      await handle.sync();
      await rename(partial, path);
      open_ = false;
      await release();
    },
    abandon: async () => {
      if (!open_) return;
      open_ = false;
      await release();
      rmSync(partial, { force: true });
    },
  };
}

/** For its owner alone, like the store: it holds what people wrote. */
const DEFAULT_MODE = 0o600;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function plainTarget(handle: FileHandle): ExportTarget {
  return {
    write: text => handle.appendFile(text),
    finish: () => handle.close(),
    abandon: () => handle.close(),
  };
}

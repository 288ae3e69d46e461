import { copyFileSync, linkSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Puts a file, or a folder with all that is in it, at another place. The files are linked: there are thousands of them,
 * and copying takes ten times as long. So they must not be changed afterwards, only removed, at either place.
 * @param isLeftOut of each path below the source.
 */
export function share(source: string, goal: string, isLeftOut?: (path: string) => boolean): void {
  const status = lstatSync(source);
  if (!status.isDirectory()) {
    link(source, goal);
    return;
  }
  mkdirSync(goal, { recursive: true, mode: status.mode & 0o777 });
  for (const name of readdirSync(source)) {
    const path = join(source, name);
    if (isLeftOut?.(path) !== true) share(path, join(goal, name), isLeftOut);
  }
}

function link(source: string, goal: string): void {
  try {
    linkSync(source, goal);
  } catch (error) {
    // The temporary folder may lie on another file system.
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    copyFileSync(source, goal);
  }
}

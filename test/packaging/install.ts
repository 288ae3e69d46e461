import { execSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildEnvironment, ROOT } from './machine';
import { share } from './share';

/** A package as package-lock.json tells of it; the place is where it lies, `node_modules/a/node_modules/b`. */
export interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
}

export function lockedPackages(folder: string): readonly (readonly [place: string, entry: LockedPackage])[] {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  return Object.entries(lock.packages).filter(([place]) => place !== '');
}

export function isInstall(command: string): boolean {
  return /^npm ci( --[\w=-]+)*$/.test(command);
}

/**
 * Does what `npm ci` does. For that it takes what lies in this project's node_modules, as the compiling of sqlite3 takes
 * minutes and a registry is not always at hand; with PACKAGING_INSTALL=npm it is npm itself that does it.
 * @throws Error if the lockfile is not there, or a package is not installed here.
 */
export function install(
  command: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): void {
  if (process.env['PACKAGING_INSTALL'] === 'npm') {
    execSync(command, { cwd: folder, env: { ...buildEnvironment(), ...environment }, stdio: 'pipe' });
    return;
  }
  const packages = lockedPackages(folder);
  const omitted = new Set([...command.matchAll(/--omit=(\w+)/g)].map(([, kind]) => kind));
  if (environment['NODE_ENV'] === 'production') omitted.add('dev');
  if (omitted.size === 0) {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return;
  }
  for (const [place, entry] of packages) {
    if (isOmitted(entry, omitted)) continue;
    const source = join(ROOT, place);
    if (existsSync(source)) take(source, join(folder, place), entry);
    // One for another platform.
    else if (entry.optional !== true) throw new Error(`${place} is not installed; npm ci does it.`);
  }
}

/** What was compiled at install may be tidied up in place; what stays as it was published is not copied. */
function take(source: string, goal: string, { hasInstallScript = false }: LockedPackage): void {
  // Packages inside of this one are packages of their own, and may be omitted.
  const isLeftOut = (path: string): boolean => basename(path) === 'node_modules' || NEVER_LOADED.test(path);
  if (!hasInstallScript) share(source, goal, isLeftOut);
  else cpSync(source, goal, { recursive: true, filter: path => path === source || !isLeftOut(path) });
}

/** Half of all files: types, maps and documents. */
const NEVER_LOADED = /\.(d\.[cm]?ts|map|md)$/;

function isOmitted(entry: LockedPackage, kinds: ReadonlySet<string | undefined>): boolean {
  const [dev, optional] = [kinds.has('dev'), kinds.has('optional')];
  return (
    (dev && entry.dev === true) ||
    (optional && entry.optional === true) ||
    (dev && optional && entry.devOptional === true)
  );
}

import { execSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { commandOf, type Instruction, match, readDockerfile, type Stage, variablesOf } from './dockerfile';
import { install, isInstall } from './install';
import { buildEnvironment, isRoot, ROOT } from './machine';
import { share } from './share';

/** A user and a group by number. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** What a container is started from, in a folder of this machine that stands for the container's root. */
export interface Image {
  /** The container's working directory, as a path of this machine. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: Owner | null;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly stopSignal: string;
  /** As they are written: `4000`. */
  readonly ports: readonly string[];
  /** Paths of this machine. */
  readonly volumes: readonly string[];
  remove(): void;
}

/** What the instructions so far have made; the changing part of an image. */
interface Draft {
  readonly root: string;
  workdir: string;
  environment: Record<string, string>;
  user: Owner | null;
  entrypoint: readonly string[];
  command: readonly string[];
  healthcheck: readonly string[];
  stopSignal: string;
  readonly ports: string[];
  readonly volumes: string[];
}

/**
 * Follows the project's Dockerfile, stage by stage, in a temporary folder. What is left out is the base image, for which
 * this machine stands, and what would change this machine: `apt-get`.
 * @throws Error at an instruction that it cannot follow, or that fails, as one does that misses a file.
 */
export function buildImage(): Image {
  const place = mkdtempSync(join(tmpdir(), 'heliograph-image-'));
  // The image's user has to get in.
  chmodSync(place, 0o755);
  const drafts = new Map<string, Draft>();
  let last: Draft | undefined;
  for (const [index, stage] of readDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).entries()) {
    last = follow(stage, join(place, String(index)), drafts);
    drafts.set(stage.name, last);
  }
  if (last === undefined) throw new Error('The Dockerfile has no stage.');
  const { root, workdir, ...rest } = last;
  return {
    ...rest,
    folder: join(root, workdir),
    volumes: rest.volumes.map(volume => join(root, volume)),
    remove: () => rmSync(place, { recursive: true }),
  };
}

function follow(stage: Stage, root: string, stages: ReadonlyMap<string, Draft>): Draft {
  const base = stages.get(stage.from);
  if (base === undefined) mkdirSync(root);
  else cpSync(base.root, root, { recursive: true });
  const draft: Draft = {
    ...EMPTY,
    ...base,
    root,
    ports: [...(base?.ports ?? [])],
    volumes: [...(base?.volumes ?? [])],
  };
  for (const instruction of stage.instructions) apply(instruction, draft, stages);
  return draft;
}

const EMPTY = {
  ...{ workdir: '/', environment: {}, user: null, stopSignal: 'SIGTERM' },
  ...{ entrypoint: [], command: [], healthcheck: [] },
} as const;

function apply({ name, flags, text }: Instruction, draft: Draft, stages: ReadonlyMap<string, Draft>): void {
  switch (name) {
    case 'WORKDIR':
      draft.workdir = resolve(draft.workdir, text);
      mkdirSync(join(draft.root, draft.workdir), { recursive: true });
      return;
    case 'COPY':
      copy(text, flags, draft, stages);
      return;
    case 'RUN':
      run(text, draft);
      return;
    case 'ENV':
      draft.environment = { ...draft.environment, ...variablesOf(text) };
      return;
    case 'VOLUME':
      draft.volumes.push(...commandOf(text));
      return;
    case 'USER':
      draft.user = ownerOf(text);
      return;
    case 'EXPOSE':
      draft.ports.push(text);
      return;
    case 'STOPSIGNAL':
      draft.stopSignal = text;
      return;
    case 'HEALTHCHECK':
      draft.healthcheck = commandOf(text.replace(/^CMD /, ''));
      return;
    case 'ENTRYPOINT':
      draft.entrypoint = commandOf(text);
      return;
    case 'CMD':
      draft.command = commandOf(text);
      return;
    case 'FROM':
      throw new Error('FROM begins a stage.');
  }
}

/** A folder hands over what is in it, a file itself; nothing keeps its owner. */
function copy(
  text: string,
  flags: Instruction['flags'],
  draft: Draft,
  stages: ReadonlyMap<string, Draft>,
): void {
  const words = text.split(' ');
  const target = words.pop() ?? '';
  const to = join(draft.root, resolve(draft.workdir, target));
  const from = flags.get('from');
  const owner = flags.get('chown');
  for (const word of words) {
    const source = from === undefined ? inContext(word) : inStage(word, stages.get(from));
    const isFolder = statSync(source).isDirectory();
    const goal = isFolder || !target.endsWith('/') ? to : join(to, basename(source));
    if (from === undefined) cpSync(source, goal, { recursive: true });
    // A stage that is finished no longer changes.
    else share(source, goal);
    if (owner !== undefined && isRoot) chownSync(goal, ownerOf(owner).uid, ownerOf(owner).gid);
  }
}

function inStage(path: string, stage: Draft | undefined): string {
  if (stage === undefined) throw new Error(`COPY takes ${path} from a stage that is not there.`);
  return join(stage.root, resolve('/', path));
}

/** What .dockerignore keeps from a build is not there for it. */
function inContext(path: string): string {
  const [first, ...rest] = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));
  if (first !== '*') throw new Error('.dockerignore must leave out everything first.');
  const kept = rest.map(line => match(/^!([^*?[\]]+)$/, line)[1] ?? '');
  if (!kept.some(name => path === name || path.startsWith(`${name}/`)))
    throw new Error(`COPY takes ${path}, which .dockerignore leaves out.`);
  return join(ROOT, path);
}

function run(text: string, draft: Draft): void {
  if (text.split(' && ').every(part => part.startsWith('apt-get '))) return;
  const folder = join(draft.root, draft.workdir);
  if (isInstall(text)) {
    install(text, folder, draft.environment);
    return;
  }
  // There is no wall around what it does, so it has to stay in its folder by itself.
  if (/apt-get|(^|[\s"'=])(\/|~|\.\.)/.test(text)) throw new Error(`RUN would leave its folder: ${text}`);
  execSync(text, { cwd: folder, env: { ...buildEnvironment(), ...draft.environment }, stdio: 'pipe' });
}

/** `1000:1000`; a name would have to be looked up in the base image. */
function ownerOf(text: string): Owner {
  const [, uid, gid] = match(/^(\d+):(\d+)$/, text);
  return { uid: Number(uid), gid: Number(gid) };
}

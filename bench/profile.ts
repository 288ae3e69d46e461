// Says where the gateway's main thread spends its time under one workload: `npx tsx bench/profile.ts [workload]`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askedOf } from './comparison';
import { openHost } from './engines';
import { buildGateway } from './gateway';
import { load } from './load';
import { readOptions } from './options';
import { startHeliograph } from './peers';
import { makeSampleStore, writeSampleLines } from './sample-store';
import { withTemporaryFolder } from './temporary-folder';
import { workloadsOver } from './workloads';

/** The part of V8's profile that is looked at. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The id of the node that was running at each sample. */
  readonly samples: readonly number[];
  /** Before each sample, in microseconds. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

const ROOT = join(__dirname, '..');
const SHOWN = 20;

async function main(folder: string): Promise<void> {
  const [only = 'inbox'] = process.argv.slice(2);
  const { messages, seconds, workloads } = readOptions(['--only', only, '--seconds', '8']);
  buildGateway();
  const host = await openHost('sqlite', folder);
  const store = await makeSampleStore(host, await writeSampleLines(folder, messages));
  const workload = workloadsOver(store).find(({ name }) => workloads.includes(name));
  if (workload === undefined) throw new Error(`There is no workload ${only}.`);

  const profiles = join(folder, 'profiles');
  const gateway = await startHeliograph(store.url, ['--cpu-prof', `--cpu-prof-dir=${profiles}`]);
  const bodies = workload.bodiesFor(await askedOf(gateway, store));
  const { rate } = await load(gateway, { bodies, isRead: workload.isRead, seconds });
  await gateway.stop();
  const [file = ''] = readdirSync(profiles);
  const whole = JSON.parse(readFileSync(join(profiles, file), 'utf8')) as CpuProfile;
  const profile = withoutStart(whole, gateway.startMs);
  console.log(`${workload.title}: ${rate.toFixed(0)} requests/s while being profiled`);
  show('By owner', profile, ownerOf);
  show('By function', profile, node => `${node.callFrame.functionName || '(anonymous)'}  ${ownerOf(node)}`);
}

/** Starting loads hundreds of modules, which no request pays for. */
function withoutStart({ nodes, samples, timeDeltas }: CpuProfile, startMs: number): CpuProfile {
  let us = 0;
  const first = timeDeltas.findIndex(delta => (us += delta) > startMs * 1_000);
  return { nodes, samples: samples.slice(first), timeDeltas: timeDeltas.slice(first) };
}

/** Prints the shares of the time in which the thread was at work at all. */
function show(
  title: string,
  { nodes, samples, timeDeltas }: CpuProfile,
  nameOf: (node: ProfileNode) => string,
): void {
  const names = new Map(nodes.map(node => [node.id, nameOf(node)]));
  const times = new Map<string, number>();
  let atWork = 0;
  for (const [index, sample] of samples.entries()) {
    const name = names.get(sample) ?? '';
    const us = timeDeltas[index] ?? 0;
    if (name.includes('(idle)')) continue;
    atWork += us;
    times.set(name, (times.get(name) ?? 0) + us);
  }
  const most = [...times].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  console.log(`\n${title}`);
  for (const [name, us] of most) console.log(`${((100 * us) / atWork).toFixed(1).padStart(6)} %  ${name}`);
}

/** The package, the file of ours, or the part of Node that a function belongs to. */
function ownerOf({ callFrame: { functionName, url } }: ProfileNode): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'native';
  if (url.startsWith('node:')) return url;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return inPackage ?? relative(ROOT, path);
}

withTemporaryFolder(main).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

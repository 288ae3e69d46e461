import { askedOf } from './comparison';
import { ENGINE_TITLES, openHost } from './engines';
import { load } from './load';
import { type Options } from './options';
import { startHeliograph } from './peers';
import { residentMemoryMiB } from './process-memory';
import { circumstances, grouped, median, table } from './report';
import { makeSampleStore, writeSampleLines } from './sample-store';
import { type Bodies, CONNECTIONS, type WorkloadName, workloadsOver } from './workloads';

const REQUESTS = 100_000;
const LOOK_EVERY = 10_000;

/** By then everything is loaded, compiled and cached, and the heap has found its size. */
const SETTLED_AT = 30_000;

/** Sends many requests of all kinds to one gateway on SQLite and reports what it held in memory, as Markdown. */
export async function memoryReport(folder: string, options: Options): Promise<string> {
  const host = await openHost('sqlite', folder);
  const store = await makeSampleStore(host, await writeSampleLines(folder, options.messages));
  const gateway = await startHeliograph(store.url);
  try {
    const asked = await askedOf(gateway, store);
    const workloads = workloadsOver(store).filter(({ name }) => options.workloads.includes(name));
    const bodies = mixed(
      workloads.map(workload => ({ bodies: workload.bodiesFor(asked), every: EVERY[workload.name] ?? 1 })),
    );
    const held = [{ requests: 0, mib: residentMemoryMiB(gateway.pid), failures: 0 }];
    for (let requests = LOOK_EVERY; requests <= REQUESTS; requests += LOOK_EVERY) {
      const { failures } = await load(gateway, { bodies, isRead: false, requests: LOOK_EVERY });
      held.push({ requests, mib: residentMemoryMiB(gateway.pid), failures });
      process.stderr.write(`${requests} requests: ${held.at(-1)?.mib.toFixed(0) ?? ''} MiB\n`);
    }
    const rows = held.map(({ requests, mib, failures }) => [
      grouped(requests),
      mib.toFixed(0),
      String(failures),
    ]);
    const notes = [verdict(held), `Store: ${grouped(options.messages)} messages on ${ENGINE_TITLES.sqlite}.`];
    return [
      table(['requests', 'resident MiB', 'failed'], rows, 0),
      [...notes, ...circumstances()].map(note => `- ${note}`).join('\n'),
    ].join('\n\n');
  } finally {
    await gateway.stop();
    await host.close();
  }
}

interface Held {
  readonly requests: number;
  readonly mib: number;
}

/** The middle of the first looks after it has settled, beside that of the last ones. */
function verdict(held: readonly Held[]): string {
  const settled = held.filter(({ requests }) => requests >= SETTLED_AT).map(({ mib }) => mib);
  const half = Math.floor(settled.length / 2);
  const [early, late] = [median(settled.slice(0, half)), median(settled.slice(-half))];
  const change = late - early;
  return (
    `From ${grouped(SETTLED_AT)} requests on, the middle of the later looks is ${Math.abs(change).toFixed(0)} MiB ` +
    `(${Math.abs((100 * change) / early).toFixed(0)} %) ${change < 0 ? 'below' : 'above'} that of the earlier ones.`
  );
}

interface Kind {
  readonly bodies: Bodies;
  /** In one of so many turns. */
  readonly every: number;
}

/** A batch is as much work as hundreds of others, and would leave no time for them. */
const EVERY: Readonly<Partial<Record<WorkloadName, number>>> = { batch: 8 };

const TURNS = 16;

/** For each connection the bodies of all kinds, in turn. */
function mixed(kinds: readonly Kind[]): Bodies {
  return Array.from({ length: CONNECTIONS }, (_, connection) =>
    Array.from({ length: TURNS }, (__, turn) =>
      kinds
        .filter(({ every }) => turn % every === 0)
        .flatMap(({ bodies, every }) => {
          const own = bodies[connection] ?? [];
          return own[(turn / every) % own.length] ?? [];
        }),
    ).flat(),
  );
}

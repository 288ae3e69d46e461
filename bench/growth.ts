import { rmSync } from 'node:fs';
import { askedOf, startToReady } from './comparison';
import { type Engine, type Host, openHost } from './engines';
import { type Passage, runOverStore } from './gateway';
import { load } from './load';
import { type Options } from './options';
import { type Peer, startHeliograph } from './peers';
import { ABSENT_WORD, RARE_WORD } from './phrases';
import { circumstances, median } from './report';
import { ask } from './sameness';
import { makeSampleStore, type SampleStore, writeSampleLines } from './sample-store';
import { body, PAGE_SIZE } from './workloads';

export const QUESTIONS = ['inbox', 'deep', 'end', 'search', 'search-none', 'count'] as const;
export type Question = (typeof QUESTIONS)[number];

/** What was measured on one engine. */
export interface Growth {
  readonly engine: Engine;
  /** By ascending number of messages. */
  readonly stores: readonly StoreFigures[];
  /** Of the measuring, as lines of a list. */
  readonly circumstances: readonly string[];
}

/** What a store of one size takes. */
export interface StoreFigures {
  readonly messages: number;
  /** The median wait of a client that asks alone, in milliseconds. */
  readonly p50Ms: Readonly<Record<Question, number>>;
  readonly startMs: number;
  readonly imported: Passage;
  readonly exported: Passage;
}

/** Measures stores of several sizes side by side. */
export async function measureGrowth(engine: Engine, folder: string, options: Options): Promise<Growth> {
  const host = await openHost(engine, folder);
  try {
    const stores = await growthOn(host, folder, options);
    const { rounds, seconds } = options;
    const lasting = `Medians of ${rounds} rounds of ${seconds} s of the median answer, over one connection.`;
    return { engine, stores, circumstances: [lasting, ...circumstances()] };
  } finally {
    await host.close();
  }
}

interface Grown {
  readonly store: SampleStore;
  readonly exported: Passage;
  readonly startMs: number;
  readonly gateway: Peer;
  readonly bodies: Readonly<Record<Question, string>>;
}

async function growthOn(host: Host, folder: string, options: Options): Promise<readonly StoreFigures[]> {
  const grown: Grown[] = [];
  try {
    for (const messages of options.sizes) grown.push(await grow(host, folder, messages));
    const waits = new Map<Question, readonly number[]>();
    for (const question of QUESTIONS) waits.set(question, await takeTurns(question, grown, options));
    return grown.map(({ store, startMs, exported }, place) => ({
      ...{ messages: store.messages, startMs, imported: store.imported, exported },
      p50Ms: Object.fromEntries([...waits].map(([question, p50Ms]) => [question, p50Ms[place]])) as Record<
        Question,
        number
      >,
    }));
  } finally {
    for (const { gateway } of grown) await gateway.stop();
    for (const { store } of grown) await host.removeStore(store.url);
  }
}

async function grow(host: Host, folder: string, messages: number): Promise<Grown> {
  const lines = await writeSampleLines(folder, messages);
  const store = await makeSampleStore(host, lines);
  rmSync(lines.file);
  const exported = await runOverStore(store.url, 'export', '-');
  const startMs = await startToReady(store.url);
  const gateway = await startHeliograph(store.url);
  return { store, exported, startMs, gateway, bodies: await bodiesOver(gateway, store) };
}

const FROM_END = 'query FromEnd($last: Int!) { messages(last: $last) { pageInfo { startCursor } } }';

async function bodiesOver(gateway: Peer, store: SampleStore): Promise<Grown['bodies']> {
  const { deepCursor } = await askedOf(gateway, store);
  const end = (await ask(
    gateway,
    JSON.stringify({ operationName: 'FromEnd', query: FROM_END, variables: { last: PAGE_SIZE + 1 } }),
  )) as { readonly messages: { readonly pageInfo: { readonly startCursor: string } } };
  const page = (after?: string): string => body(gateway.name, 'Inbox', { first: PAGE_SIZE, after });
  const search = (word: string): string =>
    body(gateway.name, 'Search', { q: word.toLowerCase(), first: PAGE_SIZE });
  return {
    inbox: page(),
    deep: page(deepCursor),
    end: page(end.messages.pageInfo.startCursor),
    search: search(RARE_WORD),
    'search-none': search(ABSENT_WORD),
    count: body(gateway.name, 'Count', {}),
  };
}

/** @returns the median wait for each store, the stores taking turns. */
async function takeTurns(
  question: Question,
  grown: readonly Grown[],
  { seconds, rounds }: Options,
): Promise<readonly number[]> {
  const waits: readonly number[][] = grown.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    process.stderr.write(`${question}: round ${round} of ${rounds}\n`);
    for (const [place, { gateway, bodies }] of grown.entries()) {
      const { p50Ms, failures } = await load(gateway, {
        bodies: [[bodies[question]]],
        isRead: true,
        seconds,
      });
      if (failures > 0) throw new Error(`${question}: ${failures} answers failed`);
      // The round before the first is the warm-up.
      if (round > 0) waits[place]?.push(p50Ms);
    }
  }
  return waits.map(median);
}

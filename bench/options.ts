import { parseArgs } from 'node:util';
import { type Engine, ENGINES } from './engines';
import { WORKLOAD_NAMES, type WorkloadName } from './workloads';

export interface Options {
  readonly engines: readonly Engine[];
  /** In the store; at least `LEAST_MESSAGES`. */
  readonly messages: number;
  /** How long each peer is under load in each round. */
  readonly seconds: number;
  /** How often those that are compared take turns. */
  readonly rounds: number;
  readonly workloads: readonly WorkloadName[];
  /** Stores of so many messages are compared, instead of peers. */
  readonly growth: boolean;
  /** Ascending. */
  readonly sizes: readonly number[];
  /** One gateway is watched over many requests. */
  readonly memory: boolean;
  /** So many gateways are compared; of none nothing is. */
  readonly processes: readonly number[];
  /** The results go into docs/BENCHMARKS.md as well. */
  readonly write: boolean;
}

/** Every connection writes messages of its own: fewer would not be enough for the batches of 500. */
const LEAST_MESSAGES = 20_000;

/** Fewer hold no page deep down. */
const LEAST_SIZE = 1_000;

/** @throws Error that says which option is wrong and what it may be. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      engine: { type: 'string', multiple: true, default: [] },
      messages: { type: 'string', default: String(LEAST_MESSAGES) },
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true, default: [] },
      growth: { type: 'boolean', default: false },
      sizes: { type: 'string', default: '10000,100000,1000000' },
      memory: { type: 'boolean', default: false },
      processes: { type: 'string', default: '' },
      write: { type: 'boolean', default: false },
    },
  });
  return {
    engines: some('engine', values.engine, ENGINES),
    messages: wholeNumber('messages', values.messages, LEAST_MESSAGES),
    seconds: wholeNumber('seconds', values.seconds, 1),
    rounds: wholeNumber('rounds', values.rounds, 1),
    workloads: some('only', values.only, WORKLOAD_NAMES),
    growth: values.growth,
    sizes: wholeNumbers('sizes', values.sizes, LEAST_SIZE),
    memory: values.memory,
    processes: wholeNumbers('processes', values.processes, 1),
    write: values.write,
  };
}

/** @returns all of them when none is named. */
function some<T extends string>(option: string, given: readonly string[], known: readonly T[]): readonly T[] {
  const found = given.map(name => {
    const one = known.find(each => each === name);
    if (one === undefined) throw new Error(`--${option} must be one of ${known.join(', ')}`);
    return one;
  });
  return found.length === 0 ? known : found;
}

function wholeNumbers(option: string, given: string, least: number): readonly number[] {
  const texts = given.split(',').filter(text => text !== '');
  return texts.map(text => wholeNumber(option, text, least)).sort((a, b) => a - b);
}

function wholeNumber(option: string, given: string, least: number): number {
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new Error(`--${option} must be a whole number of at least ${least}`);
  }
  return value;
}

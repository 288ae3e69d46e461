import { parseArgs } from 'node:util';
import { WORKLOAD_NAMES, type WorkloadName } from './workloads';

export interface Options {
  /** In the store; at least `LEAST_MESSAGES`. */
  readonly messages: number;
  /** How long each peer is under load in each round. */
  readonly seconds: number;
  /** How often the peers take turns at each workload. */
  readonly rounds: number;
  readonly workloads: readonly WorkloadName[];
}

/** Every connection writes messages of its own: fewer would not be enough for the batches of 500. */
const LEAST_MESSAGES = 20_000;

/** @throws Error that says which option is wrong and what it may be. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string', default: String(LEAST_MESSAGES) },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  return {
    messages: wholeNumber('messages', values.messages, LEAST_MESSAGES),
    seconds: wholeNumber('seconds', values.seconds, 1),
    rounds: wholeNumber('rounds', values.rounds, 1),
    workloads: values.only.length === 0 ? WORKLOAD_NAMES : values.only.map(workloadName),
  };
}

function wholeNumber(name: string, given: string, least: number): number {
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new Error(`--${name} must be a whole number of at least ${least}`);
  }
  return value;
}

function workloadName(given: string): WorkloadName {
  const name = WORKLOAD_NAMES.find(known => known === given);
  if (name === undefined) throw new Error(`--only must be one of ${WORKLOAD_NAMES.join(', ')}`);
  return name;
}

import { readFileSync } from 'node:fs';

/** The kernel counts in ticks of this length on every Linux that Node runs on, in milliseconds. */
const TICK_MS = 10;

/** The places of user and system time in `/proc/PID/stat` after the name, and of those of children that have ended. */
const OWN = [11, 12];
const ENDED_CHILDREN = [13, 14];

/**
 * What a process has used of the processor so far, all threads, in milliseconds; NaN where the system does not tell
 * (it does on Linux). Other work on the machine lengthens the wait for an answer, but hardly this.
 */
export function processorTimeMs(pid: number): number {
  return timeMs(pid, OWN);
}

/** The same of a process and of all that it has started. */
export function processorTimeOfFamilyMs(pid: number): number {
  const children = readText(`/proc/${pid}/task/${pid}/children`)?.trim().split(' ').filter(Boolean) ?? [];
  // A child that ends meanwhile is gone: what it used stands among the ended ones at the next look.
  const living = children.map(child => timeMs(Number(child), OWN)).filter(ms => !Number.isNaN(ms));
  return living.reduce((sum, ms) => sum + ms, timeMs(pid, [...OWN, ...ENDED_CHILDREN]));
}

function timeMs(pid: number, places: readonly number[]): number {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return Number.NaN;
  // The second field is the program's name, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return places.reduce((sum, place) => sum + Number(fields[place]) * TICK_MS, 0);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

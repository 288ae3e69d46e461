import { readFileSync } from 'node:fs';

/** The kernel counts in ticks of this length on every Linux that Node runs on, in milliseconds. */
const TICK_MS = 10;

/**
 * What a process has used of the processor so far, all threads, in milliseconds; NaN where the system does not tell
 * (it does on Linux). Other work on the machine lengthens the wait for an answer, but hardly this.
 */
export function processorTimeMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name, which may hold spaces; user and system time are the 14th and 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}

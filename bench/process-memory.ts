import { readFileSync } from 'node:fs';

/** What a process holds in memory now, in MiB; NaN where the system does not tell (it does on Linux). */
export function residentMemoryMiB(pid: number): number {
  return sizeMiB(pid, 'VmRSS');
}

/** The most that it has held so far. */
export function peakMemoryMiB(pid: number): number {
  return sizeMiB(pid, 'VmHWM');
}

function sizeMiB(pid: number, name: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024;
  } catch {
    return Number.NaN;
  }
}

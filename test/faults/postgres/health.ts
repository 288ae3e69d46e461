import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 100;

export interface Probe {
  readonly path: string;
  readonly status: number;
  readonly atMs: number;
  readonly tookMs: number;
}

/** Asks a gateway how it is, again and again, as what starts and balances it does. */
export class Health {
  readonly probes: Probe[] = [];
  private isOver = false;
  private readonly watching: Promise<unknown>;

  constructor(private readonly gateway: string) {
    this.watching = Promise.all([this.watch('/healthz'), this.watch('/readyz')]);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.watching;
  }

  statuses(path: string): readonly number[] {
    return [...new Set(this.probes.filter(probe => probe.path === path).map(({ status }) => status))].sort();
  }

  /** Waits until the gateway says that it is ready, or not. @returns milliseconds that this took. */
  async until(status: 200 | 503): Promise<number> {
    const beganMs = performance.now();
    while ((await ask(this.gateway, '/readyz')) !== status) await delay(20);
    return performance.now() - beganMs;
  }

  private async watch(path: string): Promise<void> {
    while (!this.isOver) {
      const atMs = performance.now();
      const status = await ask(this.gateway, path);
      this.probes.push({ path, status, atMs, tookMs: performance.now() - atMs });
      await delay(EVERY_MS);
    }
  }
}

async function ask(gateway: string, path: string): Promise<number> {
  const answer = await fetch(new URL(path, gateway));
  await answer.text();
  return answer.status;
}

import { timedOut } from '../deadline';

/**
 * Something of which there are few, and of which each is used by one at a time: it is free, or somebody's. Whoever finds
 * none free waits, and they go out first come, first served.
 */
export class Turns<Thing> {
  private readonly free: Thing[];
  /** In the order in which they came. */
  private readonly waiters = new Set<(thing: Thing) => void>();

  constructor(things: readonly Thing[]) {
    this.free = [...things];
  }

  get waiting(): number {
    return this.waiters.size;
  }

  /**
   * @param patienceMs how long to wait; Infinity for as long as it takes.
   * @throws Refusal TIMEOUT when that is over; the place among those that wait is given up then.
   */
  async take(patienceMs: number): Promise<Thing> {
    if (patienceMs <= 0) throw timedOut();
    const thing = this.takeNow();
    if (thing !== undefined) return thing;
    return new Promise((resolve, reject) => {
      const enter = (free: Thing): void => {
        clearTimeout(timer);
        resolve(free);
      };
      const leave = (): void => {
        this.waiters.delete(enter);
        reject(timedOut());
      };
      const timer = patienceMs === Infinity ? undefined : setTimeout(leave, patienceMs);
      this.waiters.add(enter);
    });
  }

  /** Undefined where none is free. */
  takeNow(): Thing | undefined {
    return this.free.pop();
  }

  give(thing: Thing): void {
    const [next] = this.waiters;
    if (next === undefined) {
      this.free.push(thing);
    } else {
      this.waiters.delete(next);
      next(thing);
    }
  }
}

import { setImmediate } from 'node:timers/promises';
import { type Deadline } from './deadline';

/** How long one request may keep everything else waiting, in milliseconds. */
const SLICE_MS = 25;

/**
 * Long work of one request, in short slices: other requests get theirs in between, and what runs past its deadline ends.
 * There is one of these for each request, however many of its fields want to work.
 */
export class TimeSlices {
  private beganMs = performance.now();
  private slice = 0;

  constructor(private readonly deadline: Deadline) {}

  /**
   * Does a piece of work, now or in a later slice.
   * @throws Refusal TIMEOUT when the request has no time left.
   */
  async run<Result>(work: () => Result): Promise<Result> {
    while (this.isUsedUp) await this.next();
    return work();
  }

  /**
   * Does a piece of work for each thing, one after the other. To wait for each apart would take longer than most pieces.
   * @throws Refusal TIMEOUT when the request has no time left.
   */
  async map<Item, Result>(items: readonly Item[], work: (item: Item) => Result): Promise<readonly Result[]> {
    const results: Result[] = [];
    for (const item of items) {
      while (this.isUsedUp) await this.next();
      results.push(work(item));
    }
    return results;
  }

  private get isUsedUp(): boolean {
    return performance.now() - this.beganMs > SLICE_MS;
  }

  /** Many wait for the next slice; the first to be woken begins it for all. */
  private async next(): Promise<void> {
    const { slice } = this;
    await setImmediate();
    if (slice === this.slice) {
      this.slice += 1;
      this.beganMs = performance.now();
    }
    this.deadline.require();
  }
}

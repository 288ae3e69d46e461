import { setImmediate } from 'node:timers/promises';
import { requireTime } from './deadline';

/** How long one request may keep everything else waiting, in milliseconds. */
const TURN_MS = 25;

/**
 * Long work of one request, in short turns: other requests get theirs in between, and what runs past its deadline ends.
 * There is one of these for each request, however many of its fields want to work.
 */
export class Turns {
  private beganMs = performance.now();
  private turn = 0;

  /**
   * Does a piece of work, now or in a later turn.
   * @throws Refusal TIMEOUT when the request has no time left.
   */
  async take<Result>(work: () => Result): Promise<Result> {
    while (performance.now() - this.beganMs > TURN_MS) await this.next();
    return work();
  }

  /** Many wait for the next turn; the first to be woken begins it for all. */
  private async next(): Promise<void> {
    const { turn } = this;
    await setImmediate();
    if (turn === this.turn) {
      this.turn += 1;
      this.beganMs = performance.now();
    }
    requireTime();
  }
}

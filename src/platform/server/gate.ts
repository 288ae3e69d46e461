import { type Writable } from 'node:stream';
import { HttpRefusal } from './http-answer';

/** Milliseconds that a request waits for its turn: who has waited longer is about to ask again anyway. */
const MAX_WAIT_MS = 2_000;

/** One for all, made beforehand: under overload even the stack of an error would be work. */
export const OVERLOADED = new HttpRefusal(
  503,
  'The server is busy, and nothing of this request was carried out; try again in 1 s.',
  'OVERLOADED',
  { 'retry-after': '1' },
);

/** Never read by anybody; 499 is how proxies log it. */
const CALLER_LEFT = new HttpRefusal(499, 'The caller left before its turn came.');

export interface GateLimits {
  readonly maxRunning: number;
  readonly maxWaiting: number;
}

/** Gives a place up; only the first call does anything. */
export type Leave = () => void;

/** Whoever waits for an answer; `close` means that nobody does any more. */
type Caller = Pick<Writable, 'destroyed' | 'once' | 'off'>;

/**
 * Lets so many requests run at the same time, because more of them would only make each slower. A request is running,
 * or waiting (first come, first served), or refused: when the waiting room is full, or when it has waited too long.
 * One whose caller leaves while it waits is forgotten.
 */
export class Gate {
  private running = 0;
  /** A set keeps the order of arrival, and lets go of whoever leaves in the middle without a search. */
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly limits: GateLimits,
    private readonly maxWaitMs = MAX_WAIT_MS,
  ) {}

  /** Whether whoever came now would be refused. */
  get isFull(): boolean {
    return this.running >= this.limits.maxRunning && this.waiting.size >= this.limits.maxWaiting;
  }

  /**
   * @returns how to leave, which has to be called when everything that was let in has ended.
   * @throws HttpRefusal OVERLOADED where there is no place.
   */
  enter(caller: Caller): Promise<Leave> {
    if (caller.destroyed) return Promise.reject(CALLER_LEFT);
    if (this.isFull) return Promise.reject(OVERLOADED);
    if (this.running >= this.limits.maxRunning) return this.wait(caller);
    this.running += 1;
    return Promise.resolve(this.leaveOnce());
  }

  private wait(caller: Caller): Promise<Leave> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        caller.off('close', forget);
        this.waiting.delete(admit);
      };
      const admit = (): void => {
        end();
        resolve(this.leaveOnce());
      };
      const forget = (): void => {
        end();
        reject(CALLER_LEFT);
      };
      const timer = setTimeout(() => {
        end();
        reject(OVERLOADED);
      }, this.maxWaitMs);
      caller.once('close', forget);
      this.waiting.add(admit);
    });
  }

  private leaveOnce(): Leave {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const [admitNext] = this.waiting;
      // The place is handed on, not given back: nobody who comes just now can slip in before who waits.
      if (admitNext === undefined) this.running -= 1;
      else admitNext();
    };
  }
}

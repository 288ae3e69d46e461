import { type ServerResponse } from 'node:http';
import { type Leave } from './gate';

export interface DeliveryPatience {
  /** Milliseconds for which an answer that is not taken keeps its request's place. */
  readonly slowAfterMs: number;
  /** Milliseconds after which it is cut, even if it is still read in drops. */
  readonly cutAfterMs: number;
}

/** Bytes of all slow answers together that are kept in memory; when it is more, those that wait longest are cut. */
const MAX_SLOW_BYTES = 64_000_000;

/**
 * How answers leave. An answer is handed over; then it is taken, as nearly every one is at once, or slow, then cut. At
 * first it keeps its request's place, so that answers do not pile up faster than they are read. A slow one does not:
 * a few callers who never read would stop everybody else. Its memory counts instead.
 */
export class Deliveries {
  private readonly slow = new Set<ServerResponse>();

  constructor(private readonly patience: DeliveryPatience) {}

  /** @param leave is called when the answer is taken, when it turns slow, or when its caller is gone. */
  watch(answer: ServerResponse, leave: Leave): void {
    if (answer.destroyed) {
      leave();
      return;
    }
    const { slowAfterMs, cutAfterMs } = this.patience;
    const turnSlow = (): void => {
      leave();
      timer = setTimeout(() => answer.destroy(), cutAfterMs - slowAfterMs).unref();
      this.slow.add(answer);
      this.makeRoom();
    };
    // The event alone would not do: of answers to pipelined requests, Node closes only the first with its socket.
    let timer = setTimeout(turnSlow, slowAfterMs).unref();
    answer.once('close', () => {
      clearTimeout(timer);
      this.slow.delete(answer);
      leave();
    });
  }

  /** Never cuts the newest: an answer that is too large by itself may still be read by an honest caller. */
  private makeRoom(): void {
    const answers = [...this.slow];
    let bytes = answers.reduce((sum, answer) => sum + unreadBytes(answer), 0);
    for (const oldest of answers.slice(0, -1)) {
      if (bytes <= MAX_SLOW_BYTES) return;
      bytes -= unreadBytes(oldest);
      oldest.destroy();
    }
  }
}

function unreadBytes(answer: ServerResponse): number {
  // Behind another answer of the same connection it has no socket yet, and holds its text itself.
  return answer.socket?.writableLength ?? answer.writableLength;
}

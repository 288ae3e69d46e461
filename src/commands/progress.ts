import { SingleBar } from 'cli-progress';
import { systemClock } from '../platform/clock';

/** How a command that takes its time shows that it is alive. */
export interface Progress {
  /** @param note what has been done, for people; @param done of the total. */
  update(done: number, note: string): void;
  /** Writes a line of its own. */
  say(line: string): void;
  stop(): void;
}

/** How often a line is written where no bar can be drawn, in milliseconds: a log is not to be flooded. */
const LINE_INTERVAL_MS = 5_000;

/**
 * A bar on a terminal, else a line now and then.
 * @param total null where nobody knows how much there is: then a line, on a terminal too.
 */
export function startProgress(total: number | null, stream: NodeJS.WriteStream): Progress {
  return stream.isTTY && total !== null && total > 0 ? startBar(total, stream) : startLines(total, stream);
}

function startBar(total: number, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    format: '{bar} {percentage}% | {note} | {eta_formatted} left',
    stream,
    barsize: 30,
    clearOnComplete: true,
    forceRedraw: true,
    // Its handler would keep the first Ctrl-C from ending the command; without one, nothing restores the terminal.
    gracefulExit: false,
    linewrap: null,
  });
  bar.start(total, 0, { note: '' });
  return {
    update: (done, note) => bar.update(Math.min(done, total), { note }),
    // Over the bar, which draws itself anew below.
    say: line => stream.write(`\r\u001b[K${line}\n`),
    stop: () => bar.stop(),
  };
}

function startLines(total: number | null, stream: NodeJS.WriteStream): Progress {
  const began = systemClock.now().getTime();
  let last = began;
  return {
    update: (done, note) => {
      const now = systemClock.now().getTime();
      if (now - last < LINE_INTERVAL_MS) return;
      last = now;
      if (total === null || done === 0) {
        stream.write(`${note}\n`);
        return;
      }
      const leftMs = ((now - began) * (total - done)) / done;
      stream.write(`${Math.floor((100 * done) / total)}% | ${note} | ${duration(leftMs)} left\n`);
    },
    say: line => stream.write(`${line}\n`),
    stop: () => undefined,
  };
}

/** `40 s`, `3 min`: no more exact than a guess can be. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

/** `1,200 lines in 1.5 s, 800 a second`. */
export function pace(count: number, what: string, startedAt: Date): string {
  const seconds = Math.max(0.001, (systemClock.now().getTime() - startedAt.getTime()) / 1_000);
  return `${grouped(count)} ${what} in ${seconds.toFixed(1)} s, ${grouped(Math.round(count / seconds))} a second`;
}

/** A number with its thousands apart. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

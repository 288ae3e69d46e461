import { EXIT_CODES } from './failure';

/**
 * Ends the process on Ctrl-C, with a line that says how to go on. What was committed stays; the rest no engine keeps.
 * @param beforehand clears away what is on the terminal.
 * @returns what ends that, for when the work is done.
 */
export function stopOnInterrupt(beforehand: () => void): () => void {
  const stop = (): void => {
    beforehand();
    // Lines may wait for a slow pipe before this one; who does not want to wait as well presses once more.
    process.stderr.write('stopped; run the same command again to go on\n', () =>
      process.exit(EXIT_CODES.interrupted),
    );
  };
  process.once('SIGINT', stop);
  return () => process.removeListener('SIGINT', stop);
}

/** How often it is looked whether the time is over, in milliseconds. */
const TICK_MS = 100;

export class NoAnswer extends Error {}

/**
 * Waits for `awaited`, but only so many milliseconds in which this process could listen. Time that it was busy with
 * something else, at its start or under a large request, says nothing about the other side, whose answer may long be there.
 * @throws NoAnswer when they are over, and what `awaited` rejects with.
 */
export async function withPatience<T>(ms: number, awaited: Promise<T>): Promise<T> {
  let leftMs = ms;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    // After a pause of the process this comes once, however many times it would have been due.
    timer = setInterval(() => {
      leftMs -= TICK_MS;
      if (leftMs <= 0) reject(new NoAnswer(`There was no answer within ${ms} ms.`));
    }, TICK_MS);
  });
  try {
    return await Promise.race([awaited, over]);
  } finally {
    clearInterval(timer);
  }
}

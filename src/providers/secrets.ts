import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two texts are one, in a time that tells neither where they part nor how long the wanted one is. */
export function sameText(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

/** Whether one of the secrets fits. All are tried: the time does not tell which. */
export function someFits(secrets: readonly string[], fits: (secret: string) => boolean): boolean {
  return secrets.map(fits).includes(true);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

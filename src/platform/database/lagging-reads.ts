/**
 * Whether the caller of a request has written something whose entry in the record of writes has an id above `mark`.
 * Only the store itself can answer that.
 */
export type HasWrittenSince = (mark: number) => Promise<boolean>;

/**
 * The leave of one request to be answered by a copy of the store that lags behind, unless that hid what its caller wrote. On a
 * store without copies it changes nothing.
 */
export class LaggingReads {
  private hasEnded = false;

  constructor(readonly hasWrittenSince: HasWrittenSince) {}

  get areAllowed(): boolean {
    return !this.hasEnded;
  }

  /** When the request begins to write: from then on the store itself answers it. */
  end(): void {
    this.hasEnded = true;
  }
}

import { Refusal } from './errors';

/** How much text one request may read from the store: what it holds in memory must stay bounded. */
export class ReadingBudget {
  private spent = 0;

  /** @param max characters, in UTF-16 units, of all its statements together. */
  constructor(private readonly max: number) {}

  /**
   * Counts what a statement has read.
   * @throws Refusal QUERY_TOO_COMPLEX when that was too much.
   */
  spend(rows: readonly unknown[]): void {
    for (const row of rows) this.spent += charactersOf(row as object);
    if (this.spent <= this.max) return;
    throw new Refusal(
      'QUERY_TOO_COMPLEX',
      `The limit \`readCharacters\` allows ${this.max} characters to be read; here are at least ${this.spent}. ` +
        'Ask for fewer messages at a time.',
      { limit: 'readCharacters', max: this.max, actual: this.spent },
    );
  }

  /** As if nothing had been read: for a request that begins once more. */
  startAnew(): void {
    this.spent = 0;
  }
}

/** @param row cells by the names of their columns, or in a list. */
function charactersOf(row: object): number {
  let characters = 0;
  for (const cell of Object.values(row)) {
    // Bytes are as many as their characters, or more: who was refused for them asks once more, cell by cell.
    if (typeof cell === 'string' || cell instanceof Uint8Array) characters += cell.length;
  }
  return characters;
}

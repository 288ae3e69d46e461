import { createHash } from 'node:crypto';
import { type Query } from '../query';
import { type Cells, type CopiedTable } from './copied-table';
import { type PageBounds, pagesOf } from './pages';

/** What a table holds, in short: two that are equal in this are equal. */
export interface Contents {
  readonly rows: number;
  /** SHA-256 in hexadecimal of every row in the order of the key, each as the JSON array of its cells and a newline. */
  readonly checksum: string;
}

/** Takes the rows of a table one page after the other. */
export class Checksum {
  private readonly hash = createHash('sha256');
  private rows = 0;

  add(page: readonly Cells[]): void {
    for (const cells of page) this.hash.update(`${JSON.stringify(cells)}\n`);
    this.rows += page.length;
  }

  /** Of what was added so far; more may follow. */
  get contents(): Contents {
    return { rows: this.rows, checksum: this.hash.copy().digest('hex') };
  }
}

/** Reads rows of a table for their checksum alone. @param tell told of every page how many rows it had. */
export async function checksumOf(
  query: Query,
  table: CopiedTable,
  bounds: PageBounds,
  tell: (rows: number) => void,
): Promise<Checksum> {
  const checksum = new Checksum();
  for await (const page of pagesOf(query, table, bounds)) {
    checksum.add(page);
    tell(page.length);
  }
  return checksum;
}

export function isSame(one: Contents, other: Contents): boolean {
  return one.rows === other.rows && one.checksum === other.checksum;
}

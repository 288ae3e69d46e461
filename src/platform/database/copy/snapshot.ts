import { type Dialect } from '../dialect';
import { type Place } from '../place';
import { postgresDialect } from '../postgres/dialect';
import { type Query } from '../query';
import { sqliteDialect } from '../sqlite-dialect';
import { about, type Side } from './copy-error';
import { withFileSnapshot } from './file-snapshot';
import { withServerSnapshot } from './server-snapshot';

/** A store as it was at one moment, to be read only, whoever writes to it meanwhile. */
export interface Snapshot {
  readonly dialect: Dialect;
  readonly query: Query;
}

/**
 * Opens what stands at a place for as long as `work` takes. Nothing is made or changed there, nor are any migrations
 * applied: whether it is a store at all is for `work` to find out.
 * @throws CopyError when it is not there, or cannot be read; and what `work` throws.
 */
export async function withSnapshot<T>(
  side: Side,
  { file, url }: Place,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const dialect = file === null ? postgresDialect : sqliteDialect;
  let isOpen = false as boolean;
  const reading = (query: Query): Promise<T> => {
    isOpen = true;
    return work({ dialect, query: (sql, parameters) => about(side, () => query(sql, parameters)) });
  };
  try {
    return await (file === null ? withServerSnapshot(url ?? '', reading) : withFileSnapshot(file, reading));
  } catch (error) {
    // Whatever happens from there on has its own words.
    return isOpen ? raise(error) : about(side, () => raise(error));
  }
}

function raise(error: unknown): never {
  throw error;
}

import { allOf, type Clause, clause } from '../clause';
import { type Query, type SqlValue } from '../query';
import { type Cells, type CopiedTable, quote } from './copied-table';
import { storableCells } from './storable';

/** Rows of a table in the order of its key; at least one. */
export type CopiedPage = readonly Cells[];

/** Keys between which pages lie; null for no bound. */
export interface PageBounds {
  readonly after: Cells | null;
  readonly through: Cells | null;
}

export const WHOLE: PageBounds = { after: null, through: null };

/** Most rows of one page, and about how many bytes of text: a page is in memory several times over. */
const MAX_ROWS = 1_000;
const MAX_BYTES = 4_000_000;

/**
 * Reads a table page by page, as fast as the reader takes them.
 * @throws CopyError at a row that not every engine can store.
 */
export async function* pagesOf(
  query: Query,
  table: CopiedTable,
  { after, through }: PageBounds,
): AsyncGenerator<CopiedPage> {
  for (let from = after; ;) {
    const end = await endOfPage(query, table, { after: from, through });
    if (end === null) return;
    const page = await readPage(query, table, { after: from, through: end });
    yield page;
    from = end;
  }
}

/** The key of the last row; null where there is none. */
export async function lastKey(query: Query, table: CopiedTable): Promise<Cells | null> {
  const [row] = await query<NamedCells>(
    `select ${keyList(table)} from ${table.name} order by ${keyList(table, ' desc')} limit 1`,
  );
  return row === undefined ? null : table.key.map(name => row[name] ?? null);
}

type NamedCells = Readonly<Record<string, SqlValue>>;

/** Asked for first, by the lengths alone, which both engines know without reading the texts. */
async function endOfPage(query: Query, table: CopiedTable, bounds: PageBounds): Promise<Cells | null> {
  const { sql, parameters } = within(table, bounds);
  const key = keyList(table);
  const [row] = await query<NamedCells>(
    `select ${key} from (
      select ${key}, sum(bytes) over (order by ${key}) - bytes as bytes_before from (
        select ${key}, ${bytesOf(table)} as bytes from ${table.name} where ${sql} order by ${key} limit ${MAX_ROWS}
      ) as candidates
    ) as measured where bytes_before < ${MAX_BYTES} order by ${keyList(table, ' desc')} limit 1`,
    parameters,
  );
  return row === undefined ? null : table.key.map(name => row[name] ?? null);
}

async function readPage(query: Query, table: CopiedTable, bounds: PageBounds): Promise<CopiedPage> {
  const { sql, parameters } = within(table, bounds);
  const columns = table.columns.map(column => quote(column.name)).join(', ');
  const rows = await query<NamedCells & { readonly text_bytes: number }>(
    `select ${columns}, ${bytesOf(table)} as text_bytes from ${table.name} where ${sql} order by ${keyList(table)}`,
    parameters,
  );
  return rows.map(row =>
    storableCells(
      table,
      table.columns.map(({ name }) => row[name] ?? null),
      row.text_bytes,
    ),
  );
}

function within(table: CopiedTable, { after, through }: PageBounds): Clause {
  const places = table.key.map(() => '?').join(', ');
  const bounds = [
    after === null ? [] : [clause(`(${keyList(table)}) > (${places})`, ...after)],
    through === null ? [] : [clause(`(${keyList(table)}) <= (${places})`, ...through)],
  ];
  return allOf(bounds.flat());
}

function keyList({ key }: CopiedTable, suffix = ''): string {
  return key.map(name => `${quote(name)}${suffix}`).join(', ');
}

/** How many bytes the texts of a row take, in UTF-8. */
function bytesOf({ columns }: CopiedTable): string {
  return columns
    .filter(({ type }) => type === 'text')
    .map(({ name }) => `coalesce(octet_length(${quote(name)}), 0)`)
    .join(' + ');
}

import { type Json } from '../graphql/json-text';
import { type Dialect, type JsonCell, type JsonPiece } from './dialect';
import { type Query, type SqlValue } from './query';

/** A member of the JSON object that a row becomes. */
export interface JsonMember {
  readonly name: string;
  /** A cell of the row, or a text that all rows share. */
  readonly value: JsonCell | string;
}

/** A row that has become JSON. */
export interface JsonRow {
  readonly json: Json;
  /** The cells of the columns that were asked for beside it. */
  readonly beside: readonly SqlValue[];
}

/** What to read of a table. Whoever reads the same again keeps this: what it takes is found out once. */
export interface JsonShape {
  readonly table: string;
  readonly members: readonly JsonMember[];
}

/**
 * Reads rows as JSON objects. Where the engine writes them, as SQLite does, nothing is parsed and nothing made on
 * the way from the file to the answer; where it would take longer over that than we do, as PostgreSQL does, they are
 * written here, cell by cell.
 * @param tail what stands behind the columns: `from …`, in which the table goes by its own name.
 * @throws Error where a row cannot be written, because something else than the gateway has filled it.
 */
export async function readJsonRows(
  query: Query,
  dialect: Dialect,
  shape: JsonShape,
  beside: readonly string[],
  tail: string,
  parameters: readonly SqlValue[],
): Promise<readonly JsonRow[]> {
  const { select, read } = waysOf(shape, dialect);
  const extra = beside.map((column, index) => `${shape.table}.${column} as beside_${String(index)}`);
  if (dialect.writesJson !== null) {
    const [gathered] = await query<GatheredTexts>(
      dialect.writesJson.gathered(`select ${[select, ...extra].join(', ')} ${tail}`, extra.length),
      parameters,
    );
    return textsOf(gathered);
  }
  const rows = await query<Row>(`select ${[select, ...extra].join(', ')} ${tail}`, parameters);
  return rows.map(row => ({
    json: read(row),
    beside: beside.map((_, index) => row[`beside_${String(index)}`] ?? null),
  }));
}

/** The byte that separates texts which cross together: in JSON it stands for nothing, and never in a text. */
const SEPARATOR = 0x1e;

/** Texts with the separator between them, null for none, and what was read beside them: as JSON, or how many they are. */
interface GatheredTexts {
  readonly texts: Uint8Array | null;
  readonly beside: string | number;
}

type Row = Readonly<Record<string, SqlValue>>;

interface Ways {
  /** The text as `text`, or the columns that it takes. */
  readonly select: string;
  readonly read: (row: Row) => string;
}

const known = new WeakMap<JsonShape, Ways>();

function waysOf(shape: JsonShape, dialect: Dialect): Ways {
  let ways = known.get(shape);
  if (ways === undefined) {
    ways = { select: selectOf(shape, dialect), read: readerOf(shape) };
    known.set(shape, ways);
  }
  return ways;
}

function textsOf(gathered: GatheredTexts | undefined): readonly JsonRow[] {
  const { texts = null, beside = 0 } = gathered ?? {};
  const found = texts === null ? [] : parted(texts);
  const cells = typeof beside === 'string' ? (JSON.parse(beside) as readonly Cells[]) : [];
  if (found.length !== (typeof beside === 'string' ? cells.length : beside)) {
    throw new Error('A row of the store cannot be written as JSON.');
  }
  return found.map((json, index) => ({ json, beside: cells[index] ?? [] }));
}

function parted(texts: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let to = texts.indexOf(SEPARATOR); to >= 0; to = texts.indexOf(SEPARATOR, from)) {
    parts.push(texts.subarray(from, to));
    from = to + 1;
  }
  parts.push(texts.subarray(from));
  return parts;
}

type Cells = readonly SqlValue[];

function selectOf({ table, members }: JsonShape, { writesJson }: Dialect): string {
  if (writesJson === null) {
    const columns = members.flatMap(({ value }) => (typeof value === 'string' ? [] : [value.column]));
    return [...new Set(['id', ...columns])].map(column => `${table}.${column}`).join(', ');
  }
  const pieces = members.flatMap(({ name, value }, index): readonly JsonPiece[] => {
    const before = `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    if (typeof value === 'string') return [{ text: before + value }];
    return [{ text: before }, ...writesJson.cell({ ...value, column: `${table}.${value.column}` })];
  });
  const all = [...pieces, { text: members.length === 0 ? '{}' : '}' }];
  return `${writesJson.concatenated(expressionsOf(all))} as text`;
}

/** Texts that follow each other become one. */
function expressionsOf(pieces: readonly JsonPiece[]): readonly string[] {
  const expressions: string[] = [];
  let text = '';
  for (const piece of pieces) {
    if ('text' in piece) {
      text += piece.text;
      continue;
    }
    if (text !== '') expressions.push(sqlText(text));
    text = '';
    expressions.push(piece.sql);
  }
  return text === '' ? expressions : [...expressions, sqlText(text)];
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function readerOf({ members }: JsonShape): (row: Row) => string {
  const parts = members.map(({ name, value }, index) => {
    const before = `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    if (typeof value === 'string') return () => before + value;
    const write = WRITERS[value.kind];
    const { column } = value;
    return (row: Row) => before + write(row[column] ?? null);
  });
  if (parts.length === 0) return () => '{}';
  return row => {
    let text = '';
    for (const part of parts) text += part(row);
    return `${text}}`;
  };
}

const NULL = 'null';

/** The same as the engine's `writesJson`. */
const WRITERS: Readonly<Record<JsonCell['kind'], (cell: SqlValue) => string>> = {
  key: cell => (cell === null ? NULL : `"${String(cell)}"`),
  number: cell => String(cell),
  word: cell => `"${String(cell)}"`,
  text: cell => (cell === null ? NULL : JSON.stringify(cell)),
  json: cell => (cell === null ? NULL : JSON.stringify(JSON.parse(cell as string))),
  instant: cell => (cell === null ? NULL : `"${new Date(Number(cell)).toISOString()}"`),
  presence: cell => String(cell !== null),
};

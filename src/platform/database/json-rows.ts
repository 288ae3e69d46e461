import { chunksOf } from '../grouping';
import { type Json } from '../graphql/json-text';
import { type Dialect, type JsonCell, type JsonWriting } from './dialect';
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
 * Reads rows as JSON objects, which the engine writes: nothing is parsed and nothing made on the way from the store to the
 * answer.
 * @param tail what stands behind the columns: `from …`, in which the table goes by its own name.
 * @throws Error where a row cannot be written.
 */
export async function readJsonRows(
  query: Query,
  { writesJson }: Dialect,
  shape: JsonShape,
  beside: readonly string[],
  tail: string,
  parameters: readonly SqlValue[],
): Promise<readonly JsonRow[]> {
  const names = beside.map((_, index) => `beside_${String(index)}`);
  const extra = beside.map((column, index) => `${shape.table}.${column} as ${names[index] ?? ''}`);
  const columns = [textOf(shape, writesJson), ...extra].join(', ');
  const [gathered] = await query<GatheredTexts>(
    writesJson.gathered(`select ${columns} ${tail}`, names),
    parameters,
  );
  return rowsOf(gathered);
}

/** What separates texts that cross together: in JSON it stands for nothing, and never in a text. */
const SEPARATOR = '\u001e';
const SEPARATOR_BYTE = 0x1e;

/** Texts with the separator between them, null for none, and what was read beside them: as JSON, or how many they are. */
interface GatheredTexts {
  readonly texts: Uint8Array | string | null;
  readonly beside: string | number;
}

type Cells = readonly SqlValue[];

function rowsOf(gathered: GatheredTexts | undefined): readonly JsonRow[] {
  const { texts = null, beside = 0 } = gathered ?? {};
  const found = texts === null ? [] : parted(texts);
  const cells = typeof beside === 'string' ? (JSON.parse(beside) as readonly Cells[]) : [];
  if (found.length !== (typeof beside === 'string' ? cells.length : beside)) {
    throw new Error('A row of the store cannot be written as JSON.');
  }
  return found.map((json, index) => ({ json, beside: cells[index] ?? [] }));
}

function parted(texts: Uint8Array | string): readonly Json[] {
  if (typeof texts === 'string') return texts.split(SEPARATOR);
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let to = texts.indexOf(SEPARATOR_BYTE); to >= 0; to = texts.indexOf(SEPARATOR_BYTE, from)) {
    parts.push(texts.subarray(from, to));
    from = to + 1;
  }
  return [...parts, texts.subarray(from)];
}

const known = new WeakMap<JsonShape, string>();

function textOf(shape: JsonShape, writing: JsonWriting): string {
  const text = known.get(shape) ?? newText(shape, writing);
  known.set(shape, text);
  return text;
}

function newText({ table, members }: JsonShape, writing: JsonWriting): string {
  const pieces = members.flatMap(({ name, value }, index): readonly JsonPiece[] => {
    const before = `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    if (typeof value === 'string') return [{ text: before + value }];
    return [{ text: before }, ...piecesOf({ ...value, column: `${table}.${value.column}` }, writing)];
  });
  const all = [...pieces, { text: members.length === 0 ? '{}' : '}' }];
  return `${concatenated(expressionsOf(all))} as text`;
}

/** A piece of a JSON text: as it is, or by an expression. */
type JsonPiece = { readonly text: string } | { readonly sql: string };

function piecesOf({ column, kind, nullable = false }: JsonCell, writing: JsonWriting): readonly JsonPiece[] {
  const orNull = (sql: string): string =>
    nullable ? `case when ${column} is null then 'null' else ${sql} end` : sql;
  const quoted = (sql: string): readonly JsonPiece[] =>
    nullable ? [{ sql: orNull(`'"' || ${sql} || '"'`) }] : [{ text: '"' }, { sql }, { text: '"' }];
  switch (kind) {
    case 'key':
    case 'word':
      return quoted(column);
    case 'number':
      return [{ sql: column }];
    case 'text':
      return [{ sql: writing.text(column) }];
    case 'json':
      return [{ sql: orNull(writing.json(column)) }];
    case 'instant':
      return quoted(writing.instant(column));
    case 'presence':
      return [{ sql: `case when ${column} is null then 'false' else 'true' end` }];
  }
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

/** Arguments that both engines take. */
const MAX_ARGUMENTS = 100;

/** By the operator, each step would copy all that stands before it: on SQLite a page took half as long again. */
function concatenated(expressions: readonly string[]): string {
  const calls = chunksOf(expressions, MAX_ARGUMENTS).map(chunk => `concat(${chunk.join(', ')})`);
  return calls.length === 1 ? (calls[0] ?? `''`) : concatenated(calls);
}

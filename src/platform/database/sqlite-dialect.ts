import { chunksOf } from '../grouping';
import { allOf, clause, NEVER } from './clause';
import { type Dialect, type JsonCell, type JsonPiece, MIN_INDEXED_LENGTH } from './dialect';
import { gathered } from './gathered';

/** Lists cross to SQLite as JSON and are taken apart there: thousands of parameters would take longer than the statement. */
export const sqliteDialect: Dialect = {
  engine: 'sqlite',
  isShared: false,

  among(expression, values) {
    const [first, ...others] = values;
    if (first === undefined) return NEVER;
    if (others.length === 0) return clause(`${expression} = ?`, first);
    return clause(`${expression} in (select value from json_each(?))`, JSON.stringify(values));
  },

  asJson: gathered,

  writesJson: {
    cell: jsonPieces,
    concatenated,
    gathered: (select, columns) => {
      const names = Array.from({ length: columns }, (_, index) => `beside_${String(index)}`);
      const beside = columns === 0 ? 'count(*)' : `json_group_array(json_array(${names.join(', ')}))`;
      return `select cast(group_concat(text, char(30)) as blob) as "texts", ${beside} as "beside" from (${select})`;
    },
  },

  // A value brings its type along.
  parameter: () => '?',

  // In its binary form: as text an item would be written and parsed anew for each of its cells.
  list: alias => `jsonb_each(?) ${alias}`,
  item: alias => `${alias}.value`,
  cell: (alias, index) => `${alias}.value ->> ${index}`,
  place: alias => `${alias}.key`,

  // The select's names are those of its own rows; `cross join` keeps the list outermost.
  eachOf: (list, table, ids) => `${list} cross join ${table} on ${table}.id in (${ids})`,

  holds(table, column, text, find) {
    const literal = clause(`instr(${column}, ?) > 0`, text);
    if (!find || !isIndexed(text)) return literal;
    const hits = `id in (select rowid from ${table}_search where ${table}_search match ?)`;
    return allOf([clause(hits, phrase(text)), literal]);
  },
  hits: (table, text, limit) =>
    isIndexed(text)
      ? clause(
          `select json_group_array(rowid)
            from (select rowid from ${table}_search where ${table}_search match ? limit ${limit})`,
          phrase(text),
        )
      : null,

  hasStatistics: false,
  readsRowsToTest: false,
  gathered: (_table, _columns, from, where) => `${from} where ${where}`,
  walked: (table, index) => `${table} ${index === null ? 'not indexed' : `indexed by ${index}`}`,
  // Unary plus says to SQLite: use no index for this column.
  unindexed: column => `+${column}`,
  keyOf: text => text,

  lockForIds: null,
  lastId: table => `select seq as "id" from sqlite_sequence where name = '${table}'`,
  // That table of SQLite's own knows no keys, and none of ours before its first row.
  setLastId: (table, id) => [
    `delete from sqlite_sequence where name = '${table}'`,
    `insert into sqlite_sequence (name, seq) select '${table}', last
      from (select max(${id}, coalesce(max(id), 0)) as last from ${table}) where last > 0`,
  ],
  claim: null,
  // Whoever writes has the only write lock.
  forUpdate: '',
  forRemoval: '',

  othersServing: null,

  hasTable: `select 1 from sqlite_master where type = 'table' and name = ?`,
  plainIndexes: `select name, sql as definition from sqlite_master
    where type = 'index' and tbl_name = ? and sql is not null and sql not like 'create unique %'`,
  // New rows touch pages all over the indexes: with SQLite's 2 MB each is read and written many times over. 64 MB hold
  // those of a million messages, and the WAL grows to some 32 MB before its pages go into the file, each once.
  beforeManyRows: ['pragma cache_size = -65536', 'pragma wal_autocheckpoint = 8000'],
  gatherStatistics: null,
};

function jsonPieces({ column, kind, nullable = false }: JsonCell): readonly JsonPiece[] {
  const quoted = (sql: string): readonly JsonPiece[] =>
    nullable
      ? [{ sql: `iif(${column} is null, 'null', '"' || ${sql} || '"')` }]
      : [{ text: '"' }, { sql }, { text: '"' }];
  switch (kind) {
    case 'key':
    case 'word':
      return quoted(column);
    case 'number':
      return [{ sql: column }];
    case 'text':
      return [{ sql: `json_quote(${column})` }];
    case 'json':
      return [{ sql: nullable ? `iif(${column} is null, 'null', json(${column}))` : `json(${column})` }];
    case 'instant':
      // Of one beyond the year 9999 it knows no text.
      return quoted(`coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', ${column} / 1000.0, 'unixepoch'), char(30))`);
    case 'presence':
      return [{ sql: `iif(${column} is null, 'false', 'true')` }];
  }
}

/** Arguments that a function takes. */
const MAX_ARGUMENTS = 100;

/** By the operator, each step would copy all that stands before it: a page took half as long again. */
function concatenated(expressions: readonly string[]): string {
  const chunks = chunksOf(expressions, MAX_ARGUMENTS);
  const calls = chunks.map(chunk => `concat(${chunk.join(', ')})`);
  return calls.length === 1 ? (calls[0] ?? `''`) : concatenated(calls);
}

function isIndexed(text: string): boolean {
  return Array.from(text).length >= MIN_INDEXED_LENGTH;
}

/** The text in the search index's own language, where quotation marks take everything else's meaning away. */
function phrase(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

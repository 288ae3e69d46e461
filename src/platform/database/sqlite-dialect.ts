import { allOf, clause, NEVER } from './clause';
import { type Dialect, MIN_INDEXED_LENGTH } from './dialect';
import { gathered } from './gathered';
import { sqliteJson } from './sqlite-json';

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

  writesJson: sqliteJson,

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
    const hits = `${table}.rowid in (select rowid from ${table}_search where ${table}_search match ?)`;
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
  takeTurns: null,
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

function isIndexed(text: string): boolean {
  return Array.from(text).length >= MIN_INDEXED_LENGTH;
}

/** The text in the search index's own language, where quotation marks take everything else's meaning away. */
function phrase(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

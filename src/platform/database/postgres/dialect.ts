import { type Clause, clause, NEVER } from '../clause';
import { type CellType, type Dialect, MIN_INDEXED_LENGTH } from '../dialect';
import { postgresJson } from './json';

/** A table of ours, the parameter, wherever else there is one of its name. */
const TABLE = `to_regclass(quote_ident(current_schema()) || '.' || quote_ident(?))`;

/**
 * Lists cross to PostgreSQL as one parameter, whatever their length: a text for each length of a list would be another
 * statement each time. It has statistics to choose its ways by, so that hints say nothing here.
 */
export const postgresDialect: Dialect = {
  engine: 'postgres',
  isShared: true,

  among(expression, values) {
    const storable = values.filter(value => !UNSTORABLE.test(String(value)));
    const [first, ...others] = storable;
    if (first === undefined) return NEVER;
    if (others.length === 0) return clause(`${expression} = ?`, first);
    const type = storable.every(value => typeof value === 'number') ? 'bigint' : 'text';
    return clause(`${expression} = any(?::${type}[])`, arrayText(storable));
  },

  // The server takes longer to write JSON than the driver takes to read rows.
  asJson: null,
  writesJson: postgresJson,

  parameter: type => `?::${type === 'integer' ? 'bigint' : 'text'}`,

  list: alias => `jsonb_array_elements(?::jsonb) with ordinality as ${alias} (value, place)`,
  item: (alias, type) => `(${alias}.value #>> '{}')${CASTS[type]}`,
  cell: (alias, index, type) => `(${alias}.value ->> ${index})${CASTS[type]}`,
  place: alias => `(${alias}.place - 1)`,

  // `offset 0` keeps the rows' look-up by their ids, one by one: as a join it might become a scan of the whole table.
  eachOf: (list, table, ids) =>
    `${list} cross join lateral (${ids}) as picked (id) ` +
    `cross join lateral (select * from ${table} where ${table}.id = picked.id offset 0) as ${table}`,

  holds: (_table, column, text, find): Clause =>
    find && Array.from(text).length >= MIN_INDEXED_LENGTH
      ? clause(`${column} like ?`, `%${text.replace(/[\\%_]/g, '\\$&')}%`)
      : clause(`strpos(${column}, ?) > 0`, text),
  hits: () => null,

  hasStatistics: true,
  readsRowsToTest: true,
  // What is materialized is planned for all of its rows, and still read no further than somebody asks.
  gathered: (table, columns, from, where) =>
    `(with found as materialized (select ${columns} from ${from} where ${where}) select * from found) as ${table}`,

  walked: table => table,
  unindexed: column => column,
  // As bytes, whatever the backslashes in it; "convert_to" would do the same, but no index takes it.
  keyOf: text => `sha256(replace(${text}, '\\', '\\\\')::bytea)`,

  lockForIds: table => `lock table ${table} in share row exclusive mode`,
  lastId: table => `select case when is_called then last_value end as "id" from ${table}_id_seq`,
  setLastId: (table, id) => [
    `select setval('${table}_id_seq', last)
      from (select greatest(${id}, max(id)) as last from ${table}) as ids where last > 0`,
  ],
  claim: 'select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as "free"',
  takeTurns: `select count(pg_advisory_xact_lock(hashtextextended(value, 0)))
    from (select value from jsonb_array_elements_text(?::jsonb) with ordinality as names (value, place) order by place) as names`,
  // Weaker than "for update" in one thing: a reply to the message may be stored meanwhile.
  forUpdate: 'for no key update',
  forRemoval: 'for update skip locked',

  // Everybody may see the names of sessions, whoever's they are.
  othersServing: `select 1 from pg_stat_activity where datname = current_database()
    and application_name in ('heliograph read', 'heliograph write') and pid <> pg_backend_pid()`,

  hasTable: `select 1 where ${TABLE} is not null`,
  plainIndexes: `select quote_ident(relname) as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid where indrelid = ${TABLE} and not indisunique`,
  beforeManyRows: [],
  gatherStatistics: table => `analyze ${table}`,
};

/** What no text of PostgreSQL's holds, so that it is equal to none; the server would refuse the one, the driver replace the other. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

const CASTS: Readonly<Record<CellType, string>> = { integer: '::bigint', text: '' };

/** A list as PostgreSQL writes arrays; every item in quotation marks, so that none is taken for null. */
function arrayText(values: readonly (string | number)[]): string {
  return `{${values.map(value => `"${String(value).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

import { type JsonCell, type JsonPiece, type JsonWriting } from '../dialect';

/** How PostgreSQL writes JSON. */
export const postgresJson: JsonWriting = {
  cell: jsonPieces,
  gathered: (select, columns) => {
    const names = Array.from({ length: columns }, (_, index) => `beside_${String(index)}`);
    const beside =
      columns === 0 ? 'count(*)' : `coalesce(json_agg(json_build_array(${names.join(', ')}))::text, '[]')`;
    return `select string_agg(text, chr(30)) as "texts", ${beside} as "beside" from (${select}) as page`;
  },
};

function jsonPieces({ column, kind, nullable = false }: JsonCell): readonly JsonPiece[] {
  const quoted = (sql: string): readonly JsonPiece[] =>
    nullable
      ? [{ sql: `case when ${column} is null then 'null' else '"' || ${sql} || '"' end` }]
      : [{ text: '"' }, { sql }, { text: '"' }];
  switch (kind) {
    case 'key':
    case 'word':
      return quoted(column);
    case 'number':
      return [{ sql: column }];
    case 'text':
      return [{ sql: `coalesce(to_json(${column})::text, 'null')` }];
    case 'json':
      return [{ sql: `coalesce(${column}::json::text, 'null')` }];
    case 'instant':
      return quoted(
        `case when ${column} between -${EXACT_MS} and ${EXACT_MS} then ${instantText(column)} else chr(30) end`,
      );
    case 'presence':
      return [{ sql: `case when ${column} is null then 'false' else 'true' end` }];
  }
}

/** Milliseconds on either side of 1970 that the server reckons with exactly; they reach from 1684 to 2255. */
const EXACT_MS = '9000000000000';

function instantText(column: string): string {
  return `to_char(timestamp 'epoch' + ${column} * interval '1 millisecond', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

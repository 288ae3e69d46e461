import { type JsonCell, type JsonPiece, type JsonWriting } from './dialect';

/** How SQLite writes JSON. */
export const sqliteJson: JsonWriting = {
  cell: jsonPieces,
  gathered: (select, columns) => {
    const names = Array.from({ length: columns }, (_, index) => `beside_${String(index)}`);
    const beside = columns === 0 ? 'count(*)' : `json_group_array(json_array(${names.join(', ')}))`;
    return `select cast(group_concat(text, char(30)) as blob) as "texts", ${beside} as "beside" from (${select})`;
  },
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

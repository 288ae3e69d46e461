import { type JsonWriting } from './dialect';

/** How SQLite writes JSON. */
export const sqliteJson: JsonWriting = {
  text: column => `json_quote(${column})`,
  json: column => `json(${column})`,
  // It knows no text of an instant beyond the year 9999.
  instant: column => `coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', ${column} / 1000.0, 'unixepoch'), char(30))`,
  gathered: (select, beside) => {
    const cells = beside.length === 0 ? 'count(*)' : `json_group_array(json_array(${beside.join(', ')}))`;
    return `select cast(group_concat(text, char(30)) as blob) as "texts", ${cells} as "beside" from (${select})`;
  },
};

import { type JsonWriting } from '../dialect';

/** Milliseconds on either side of 1970 that the server reckons with exactly; they reach from 1684 to 2255. */
const EXACT_MS = '9000000000000';

/** How PostgreSQL writes JSON. */
export const postgresJson: JsonWriting = {
  text: column => `coalesce(to_json(${column})::text, 'null')`,
  json: column => `${column}::json::text`,
  instant: column => `case when ${column} between -${EXACT_MS} and ${EXACT_MS}
    then to_char(timestamp 'epoch' + ${column} * interval '1 millisecond', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    else chr(30) end`,
  gathered: (select, beside) => {
    const cells =
      beside.length === 0
        ? 'count(*)'
        : `coalesce(json_agg(json_build_array(${beside.join(', ')}))::text, '[]')`;
    return `select string_agg(text, chr(30)) as "texts", ${cells} as "beside" from (${select}) as page`;
  },
};

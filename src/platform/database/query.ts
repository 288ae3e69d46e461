export type SqlValue = string | number | null;

/** Runs one statement and gives its rows. Values go in as parameters, never into the text. */
export type Query = <Row = unknown>(sql: string, parameters?: readonly SqlValue[]) => Promise<Row[]>;

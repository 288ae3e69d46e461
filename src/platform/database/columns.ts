import { type ColumnOptions, type ValueTransformer } from 'typeorm';

/**
 * How values lie in the store. Instants are whole milliseconds since 1970-01-01T00:00:00Z: one integer type on
 * every engine, exact, sortable, and never somebody's local time.
 */
const instant: ValueTransformer = {
  to: (value: Date | null | undefined) => value?.getTime() ?? null,
  from: (value: number | string | null) => (value === null ? null : new Date(Number(value))),
};

/** JSON kept as text, so that key order survives. */
const json: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (value: string | null) => (value === null ? null : (JSON.parse(value) as unknown)),
};

/** One integer type on every engine again. */
const truth: ValueTransformer = {
  to: (value: boolean) => (value ? 1 : 0),
  from: (value: number) => value === 1,
};

export const instantColumn: ColumnOptions = { type: 'integer', transformer: instant };
export const jsonColumn: ColumnOptions = { type: 'text', transformer: json };
export const booleanColumn: ColumnOptions = { type: 'integer', transformer: truth };

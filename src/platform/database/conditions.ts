import { ALWAYS, allOf, type Clause, clause, NEVER } from './clause';

/** What the filters of all subjects have in common: a list of values, any of which will do, and a range of instants. */

type Given<T> = T | null | undefined;

/** Bounds of an instant, all of which hold; null is the same as leaving a bound out, no bound at all holds always. */
export interface DateTimeRange {
  readonly gt?: Given<Date>;
  readonly gte?: Given<Date>;
  readonly lt?: Given<Date>;
  readonly lte?: Given<Date>;
  readonly isNull?: Given<boolean>;
}

/** Values in one list of a filter. */
const MAX_LIST_VALUES = 500;

/** Why a list of values is refused, as what follows the field's name in a sentence; null where it is welcome. */
export function listIssue(values: readonly unknown[]): string | null {
  if (values.length === 0) return 'must not be empty; leave it out for no such condition';
  return values.length > MAX_LIST_VALUES ? `must hold at most ${MAX_LIST_VALUES} values` : null;
}

/** One of a closed table's names. What goes into SQL is the table's text, never the caller's. */
export function amongNames<T extends string>(
  expression: string,
  known: readonly T[],
  values: readonly T[],
): Clause {
  const [first, ...others] = known.filter(value => values.includes(value));
  if (first === undefined) return NEVER;
  if (others.length === known.length - 1) return ALWAYS;
  if (others.length === 0) return clause(`${expression} = '${first}'`);
  return clause(`${expression} in (${[first, ...others].map(value => `'${value}'`).join(', ')})`);
}

export function withinRange(expression: string, range: DateTimeRange): Clause {
  const bounds = BOUNDS.flatMap(({ bound, sign }) => {
    const limit = range[bound];
    return limit ? [clause(`${expression} ${sign} ?`, limit.getTime())] : [];
  });
  const isNull = range.isNull ?? null;
  if (isNull !== null) bounds.push(clause(`${expression} is ${isNull ? 'null' : 'not null'}`));
  return allOf(bounds);
}

/** The same in memory. */
export function isWithinRange(value: Date | null, range: DateTimeRange): boolean {
  const isNull = range.isNull ?? null;
  if (isNull !== null && isNull !== (value === null)) return false;
  return BOUNDS.every(({ bound, holds }) => {
    const limit = range[bound];
    return !limit || (value !== null && holds(value.getTime(), limit.getTime()));
  });
}

const BOUNDS = [
  { bound: 'gt', sign: '>', holds: (a: number, b: number) => a > b },
  { bound: 'gte', sign: '>=', holds: (a: number, b: number) => a >= b },
  { bound: 'lt', sign: '<', holds: (a: number, b: number) => a < b },
  { bound: 'lte', sign: '<=', holds: (a: number, b: number) => a <= b },
] as const;

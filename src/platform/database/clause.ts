import { type SqlValue } from './query';

/** A condition in SQL: its text, which never holds a caller's value, and what goes in for its question marks. */
export interface Clause {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

export const ALWAYS: Clause = { sql: 'true', parameters: [] };
export const NEVER: Clause = { sql: 'false', parameters: [] };

export function clause(sql: string, ...parameters: readonly SqlValue[]): Clause {
  return { sql, parameters };
}

/** All of them; of none: always. What says nothing is left out, so that the text grows with the conditions alone. */
export function allOf(clauses: readonly Clause[]): Clause {
  if (clauses.includes(NEVER)) return NEVER;
  return joined(
    clauses.filter(each => each !== ALWAYS),
    ' and ',
    ALWAYS,
  );
}

/** At least one of them; of none: never. */
export function anyOf(clauses: readonly Clause[]): Clause {
  if (clauses.includes(ALWAYS)) return ALWAYS;
  return joined(
    clauses.filter(each => each !== NEVER),
    ' or ',
    NEVER,
  );
}

/** True wherever the clause is false or, because a value is absent, unknown. */
export function notTrue(negated: Clause): Clause {
  if (negated === ALWAYS) return NEVER;
  if (negated === NEVER) return ALWAYS;
  return { sql: `((${negated.sql}) is not true)`, parameters: negated.parameters };
}

function joined(clauses: readonly Clause[], word: ' and ' | ' or ', ofNone: Clause): Clause {
  const [first, ...others] = clauses;
  if (first === undefined) return ofNone;
  if (others.length === 0) return first;
  return {
    sql: `(${clauses.map(each => each.sql).join(word)})`,
    parameters: clauses.flatMap(each => each.parameters),
  };
}

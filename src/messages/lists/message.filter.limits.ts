import { listIssue } from '../../platform/database/conditions';
import { type Issue } from '../../platform/errors';
import { CONDITION_FIELDS, type ConditionField, type MessageFilter } from './message.filter.fields';
import { cleanText, textIssue } from '../../platform/text.rules';

/** Steps of `and`, `or` and `not` from the filter down to its innermost part. */
const MAX_FILTER_DEPTH = 4;
/** Fields given in all parts of a filter together; `and`, `or` and `not` themselves are not counted. */
const MAX_CONDITIONS = 50;
/** Of `q`, in code points. */
const MAX_SEARCH_LENGTH = 1_000;

/** Everything that is wrong with a filter; the paths begin with `filter`. */
export function filterIssues(filter: MessageFilter | null | undefined): readonly Issue[] {
  const issues: Issue[] = [];
  const conditions = check(filter ?? {}, ['filter'], 0, issues);
  if (conditions > MAX_CONDITIONS) {
    issues.push({ path: ['filter'], message: `must hold at most ${MAX_CONDITIONS} conditions in all` });
  }
  return issues;
}

/** @returns how many conditions stand in this part and below. */
function check(filter: MessageFilter, path: readonly string[], depth: number, issues: Issue[]): number {
  if (depth > MAX_FILTER_DEPTH) {
    issues.push({ path, message: `must not nest "and", "or" and "not" more than ${MAX_FILTER_DEPTH} deep` });
    return 0;
  }
  const fields = CONDITION_FIELDS.filter(field => (filter[field] ?? null) !== null);
  for (const field of fields) {
    const message = conditionIssue(filter, field);
    if (message !== null) issues.push({ path: [...path, field], message });
  }
  let conditions = fields.length;
  for (const word of ['and', 'or'] as const) {
    const parts = filter[word] ?? null;
    if (parts === null) continue;
    const message = listIssue(parts);
    if (message !== null) issues.push({ path: [...path, word], message });
    else
      parts.forEach((part, i) => (conditions += check(part, [...path, word, String(i)], depth + 1, issues)));
  }
  if (filter.not) conditions += check(filter.not, [...path, 'not'], depth + 1, issues);
  return conditions;
}

function conditionIssue(filter: MessageFilter, field: ConditionField): string | null {
  const value = filter[field];
  if (Array.isArray(value)) return listIssue(value);
  // What stored text cannot hold can be found nowhere; a caller that sends it has made a mistake and should know.
  if (field === 'q') return textIssue(cleanText(filter.q ?? ''), { max: MAX_SEARCH_LENGTH });
  return null;
}

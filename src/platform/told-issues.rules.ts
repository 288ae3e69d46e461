import { type Issue } from './errors';

/** Why a line is refused, in one line of text, with every problem but no value that it carries. */
export function describeIssues(issues: readonly Issue[]): string {
  const told = issues.slice(0, MAX_TOLD_ISSUES);
  const problems = told.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  const untold = issues.length - told.length;
  return [...problems, ...(untold > 0 ? [`and ${untold} more`] : [])].join('; ');
}

const MAX_TOLD_ISSUES = 20;

import { type ApiToken } from '../auth/token.entity';
import { tokenState } from '../auth/token.rules';

const HEADINGS = ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED', 'STATE'];
const NOTHING = '-';

/** Tokens as an aligned table with its headings, a line each; times in ISO 8601, UTC. */
export function tokenTable(tokens: readonly ApiToken[], now: Date): string {
  const rows = [HEADINGS, ...tokens.map(token => cellsOf(token, now))];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map(row => widthOf(row[column]))));
  return rows.map(row => lineOf(row, widths)).join('\n');
}

function cellsOf(token: ApiToken, now: Date): readonly string[] {
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  const times = [createdAt, expiresAt, lastUsedAt].map(time => time?.toISOString() ?? NOTHING);
  return [String(id), name, scopes.join(','), ...times, tokenState(token, now)];
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
    .join('  ')
    .trimEnd();
}

function widthOf(text = ''): number {
  return Array.from(text).length;
}

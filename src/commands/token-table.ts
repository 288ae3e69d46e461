import { type ApiToken } from '../auth/token.entity';
import { tokenState } from '../auth/token.rules';
import { tableOf } from './table';

const HEADINGS = ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED', 'STATE'];
const NOTHING = '-';

/** Tokens as an aligned table with its headings, a line each; times in ISO 8601, UTC. */
export function tokenTable(tokens: readonly ApiToken[], now: Date): string {
  return tableOf([HEADINGS, ...tokens.map(token => cellsOf(token, now))]);
}

function cellsOf(token: ApiToken, now: Date): readonly string[] {
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  const times = [createdAt, expiresAt, lastUsedAt].map(time => time?.toISOString() ?? NOTHING);
  return [String(id), name, scopes.join(','), ...times, tokenState(token, now)];
}

/**
 * Statements are written once for both engines, with `?` for each parameter; PostgreSQL counts them. No statement of
 * ours holds a question mark otherwise, and those that TypeORM writes hold none at all.
 */
export function numbered(sql: string): string {
  const known = translations.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const translation = sql.replace(/\?/g, () => `$${(count += 1)}`);
  if (sql.length > MAX_KEPT_LENGTH) return translation;
  if (translations.size >= MAX_TRANSLATIONS) translations.clear();
  translations.set(sql, translation);
  return translation;
}

const translations = new Map<string, string>();

/** Filters are put together in more ways than are worth remembering; a few hundred make up nearly all requests. */
const MAX_TRANSLATIONS = 1_000;
/** Characters of a statement that is remembered: callers choose the names in some, and with them their length. */
const MAX_KEPT_LENGTH = 10_000;

/**
 * Statements are written once for both engines, with `?` for each parameter; PostgreSQL counts them. No statement of
 * ours holds a question mark otherwise, and those that TypeORM writes hold none at all.
 */
export function numbered(sql: string): string {
  const known = translations.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const translation = sql.replace(/\?/g, () => `$${(count += 1)}`);
  if (translations.size >= MAX_TRANSLATIONS) translations.clear();
  translations.set(sql, translation);
  return translation;
}

const translations = new Map<string, string>();

/** Filters are put together in more ways than are worth remembering; a few hundred make up nearly all requests. */
const MAX_TRANSLATIONS = 1_000;

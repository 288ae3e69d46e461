import { foldCase } from '../../platform/text.rules';

/** Stands between title and message so that no search matches across them: a character that neither can hold. */
const SEPARATOR = '\u001f';

/** What `q` looks in: both texts with their case folded. */
export function searchTextOf(title: string | null, message: string): string {
  return foldCase(title ?? '') + SEPARATOR + foldCase(message);
}

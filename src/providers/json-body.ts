import { type RawRequest } from './provider.kinds';
import { bodyText } from './raw-request';

/**
 * Levels of objects and lists. No service nests as deep; what walks through the value later must not exhaust the
 * stack.
 */
const MAX_JSON_DEPTH = 64;

export type JsonReading = { readonly value: unknown } | { readonly unreadable: string };

/** The body as JSON, whatever it says of its type. */
export function readJson(request: RawRequest): JsonReading {
  const text = bodyText(request).replace(/^\ufeff/, '');
  if (isTooDeep(text)) return { unreadable: `the body is nested more than ${MAX_JSON_DEPTH} deep` };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { unreadable: 'the body is not JSON' };
  }
}

/** Counts brackets outside of texts, in one walk; exact for JSON, and for anything else the parser has its say. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') inText = !inText;
    else if (inText) at += character === '\\' ? 1 : 0;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}

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
    return { value: exactJson(text) };
  } catch {
    return { unreadable: 'the body is not JSON' };
  }
}

/**
 * What JSON says, but for whole numbers that JavaScript cannot tell from their neighbours: they become texts of the same
 * digits. As numbers, two ids beyond 2^53 could be one.
 * @throws SyntaxError
 */
export function exactJson(text: string): unknown {
  return JSON.parse(MANY_DIGITS.test(text) ? withLongNumbersAsTexts(text) : text);
}

const MANY_DIGITS = /\d{16}/;
const WHOLE_NUMBER = /^-?[1-9]\d*$/;

/** In one walk, as such a text may be long and hostile. */
function withLongNumbersAsTexts(text: string): string {
  const pieces: string[] = [];
  let done = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') inText = !inText;
    else if (inText) at += character === '\\' ? 1 : 0;
    else if (IN_NUMBER.test(character)) {
      const start = at;
      while (IN_NUMBER.test(text[at + 1] ?? '')) at += 1;
      const number = text.slice(start, at + 1);
      if (!WHOLE_NUMBER.test(number) || Number.isSafeInteger(Number(number))) continue;
      pieces.push(text.slice(done, start), `"${number}"`);
      done = at + 1;
    }
  }
  return [...pieces, text.slice(done)].join('');
}

const IN_NUMBER = /[\d.eE+-]/;

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

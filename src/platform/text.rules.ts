/**
 * The text as it is stored: CRLF and CR become LF, and Unicode's normal form C makes what looks equal be equal.
 * Text is cleaned before anything else looks at it: a limit counts what will be stored. (One that piles up marks keeps its
 * form: `textIssue` refuses it.)
 */
export function cleanText(value: string): string {
  const withNewlines = value.includes('\r') ? value.replace(/\r\n?/g, '\n') : value;
  return normalForm(withNewlines);
}

/** Normal form C, but of a text that piles up marks the text itself: to order a pile takes the square of its height. */
export function normalForm(text: string): string {
  return pilesUp(text) ? text : text.normalize('NFC');
}

/**
 * Normal form C of any text, for what must not be refused: U+034F goes between the marks of a pile that is too high, which
 * shows nothing and lets none of them pass. (So does the stream-safe format of UAX #15.)
 */
export function mendedForm(text: string): string {
  // Some marks are two marks in normal form.
  return brokenUp(brokenUp(text).normalize('NFC'));
}

/** Marks on one character. By UAX #15 even 30 are far more than any writing needs. */
const MAX_MARKS = 100;

/** Whether more marks follow each other than any writing has. */
export function pilesUp(text: string): boolean {
  // So many in a row lie across one of these places, so that few characters have to be looked at.
  for (let at = MAX_MARKS; at < text.length; at += MAX_MARKS + 1) {
    MARKS_AROUND.lastIndex = at;
    const [after = '', before = ''] = MARKS_AROUND.exec(text) ?? [];
    if (before.length + after.length > MAX_MARKS && Array.from(before + after).length > MAX_MARKS)
      return true;
  }
  return false;
}

function brokenUp(text: string): string {
  if (!pilesUp(text)) return text;
  return text.replace(MARKS, marks => marks.replace(FULL_PILE, '$&\u034f'));
}

interface TextLimits {
  /** In code points. */
  readonly max: number;
  /** Whether nothing, or nothing but white space, will do. Default: false. */
  readonly mayBeBlank?: boolean;
  /** Whether tab and newline are welcome, as in prose; ids hold neither. Default: true. */
  readonly multiline?: boolean;
}

/**
 * Why a cleaned text is refused, as what follows the field's name in a sentence ("must not be blank"), or null
 * where it is welcome. Never holds the text itself. Blank is what has nothing but Unicode white space.
 */
export function textIssue(value: string, limits: TextLimits): string | null {
  const { max, mayBeBlank = false, multiline = true } = limits;
  // The length comes first, so that the searches below run over a bounded text.
  if (isLongerThan(value, max)) return `must have at most ${max} characters`;
  if (pilesUp(value)) return `must not pile up more than ${MAX_MARKS} combining marks on one character`;
  if (!mayBeBlank && !NOT_WHITE_SPACE.test(value)) return 'must not be blank';
  if (LONE_SURROGATE.test(value)) return HALF_A_CHARACTER;
  if (multiline && CONTROL_IN_PROSE.test(value)) {
    return 'must not hold control characters other than tab and newline';
  }
  if (!multiline && CONTROL.test(value)) return 'must not hold control characters, tabs or newlines';
  return null;
}

/**
 * Why a text cannot be kept as it is, whatever else may be wrong with it, or null where it can: engines refuse, cut or
 * replace U+0000 and lone surrogates, each in its own way, also inside JSON.
 */
export function unkeepableIssue(value: string): string | null {
  if (value.includes('\0')) return 'must not hold U+0000';
  return LONE_SURROGATE.test(value) ? HALF_A_CHARACTER : null;
}

/**
 * The text with its case folded, for substring search: two texts that differ in case only fold to the same text.
 *
 * This is Unicode's full case folding followed by NFC, the same for stored text and for queries. It knows no
 * language (a Turkish `İ` is an `i` with a dot on any machine) and no context (a final sigma is a sigma): however
 * a text is cut, its parts fold to what they are in the whole, so a query finds itself in any text that holds it
 * (unless an accent behind it makes another letter of its last one: `e` is not in `é`).
 */
export function foldCase(value: string): string {
  if (!NOT_ASCII.test(value)) return value.toLowerCase();
  // Down, up and down again: `ẞ` has only a small form that has a long one, `ẞ` -> `ß` -> `SS` -> `ss`.
  const folded = value
    .toLowerCase()
    .replace(ALL_BUT_DOTLESS_I, run => run.toUpperCase())
    .replace(ALL_BUT_CHEROKEE_CAPITALS, run => run.toLowerCase())
    .replaceAll('ς', 'σ');
  return normalForm(folded);
}

const HALF_A_CHARACTER = 'must not hold half a character (a lone surrogate)';
const NOT_ASCII = /\P{ASCII}/u;
const NOT_WHITE_SPACE = /\P{White_Space}/u;
const LONE_SURROGATE = /\p{Surrogate}/u;
const CONTROL = /\p{Control}/u;
const CONTROL_IN_PROSE = /[^\P{Control}\t\n]/u;

/** Those on both sides of a place; U+034F is one by its name, and parts others. */
const MARKS_AROUND = /(?<=((?:(?!\u034f)\p{Mark}){0,101}))(?:(?!\u034f)\p{Mark}){0,101}/uy;
const MARKS = /(?:(?!\u034f)\p{Mark})+/gu;
const FULL_PILE = /.{100}(?=.)/gsu;

/** `ı` folds to itself; its capital is a plain `I`, from which there would be no way back. */
const ALL_BUT_DOTLESS_I = /[^ı]+/g;
/** Cherokee alone folds to its capitals: its small letters came to Unicode later, and folding must stay stable. */
const ALL_BUT_CHEROKEE_CAPITALS = /[^Ꭰ-Ᏽ]+/g;

/** Counts no further than it must: a text far too long is known by its UTF-16 length alone. */
function isLongerThan(value: string, max: number): boolean {
  if (value.length <= max) return false;
  if (value.length > 2 * max) return true;
  let pairs = 0;
  for (let i = 0; i < value.length - 1; i += 1) {
    if ((value.codePointAt(i) ?? 0) > 0xffff) {
      pairs += 1;
      i += 1;
    }
  }
  return value.length - pairs > max;
}

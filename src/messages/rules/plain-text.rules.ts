import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { normalForm } from '../../platform/text.rules';

/**
 * The message as plain text. It equals the message unless that holds an HTML element: `<`, a letter, and some `>`
 * behind. Then tags and comments go, and so does what `script`, `style`, `title` and `iframe` hold; entities are
 * decoded. `br` and block elements become newlines; paragraphs, headings and quotations stand apart by an empty
 * line; there is never more than one empty line, and none at either end. A link keeps its text, not its address;
 * a list item gets no bullet; the cells of a table row are parted by a space. Line breaks and runs of spaces in
 * the source count as one space, as in a browser, but are kept inside `pre` and where the message's only HTML is
 * inline (`<b>`, `<a>`, …). What looks like HTML but is not (`I <3 you`, a tag that is never closed) stays.
 */
export function plainText(message: string): string {
  return holdsElement(message) ? htmlToText(message) : message;
}

/** What a label can be made of. A blank title counts as none. */
interface LabelFields {
  readonly id: string | number | null;
  readonly title: string | null;
  /** The message as plain text; asked for only where there is no title. */
  readonly text: string;
}

/**
 * A short human name: the title; else the first line of the plain text that is not blank, at most 80 code points
 * of it and `…` where it goes on; else `Message 12`. Whole characters only: an emoji that would not fit is left out.
 */
export function labelOf(fields: LabelFields): string {
  const { id, title } = fields;
  if (title !== null && title.trim() !== '') return title;
  const [firstLine] = /\S[^\n]*/.exec(fields.text) ?? [];
  if (firstLine !== undefined) return cutToLabel(firstLine.trimEnd());
  return id === null ? 'Message' : `Message ${id}`;
}

const LABEL_CODE_POINTS = 80;

/** Ends a line and leaves an empty one. */
const PARAGRAPHS: ReadonlySet<string> = new Set(['blockquote', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p']);

/** Ends a line. */
const BLOCKS: ReadonlySet<string> = new Set(
  `address article aside body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form
  header hgroup hr html legend li listing main menu nav ol option plaintext pre search section summary table tbody
  textarea tfoot thead tr ul xmp`.split(/\s+/),
);

const TABLE_CELLS: ReadonlySet<string> = new Set(['td', 'th']);

/** What a browser does not show as text. None of these can hold another element. */
const UNSEEN: ReadonlySet<string> = new Set(['iframe', 'noembed', 'noframes', 'script', 'style', 'title']);

/** Source line breaks mean nothing in a message that has its own way to end a line. */
const ENDS_LINES = new RegExp(`<(?:br|${[...PARAGRAPHS, ...BLOCKS].join('|')})[\\s/>]`, 'i');

const CONTROL_IN_PROSE = /[^\P{Control}\t\n]/u;

function holdsElement(message: string): boolean {
  const start = message.search(/<[a-z]/i);
  return start !== -1 && message.includes('>', start);
}

/**
 * Walks over the tags and fills lines. This uses the tokenizer without the parser above it, for the parser keeps
 * a stack of the open elements, and thousands of them that are never closed take quadratic time.
 */
function htmlToText(message: string): string {
  const html = escapeUnclosedTag(message);
  const lines = new Lines(!ENDS_LINES.test(html));
  let unseen: string | null = null;
  const nameAt = (start: number, end: number): string => html.slice(start, end).toLowerCase();
  const ignore = (): undefined => undefined;

  const callbacks: TokenizerCallbacks = {
    ontext: (start, end) => {
      if (unseen === null) lines.write(html.slice(start, end));
    },
    ontextentity: codePoint => {
      const character = String.fromCodePoint(codePoint);
      // `&#1;` must not bring in what a message may not hold.
      if (unseen === null && !CONTROL_IN_PROSE.test(character)) lines.write(character);
    },
    onopentagname: (start, end) => {
      const name = nameAt(start, end);
      if (UNSEEN.has(name)) unseen = name;
      else separate(lines, name);
      if (name === 'pre') lines.keepSpace();
    },
    onclosetag: (start, end) => {
      const name = nameAt(start, end);
      if (name === unseen) unseen = null;
      else separate(lines, name);
      if (name === 'pre') lines.foldSpace();
    },
    onattribdata: ignore,
    onattribentity: ignore,
    onattribend: ignore,
    onattribname: ignore,
    oncdata: ignore,
    oncomment: ignore,
    ondeclaration: ignore,
    onend: ignore,
    onopentagend: ignore,
    onprocessinginstruction: ignore,
    onselfclosingtag: ignore,
  };
  const tokenizer = new Tokenizer({}, callbacks);
  tokenizer.write(html);
  tokenizer.end();
  // Where a tag stood between a letter and its accent, they meet only now.
  return normalForm(lines.toText());
}

/** No tag can begin behind the last `>`; left to itself, the tokenizer would take `<b` there for one and drop it. */
function escapeUnclosedTag(message: string): string {
  const end = message.lastIndexOf('>') + 1;
  return message.slice(0, end) + message.slice(end).replaceAll('<', '&lt;');
}

/** Opening and closing a block come to the same: what follows stands on a line of its own. */
function separate(lines: Lines, name: string): void {
  if (name === 'br') lines.breakLine();
  else if (PARAGRAPHS.has(name)) lines.endParagraph();
  else if (BLOCKS.has(name)) lines.endBlock();
  else if (TABLE_CELLS.has(name)) lines.write(' ');
}

/** The lines so far and the one that is being written, with white space either kept or folded. */
class Lines {
  private readonly finished: string[] = [];
  private current = '';
  private keepsSpace: boolean;

  constructor(private readonly alwaysKeepsSpace: boolean) {
    this.keepsSpace = alwaysKeepsSpace;
  }

  write(text: string): void {
    this.current += text;
  }

  keepSpace(): void {
    this.keepsSpace = true;
  }

  foldSpace(): void {
    this.keepsSpace = this.alwaysKeepsSpace;
  }

  /** Ends the line even if it is empty: two breaks in a row leave an empty line. */
  breakLine(): void {
    if (this.keepsSpace) {
      for (const line of this.current.split('\n')) this.finished.push(line.trimEnd());
    } else {
      this.finished.push(this.current.replace(/[\t\n ]+/g, ' ').trim());
    }
    this.current = '';
  }

  /** Ends the line if anything stands on it: blocks that begin or end together share one newline. */
  endBlock(): void {
    if (this.current.trim() === '') this.current = '';
    else this.breakLine();
  }

  endParagraph(): void {
    this.endBlock();
    this.finished.push('');
  }

  toText(): string {
    this.endBlock();
    const kept = this.finished.filter((line, i) => line !== '' || (this.finished[i - 1] ?? '') !== '');
    if (kept.at(-1) === '') kept.pop();
    return kept.join('\n');
  }
}

/** Made once and lazily, as it is slow to make and few labels need it. */
let graphemes: Intl.Segmenter | undefined;

function cutToLabel(line: string): string {
  if (line.length <= LABEL_CODE_POINTS) return line;
  let end = 0;
  for (let count = 0; count < LABEL_CODE_POINTS && end < line.length; count += 1) {
    end += (line.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  if (end === line.length) return line;
  if (!mayJoin(line.charCodeAt(end - 1)) && !mayJoin(line.charCodeAt(end))) return `${line.slice(0, end)}…`;
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  // Whether a character ends here shows in the one code point behind: no need to read all of a long line.
  const boundary = graphemes.segment(line.slice(0, end + 2)).containing(end)?.index ?? end;
  // One letter under 80 accents is cut all the same: a label has to show something.
  return `${line.slice(0, boundary === 0 ? end : boundary)}…`;
}

/** Whether a character may be part of a longer one. Those below the first accent never are; asking takes a tenth of a page. */
function mayJoin(unit: number): boolean {
  return unit >= FIRST_COMBINING;
}

const FIRST_COMBINING = 0x300;
